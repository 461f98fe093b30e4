"""What delivered prices and carried tonnes hand out for print: their tables, and the sources behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from corridors.base.arguments import checked
from corridors.data.references import split_sources
from corridors.data.tables import Tables
from corridors.formats.printable import Printable
from corridors.model.problem import Journey
from corridors.network.network import Network
from corridors.trade.case import Case

if TYPE_CHECKING:
    import geopandas as gpd


@checked
class PrintedLanded(Printable):
    """Delivered prices as tables: `suppliers` and `summary`, with the sources of offers and duties."""

    _columns = (
        *("scenario", "country", "place", "status", "rank", "landed_usd_t", "price_usd_t", "freight_usd_t"),
        *("border_usd_t", "transfer_usd_t", "port_usd_t", "time_usd_t", "loss_usd_t", "duty_usd_t", "export_usd_t"),
        "advantage_usd_t",
    )
    networks: Mapping[str, Network]
    cases: Mapping[tuple[str, str], Case]

    def table(self) -> pd.DataFrame:
        """Table of all suppliers."""
        raise NotImplementedError

    def summary(self) -> pd.DataFrame:
        """Table of one row per scenario."""
        raise NotImplementedError

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        return {"suppliers": self.table(), "summary": self.summary()}

    def _journeys(self) -> Iterable[Journey]:
        return tuple(case.way.route for case in self.cases.values() if case.way is not None)

    def _tables(self) -> Tables:
        return next(iter(self.networks.values())).tables

    def _cited(self) -> Mapping[str, Iterable[str]]:
        offers = self._tables()["offers"].set_index("id")["source"]
        named = [offers[case.supplier.offer] for case in self.cases.values() if case.supplier.offer in offers.index]
        charged = [row.get("source", "") for case in self.cases.values() for row in case.charges.rows]
        uses: dict[str, list[str]] = {}
        for cells, word in ((named, "offer"), (charged, "duty")):
            for ident in split_sources(cells):
                uses.setdefault(ident, []).append(word)
        return uses


class PrintedCarried(Printable):
    """Carried tonnes as tables: pairs, crossings, terminals, ports, countries, gross freight and capacities."""

    @property
    def pairs(self) -> pd.DataFrame:
        """Table of pairs and their ways."""
        raise NotImplementedError

    @property
    def crossings(self) -> pd.DataFrame:
        """Tonnes by crossing."""
        raise NotImplementedError

    @property
    def terminals(self) -> pd.DataFrame:
        """Tonnes by terminal."""
        raise NotImplementedError

    @property
    def ports(self) -> pd.DataFrame:
        """Tonnes by port."""
        raise NotImplementedError

    @property
    def countries(self) -> pd.DataFrame:
        """Tonnes and tkm by country."""
        raise NotImplementedError

    @property
    def gross(self) -> pd.DataFrame:
        """Gross freight by country and payee."""
        raise NotImplementedError

    @property
    def links(self) -> gpd.GeoDataFrame:
        """Tonnes by link."""
        raise NotImplementedError

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        names = ("crossings", "pairs", "terminals", "ports", "countries", "gross")
        links = pd.DataFrame(self.links.drop(columns="geometry"))
        return {**{name: getattr(self, name) for name in names}, "links": links}
