"""Results draw themselves by name: each name is a public function of the drawing package, with signature and help."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

import corridors
import corridors.plot
from corridors.base.drawing import answered, drawn


def _classes() -> Iterator[type]:
    """Yield every class of the package, once."""
    seen = set()
    for info in pkgutil.walk_packages(corridors.__path__, "corridors."):
        for thing in vars(importlib.import_module(info.name)).values():
            if inspect.isclass(thing) and thing.__module__.startswith("corridors.") and thing not in seen:
                seen.add(thing)
                yield thing


DRAWN = {
    f"{owner.__name__}.{name}": (owner, name, value.name)
    for owner in _classes()
    for name, value in vars(owner).items()
    if isinstance(value, drawn) and not isinstance(value, answered)
}


def test_results_that_draw_themselves_are_found() -> None:
    owners = {
        "Appraisal", "Carried", "Comparison", "Distribution", "Landed", "Network", "Outlook", "Plan", "Reach",
        "Response", "Route", "Split", "Timeline", "Utilisation", "ValueOfTime", "Watershed",
    }  # fmt: skip
    assert {key.partition(".")[0] for key in DRAWN} == owners
    assert {"Route.plot", "Route.tornado", "Comparison.slope", "Network.explore", "Reach.plot"} <= set(DRAWN)


@pytest.mark.parametrize("key", sorted(DRAWN))
def test_what_draws_is_a_public_function_with_signature_and_help(key: str) -> None:
    owner, name, function_name = DRAWN[key]
    assert function_name in corridors.plot.__all__
    function, method = getattr(corridors.plot, function_name), getattr(owner, name)
    signature = inspect.signature(function)
    assert inspect.signature(method) == signature
    assert "Parameters\n----------\n" in (inspect.getdoc(method) or "")
    bound = getattr(object.__new__(owner), name)
    assert list(inspect.signature(bound).parameters) == list(signature.parameters)[1:]


@pytest.mark.parametrize("name", [n for n in corridors.plot.__all__ if inspect.isfunction(getattr(corridors.plot, n))])
def test_every_option_is_shown_with_its_default_and_explained(name: str) -> None:
    function = getattr(corridors.plot, name)
    text = f"\n{inspect.getdoc(function)}"
    explained = {part for line in text.split("\n") if line and line[0] != " " for part in line.split(", ")}
    for option in inspect.signature(function).parameters.values():
        assert option.kind is not option.VAR_KEYWORD, f"{name} hides its options"
        if "Parameters\n" in text:
            assert option.name in explained, f"{option.name} of {name} is not explained"


def test_a_misspelt_option_is_named(net: corridors.Network) -> None:
    with pytest.raises(corridors.InputError, match="no option 'lable'; did you mean 'labels'"):
        net.plot(lable=False)
    route = net.route("Termez", "Kabul")
    with pytest.raises(corridors.InputError, match="no option 'colour'; it takes title, note, width_cm"):
        route.tornado(colour="red")


def test_drawing_is_not_loaded_with_the_package() -> None:
    code = "import sys, corridors; sys.exit('matplotlib' in sys.modules or 'corridors.plot' in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0
