"""Shares of ways of a pair: table, bands, gateways, and what is common between scenarios."""

from __future__ import annotations

import numpy as np
import pytest

import corridors as co
from corridors.trade.shares import Split

TWO = co.Logit(ways=2)


@pytest.fixture(scope="module")
def flour() -> Split:
    return co.split(co.load(), "Tashkent", "Kabul", commodity="flour", choice=TWO, draws=300)


def test_shares_are_those_of_the_formula(flour: Split) -> None:
    table = flour.table()
    value = np.exp(-0.05 * table["generalized_usd_t"]) * table["path_size"]
    assert table["share"].to_numpy() == pytest.approx((value / value.sum()).to_numpy())
    assert flour.logsum_usd_t == pytest.approx(-np.log(value.sum()) / 0.05)
    assert set(table["cargo"]) <= {"wagon", "container", "truck"}
    assert table["generalized_usd_t"].is_monotonic_increasing


def test_bands_hold_the_draws(flour: Split) -> None:
    samples, table = flour.samples(), flour.table()
    assert samples.shape == (300, len(table))
    assert samples.sum(axis=1) == pytest.approx(1)
    assert table["p50"].to_numpy() == pytest.approx(np.median(samples, axis=0))
    assert ((table["p05"] <= table["p50"]) & (table["p50"] <= table["p95"])).all()
    assert (table["p95"] - table["p05"]).max() > 0.05


def test_draws_are_those_of_the_route(flour: Split) -> None:
    route = flour.ways.routes[0]
    alone = route.distribution("generalized", draws=300, spread="knowledge").samples
    assert flour.costs()[:, 0] == pytest.approx(alone)


def test_gateways_add_up(flour: Split) -> None:
    table = flour.table()
    through = table["crossings"].str.split(";").map(lambda some: "galaba-hairatan" in some)
    assert flour.by("crossing").loc["galaba-hairatan", "share"] == pytest.approx(table["share"][through].sum())
    assert flour.by("cargo")["share"].sum() == pytest.approx(1)
    assert flour.by("mode")["share"].sum() == pytest.approx(1)
    assert flour.by("country").loc["AF", "share"] == pytest.approx(1)
    assert flour.by("link")["share"].max() <= 1 + 1e-9
    with pytest.raises(co.InputError, match="did you mean 'crossing'"):
        flour.by("crossings")


def test_scale_moves_with_its_range(net: co.Network) -> None:
    options = {"cargo": "truck", "choice": TWO}
    sharp = co.split(net, "Tashkent", "Kabul", scale_t_usd=0.1, **options)
    flat = co.split(net, "Tashkent", "Kabul", scale_t_usd=0.02, **options)
    assert sharp.table()["share"].iloc[0] > flat.table()["share"].iloc[0]
    assert sharp.ways.logit.scale_range_t_usd == pytest.approx((0.04, 0.2))
    assert flat.summary()["scale_t_usd"] == 0.02


def test_scenarios_share_their_draws(net: co.Network) -> None:
    options = {"commodity": "flour", "choice": TWO, "draws": 100}
    today = co.split(net, "Tashkent", "Kabul", **options)
    again = co.split(net.close("torkham"), "Tashkent", "Kabul", **options)
    assert again.logsums() == pytest.approx(today.logsums())
    built = co.split(net.build("uap-kabul"), "Tashkent", "Kabul", **options)
    saved = today.logsums() - built.logsums()
    assert saved.std() < 0.5 * today.logsums().std()
    assert np.median(saved) > 0


def test_nests_put_units_together(net: co.Network) -> None:
    plain = co.split(net, "Tashkent", "Kabul", commodity="flour", choice=TWO, draws=0)
    nested = co.split(net, "Tashkent", "Kabul", commodity="flour", choice=co.Logit(ways=2, nests="mode"), draws=0)
    assert nested.table()["share"].sum() == pytest.approx(1)
    assert nested.logsum_usd_t > plain.logsum_usd_t
    assert list(nested.table().columns) == list(plain.table().columns)
    assert "p05" not in plain.table()


def test_it_is_shown(flour: Split) -> None:
    assert "an assumption" in str(flour)
    assert "Tashkent - Kabul, flour" in str(flour)
    assert "share %" in flour._repr_html_()
    assert flour.summary()["ways"] == len(flour.table())
    drawing = flour.plot()
    bars = [bar.get_width() for bar in drawing.ax.patches if bar.get_gid() == "share"]
    assert bars == pytest.approx((100 * flour.table()["share"]).tolist())
    assert len(flour.plot(by="crossing").ax.patches) == len(flour.by("crossing"))


def test_what_cannot_be_is_named(net: co.Network) -> None:
    with pytest.raises(co.InputError, match="a good, such as 'flour'"):
        co.split(net, "Tashkent", "Kabul")
    with pytest.raises(co.InputError, match="sulphur travels by wagon"):
        co.split(net, "Tashkent", "Kabul", commodity="sulphur", cargo="truck")
    with pytest.raises(co.InputError, match="draws"):
        co.split(net, "Tashkent", "Kabul", cargo="truck", draws=-3)
    with pytest.raises(co.InputError, match="makes a split with draws"):
        co.split(net, "Tashkent", "Kabul", cargo="truck", choice=TWO, draws=0).samples()
    with pytest.raises(co.UnknownOptionError, match="scale_t_usd"):
        co.split(net, "Tashkent", "Kabul", cargo="truck", scale_usd=1)
