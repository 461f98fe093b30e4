"""Laws that hold on any network: the same question asked of a network that says the same in another way."""

from __future__ import annotations

import pickle
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.formats import FORMATS
from laws.worlds import IDS, PLACES, TIMES, World, worlds
from support.networks import make

pytestmark = [
    pytest.mark.filterwarnings("ignore::corridors.ClosedCrossingWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


GENERATE = (Phase.explicit, Phase.generate)
"""To make a failing world smaller takes minutes."""


def hours(net: co.Network, cargo: str = "container") -> np.ndarray:
    return net.matrix(IDS, IDS, "hours", cargo=cargo).to_numpy()


@settings(max_examples=8 * TIMES, phases=GENERATE)
@given(worlds(), st.data())
def test_close_and_open_undo_each_other_and_the_last_word_counts(world: World, data: st.DataObject) -> None:
    net = world.unseen()
    pairs = sorted({"-".join(sorted(p["country"] for p in PLACES if p["id"] in (x["place_a"], x["place_b"])))
                    for x in world.crossings})  # fmt: skip
    names = [x["id"] for x in (*world.links[1:], *world.crossings)] + pairs
    one, other = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
    assert net.close(one).open(one).closed == net.closed
    assert net.close(one).open(one).links["in_use"].equals(net.links["in_use"])
    assert net.close(one).close(one).view == net.close(one).view
    assert net.close(one).close(other).view == net.close(other).close(one).view
    shut = net.close(one)
    np.testing.assert_array_equal(hours(shut.open(one)), hours(net))
    assert (hours(shut) >= hours(net) - 1e-9).all()
    # the last word: whatever was opened before, what is closed now is closed
    again = net.open(other).close(one)
    assert one in again.closed
    assert (hours(again) >= hours(net) - 1e-9).all()
    # what a date closes can be opened by hand, and closed again
    dated = world.network()
    for name in [name for name in dated.closed if name in names]:
        assert name not in dated.open(name).closed
        assert dated.open(name).close(name).closed == dated.closed


@settings(max_examples=8 * TIMES, phases=GENERATE)
@given(worlds(), st.permutations(IDS), st.sampled_from(["wagon", "container", "truck"]))
def test_names_do_not_matter(world: World, mixed: list[str], cargo: str) -> None:
    renamed = dict(zip(IDS, [f"n{name[1]}" for name in mixed], strict=True))
    columns = ("id", "from_id", "to_id", "place", "place_a", "place_b", "target")

    def changed(rows: list) -> list:
        return [{k: renamed.get(v, v) if k in columns else v for k, v in row.items()} for row in rows]

    tables = {name: changed(rows) if name != "parameters" else rows for name, rows in world.tables().items()}
    other = make(changed(PLACES), changed(world.links), **tables)
    found = other.matrix([renamed[i] for i in IDS], [renamed[i] for i in IDS], "hours", cargo=cargo).to_numpy()
    np.testing.assert_allclose(found, hours(world.unseen(), cargo), rtol=1e-12)


@settings(max_examples=4 * TIMES, phases=GENERATE)
@given(worlds())
def test_links_that_run_the_other_way_are_the_same(world: World) -> None:
    opposite = {"to": "from", "from": "to", "": ""}
    links = []
    for row in world.links:
        turned = {**row, "from_id": row["to_id"], "to_id": row["from_id"]}
        if "border_km" in row:
            turned["border_km"] = row["length_km"] - row["border_km"]
        if "head_haul" in row:
            turned["head_haul"] = opposite[row["head_haul"]]
        links.append(turned)
    other = World(**{**vars(world), "links": links})
    for cargo in ("wagon", "truck"):
        np.testing.assert_allclose(hours(other.network(), cargo), hours(world.network(), cargo), rtol=1e-12)


@settings(max_examples=2 * TIMES, phases=GENERATE)
@given(worlds())
def test_every_format_and_the_graph_bring_the_network_back(world: World) -> None:
    net = world.network()
    ways = {"graph": co.Network.from_graph(net.graph()), "pickle": pickle.loads(pickle.dumps(net))}  # noqa: S301
    with tempfile.TemporaryDirectory() as folder:
        for name, kind in FORMATS.items():
            if not kind.lost:
                ways[name] = co.read(net.write(Path(folder, name, f"net{kind.ending}"), format=name), format=name)
    for name, again in ways.items():
        assert again.view == net.view, name
        np.testing.assert_allclose(hours(again), hours(net), rtol=1e-9, err_msg=name)


@settings(max_examples=8 * TIMES, phases=GENERATE)
@given(worlds())
def test_merging_with_itself_and_simplifying_keep_every_way(world: World) -> None:
    net = world.network()
    np.testing.assert_array_equal(hours(net.merge(net)), hours(net))
    simple = net.simplify()
    kept = [i for i in IDS if i in set(simple.places.index)]
    if len(kept) > 1:
        found = simple.matrix(kept, kept, "hours", cargo="container")
        np.testing.assert_allclose(found, net.matrix(kept, kept, "hours", cargo="container"), rtol=1e-9)


@settings(max_examples=6 * TIMES, phases=GENERATE)
@given(worlds())
def test_what_opens_and_never_closes_makes_nothing_longer(world: World) -> None:
    rng = np.random.default_rng(len(world.links))
    links = [{**row, "opened": str(rng.integers(1995, 2025))} for row in world.links]
    net = World(**{**vars(world), "links": links, "closures": []}).unseen()
    before: np.ndarray | None = None
    for year in ("1994", "2000", "2010-06", "2020", "2026-01"):
        found = hours(net.at(year))
        assert before is None or (found <= before + 1e-9).all()
        before = found


@settings(max_examples=2 * TIMES, phases=GENERATE)
@given(worlds(), st.integers(0, 2**31))
def test_a_seed_is_a_result_whatever_does_the_work(world: World, seed: int) -> None:
    net = world.network()
    parameters = net.parameters.assign(low=lambda rows: 0.8 * rows["value"], high=lambda rows: 1.3 * rows["value"])
    wide = co.Network.from_tables(**{**net.tables.frames, "parameters": parameters[net.tables["parameters"].columns]})
    asked = {"draws": 30, "seed": seed, "cargo": "container"}
    first = co.simulate(wide, IDS[:3], IDS[3:], **asked)
    with ThreadPoolExecutor(3) as pool:
        threads = co.simulate(wide, IDS[:3], IDS[3:], executor=pool, **asked)
    assert first.samples is not None
    np.testing.assert_array_equal(first.samples, threads.samples)
    fewer = co.simulate(wide, IDS[:3], IDS[3:], **{**asked, "draws": 10})
    np.testing.assert_array_equal(first.samples[:, :10], fewer.samples)
    other = co.simulate(wide, IDS[:3], IDS[3:], **{**asked, "seed": seed + 1})
    reached = np.isfinite(first.samples)
    assert not reached.any() or not np.array_equal(first.samples[reached], other.samples[reached])
    assert isinstance(first.table(), pd.DataFrame)
