"""A quote: ways of one consignment side by side, with prices, arrivals, borders and what is assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.base.languages import ENGLISH, words
from corridors.base.options import takes
from corridors.base.results import Result
from corridors.base.writing import new_file
from corridors.data.references import split_sources
from corridors.formats.latex import to_latex
from corridors.formats.printable import Printable
from corridors.model.borders import border_state
from corridors.model.problem import Journey
from corridors.model.question import Asked, cargo_of
from corridors.network.network import Network
from corridors.report import quote_page, quote_tables
from corridors.report.terms import Terms
from corridors.routing.route import Route
from corridors.routing.side_by_side import Alternatives
from corridors.routing.ways import cargo_units
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_TRIPS


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Quote(Printable, Result):
    """Ways of one consignment side by side: as text, as a page (`html`, `write`), as tables.

    Attributes
    ----------
    routes
        The ways, the best first.
    terms
        Departure, payload, units, currency and draws.
    wanted
        Number of ways that were looked for.
    commodity
        Id of the good; None where none was named.
    lang
        Language of text and page: `en` or `ru`. Tables have English columns in any language.

    >>> import corridors as co
    >>> offer = co.load().quote("Almaty", "Karachi", departure="2026-12-01", draws=200)
    >>> offer.table()[["countries", "arrival", "p90_arrival"]].astype(str).iloc[0].tolist()
    ['KZ-KG-CN-PK', '2026-12-13', '2026-12-17']
    """

    routes: tuple[Route, ...]
    terms: Terms
    wanted: int = 1
    commodity: str | None = None
    lang: str = ENGLISH

    def table(self, *, names: bool = False) -> pd.DataFrame:
        """Table of one row per way.

        Parameters
        ----------
        names
            Whether names stand for ids.

        Returns
        -------
        DataFrame
            Indexed by way, from 1: cargo, modes, countries, crossings, km, days (expected), p50_days, p90_days,
            arrival, p50_arrival, p90_arrival, payload_t (in one unit), cost_usd_t (of that payload), teu_usd, feu_usd,
            truck_usd or wagon_usd (one box, truck or wagon), unit, units, total_usd, total and currency, co2e_kg_t,
            borders, transfers and gauge_breaks.
        """
        return self._named(quote_tables.ways_table(self.routes, self.terms), names)

    def crossings(self, *, names: bool = False) -> pd.DataFrame:
        """Table of the crossings of every way, in order, with what they ask for and when they are shut.

        Parameters
        ----------
        names
            Names of crossings in place of ids.

        Returns
        -------
        DataFrame
            One row per way and crossing: way, crossing, from_country, to_country, mode, hours (expected, both sides),
            restrictions (transit, loads, hours and days of opening), documents (to whose conventions the countries are
            parties), closures (that the tables know to hold or to come
            back), stops (how often and how long it is shut besides, where that was counted) and source.
        """
        return self._named(quote_tables.crossings_table(self.routes, self.terms, self.lang), names)

    def assumed(self) -> pd.DataFrame:
        """Table of what the totals rest on without a published source, the largest shares first.

        Returns
        -------
        DataFrame
            One row per way and parameter: way, name, what (in words), measure, share of the total of the measure (0 to
            1), kind (assumed or overridden), value, low, high, unit and note.
        """
        return quote_tables.assumed_table(self.routes, self.lang)

    def conditions(self) -> list[str]:
        """What the figures hold for, as sentences."""
        return quote_tables.conditions(self.routes, self.terms, self.wanted, self.commodity, self.lang)

    @property
    def heading(self) -> str:
        """Ends of the journey, cargo and departure.

        >>> import corridors as co
        >>> co.load().route("Termez", "Hairatan").quote(departure="2026-12-01", draws=10).heading
        'Termez (UZ) - Hairatan (AF): container, departure 1 December 2026'
        """
        return quote_page.heading(self.routes, self.terms, self.commodity, self.lang)

    @property
    def border_state(self) -> str:
        """State of the borders in which the ways were found, in words."""
        problem = self.routes[0].problem
        return border_state(problem.tables, problem.view, self.lang)

    @property
    def html(self) -> str:
        """Page of the quote, which needs nothing but itself and prints on A4."""
        return self._page()

    def _page(self) -> str:
        return quote_page.page(self)

    def write(self, path: str | Path) -> Path:
        """Write the quote: `.html` the page, `.txt` the text, `.xlsx` the tables, `.tex` the table of the ways.

        Parameters
        ----------
        path
            The file; what stands there is replaced.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        InputError, DataFileError
            If the ending is another one, or the file cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() == ".xlsx":
            return self.to_excel(path)
        made: dict[str, Callable[[], str]] = {".html": self._page, ".txt": self.__str__, ".tex": self.to_latex}
        if path.suffix.lower() not in made:
            raise InputError("path", str(path), f"a file that ends in {', '.join(made)} or .xlsx")
        with new_file(path) as beside:
            beside.write_text(made[path.suffix.lower()]() + "\n", encoding="utf8", newline="\n")
        return path

    def to_latex(
        self,
        sheet: str = "",
        *,
        columns: Iterable[str] | None = None,
        names: bool = True,
        caption: str = "",
        label: str = "",
    ) -> str:
        """Table as LaTeX; the ways stand side by side, one column each, where no sheet is named.

        Parameters
        ----------
        sheet, columns, names, caption, label
            As in `Printable.to_latex`.
        """
        if sheet or columns is not None:
            return super().to_latex(sheet or "ways", columns=columns, names=names, caption=caption, label=label)
        return to_latex(quote_page.side_by_side(self), caption=caption, label=label)

    def __str__(self) -> str:
        return quote_page.text(self)

    def _repr_html_(self) -> str:
        return quote_page.fragment(self)

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        legs = {f"legs of way {number}": route.legs for number, route in enumerate(self.routes, start=1)}
        held = pd.DataFrame({"condition": [self.heading, f"Borders: {self.border_state}", *self.conditions()]})
        return {"ways": self.table(), "crossings": self.crossings(), **legs, "assumed": self.assumed(), "terms": held}

    def _journeys(self) -> Iterable[Journey]:
        return self.routes

    def _cited(self) -> Mapping[str, Iterable[str]]:
        return dict.fromkeys(split_sources(self.crossings()["source"]), ("crossing",))


@takes(Asked)
def quote(
    net: Network,
    origin: str,
    destination: str,
    *,
    ways: int = 3,
    dissimilarity: float = 0.3,
    at: object = None,
    departure: object = "today",
    payload_t: float | None = None,
    units: int = 1,
    currency: str = "USD",
    fx_per_usd: float | None = None,
    via: str | Sequence[str] = (),
    draws: int = DRAWS,
    seed: int = 0,
    spread: str = SPREAD_OF_TRIPS,
    lang: str = ENGLISH,
    **options: Unpack[Asked],
) -> Quote:
    """Quote of a consignment: really different ways side by side, with prices, arrivals, borders and assumptions.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places by id, name or common spelling.
    ways
        Number of ways wanted; fewer where there are fewer. With a commodity and no cargo unit the best way of every
        unit that it travels in comes first.
    dissimilarity
        Smallest share of km (0 to 1) that a way must not share with any better one of its cargo unit.
    at
        Date of the state of the borders; by default that of the network, or the last that the data knows
        (`net.known_until`) where the network has none.
    departure
        Day of departure.
    payload_t
        Tonnes in one box, truck or wagon, at most what such a unit can hold (36, 61.5 and 77); by default what is
        loaded of the commodity. The price of a box or truck is the same whatever is in it; a wagon is paid by the
        tonne.
    units
        Number of boxes, trucks or wagons.
    currency, fx_per_usd
        Code of the currency of the total, and units of it for one USD.
    via
        Places that every way passes, in this order.
    draws, seed, spread
        Draws behind P50 and P90, their seed, and what is drawn: as in `Route.distribution`.
    lang
        Language of text and page: `en` or `ru`.
    options
        As in `corridors.model.question.Asked`.

    Returns
    -------
    Quote
        `print` shows it as text; `html`, `write`, `table()`, `crossings()` and `assumed()` are its other forms.

    Raises
    ------
    NoRouteError
        If there is no way.
    UnknownNameError, AmbiguousNameError, InputError
        If an argument cannot be understood.

    >>> import corridors as co
    >>> offer = co.load().quote("Almaty", "Karachi", cargo="truck", departure="2026-12-01", draws=100)
    >>> len(offer.routes), offer.border_state.split(":")[0]
    (3, 'November 2026')
    """
    if isinstance(ways, bool) or not isinstance(ways, int) or ways < 1:
        raise InputError("ways", ways, "a whole number, 1 or more")
    terms = Terms.of(
        departure=departure,
        payload_t=payload_t,
        units=units,
        currency=currency,
        fx_per_usd=fx_per_usd,
        draws=draws,
        seed=seed,
        spread=spread,
    )
    if at is not None or (net.view.date is None and net.known_until):
        net = net.at(net.known_until if at is None else at)
    commodity, asked = options["commodity"], options["cargo"]
    every = cargo_units(net.tables, commodity) if commodity and asked is None else ()
    kinds = every or (cargo_of(net.tables, asked, commodity),)
    routes = _chosen(net, (origin, destination), kinds, ways, {**options, "via": via, "dissimilarity": dissimilarity})
    terms.check_loads(route.problem.question.load for route in routes)
    return Quote(routes, terms, ways, commodity, words(lang).lang)


def quote_of(
    route: Route,
    *,
    departure: object = "today",
    payload_t: float | None = None,
    units: int = 1,
    currency: str = "USD",
    fx_per_usd: float | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    spread: str = SPREAD_OF_TRIPS,
    lang: str = ENGLISH,
) -> Quote:
    """Quote of one way as it was found, with the borders as its network has them.

    Parameters
    ----------
    route
        The way.
    departure, payload_t, units, currency, fx_per_usd, draws, seed, spread, lang
        As in `Network.quote`.

    Returns
    -------
    Quote

    Raises
    ------
    InputError
        If an argument cannot be understood.

    >>> import corridors as co
    >>> offer = co.load().route("Termez", "Hairatan", cargo="truck").quote(departure="2026-12-01", units=3, draws=50)
    >>> bool(offer.table()["total_usd"].iloc[0] == 3 * offer.table()["truck_usd"].iloc[0])
    True
    """
    terms = Terms.of(
        departure=departure,
        payload_t=payload_t,
        units=units,
        currency=currency,
        fx_per_usd=fx_per_usd,
        draws=draws,
        seed=seed,
        spread=spread,
    )
    terms.check_loads([route.problem.question.load])
    return Quote((route,), terms, lang=words(lang).lang)


def _chosen(
    net: Network, ends: tuple[str, str], kinds: Sequence[str], ways: int, options: Mapping[str, Any]
) -> tuple[Route, ...]:
    """Ways by some cargo units, the cheapest first: the best of each unit, then what else is cheapest."""
    if len(kinds) == 1:
        return tuple(net.alternatives(*ends, ways, **{**options, "cargo": kinds[0]}))
    found, failed = quote_tables.of_units(net, ends, kinds, ways, options)
    if not found:
        raise failed
    first: dict[str, Route] = {}
    for route in found:
        first.setdefault(route.cargo, route)
    rest = [route for route in found if route is not first[route.cargo]]
    chosen = Alternatives([*first.values(), *rest][:ways])
    return tuple(sorted(chosen, key=lambda route: route.generalized_usd_t))
