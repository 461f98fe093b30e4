"""Networks by name, from whatever stands for them: networks, scenarios, names of bundled scenarios, lists, dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from corridors.base.errors import InputError
from corridors.network.network import Network
from corridors.whatif.scenario import Scenario, scenario

Named: TypeAlias = Network | Scenario | str
"""A network, a scenario, or the name of a bundled scenario (`uap-kabul`, `uap-kabul/long`)."""

Scenarios: TypeAlias = Named | Mapping[str, Named] | Iterable[Named]
"""A network, or networks and scenarios by name or in a list, of which the first is a network: the base."""

BASE = "base"
"""Name of the base where it is not given one."""

FORM = "a network, or a dict or list of networks and scenarios that begins with a network, the base"


def named_networks(scenarios: Scenarios, *, base: Scenarios | None = None) -> dict[str, Network]:
    """Networks of scenarios by name, the base first; scenarios are applied to the base.

    Parameters
    ----------
    scenarios
        A network, or networks, scenarios and names of bundled scenarios, by name or in a list. The first is the base
        and a network. The base of a list, and a single network, is called `base`; others in a list have their names.
    base
        The base, where `scenarios` are what stands beside it; or the base and more, as in `scenarios`.

    Raises
    ------
    InputError
        If there is none, the first is no network, or two have one name.
    UnknownNameError
        If there is no bundled scenario of a name, with near matches.

    >>> import corridors as co
    >>> list(named_networks([co.load(), "uap-kabul", "uap-kabul/long"]))
    ['base', 'uap-kabul', 'uap-kabul/long']
    >>> list(named_networks({"existing lines": co.load(), "Kabul corridor": "uap-kabul"}))
    ['existing lines', 'Kabul corridor']
    """
    networks: dict[str, Network] = {}
    for name, one in named_scenarios(scenarios, base=base).items():
        networks[name] = one if isinstance(one, Network) else one.apply(next(iter(networks.values())))
    return networks


def named_scenarios(scenarios: Scenarios, *, base: Scenarios | None = None) -> dict[str, Network | Scenario]:
    """Networks and scenarios by name, the base first, before scenarios are applied; else as `named_networks`.

    Parameters
    ----------
    scenarios, base
        As in `named_networks`; the errors are the same.

    >>> import corridors as co
    >>> named_scenarios(["uap-kabul"], base=co.load())["uap-kabul"].title
    'Kabul corridor'
    """
    given = [] if base is None else _items(base, BASE)
    given += _items(scenarios, "" if given else BASE)
    names = [name for name, _ in given]
    if not given or not isinstance(given[0][1], Network):
        raise InputError("scenarios", names, FORM)
    if len(set(names)) < len(names):
        raise InputError("scenarios", names, "a name of its own for every scenario, such as in a dict")
    return {name: scenario(one) if isinstance(one, str) else one for name, one in given}


def named_beside_base(scenarios: Scenarios, base: Scenarios) -> tuple[dict[str, Network | Scenario], Network]:
    """Networks and scenarios by name, of which at least one stands beside the base, and the base.

    Parameters
    ----------
    scenarios, base
        As in `named_networks`.

    Raises
    ------
    InputError
        If there is no scenario beside the base; and as in `named_networks`.

    >>> import corridors as co
    >>> named_beside_base(["uap-kabul"], co.load())[1].name
    'reference'
    """
    named = named_scenarios(scenarios, base=base)
    if len(named) < 2:
        raise InputError("scenarios", list(named), "at least one scenario beside the base")
    return named, next(one for one in named.values() if isinstance(one, Network))


def under(setting: Scenario, named: Mapping[str, Network | Scenario]) -> dict[str, Network | Scenario]:
    """Same networks and scenarios with a change of the networks, which scenarios have with their base.

    Parameters
    ----------
    setting
        The change.
    named
        Networks and scenarios by name.

    >>> import corridors as co
    >>> named, base = named_beside_base(["uap-kabul"], co.load())
    >>> shut = under(co.Scenario("shut").close("AF-PK"), named)
    >>> shut["base"].closed, shut["uap-kabul"].title
    (['AF-PK'], 'Kabul corridor')
    """
    return {name: setting.apply(one) if isinstance(one, Network) else one for name, one in named.items()}


def _items(given: Scenarios, first: str) -> list[tuple[str, Named]]:
    """Entries by name; a network that stands first without a name is called `first`, if that is not empty."""
    if isinstance(given, Mapping):
        items = list(given.items())
    else:
        if not isinstance(given, Iterable) and not isinstance(given, Network | Scenario):
            raise InputError("scenarios", given, FORM)
        listed = [given] if isinstance(given, Network | Scenario | str) else list(given)
        items = [(one if isinstance(one, str) else getattr(one, "name", ""), one) for one in listed]
        if items and first and isinstance(items[0][1], Network):
            items[0] = (first, items[0][1])
    for name, one in items:
        if not isinstance(one, Network | Scenario | str):
            raise InputError("scenarios", {name: one}, FORM)
    return items
