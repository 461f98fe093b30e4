"""Lines of a route: its geometry, and its legs as layers of a map."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString

from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.data.geography import joined
from corridors.model.problem import Problem
from corridors.routing import itinerary


@checked
class Lines:
    """What has edges in the order of travel, and so lines: what `Route` can be asked for maps."""

    problem: Problem

    @property
    def legs(self) -> pd.DataFrame:
        """Table of legs."""
        raise NotImplementedError

    @property
    def step_edges(self) -> NDArray[Any]:
        """Edge of the expansion behind each step."""
        raise NotImplementedError

    @property
    def leg_of_step(self) -> NDArray[Any]:
        """Number of the leg that each step belongs to."""
        raise NotImplementedError

    @property
    def _steps(self) -> itinerary.Columns:
        raise NotImplementedError

    def count(self, kind: str) -> int:
        """Number of steps of a kind, such as `border`, `transfer` or `gauge_change`.

        Parameters
        ----------
        kind
            Kind of step.

        Raises
        ------
        InputError
            If there is no such kind.

        >>> import corridors as co
        >>> co.load().route("Tashkent", "Karachi", cargo="truck").count("border")
        2
        """
        if kind not in itinerary.KINDS:
            raise InputError("kind", kind, f"one of {', '.join(itinerary.KINDS)}")
        return int((self._steps["kind"] == kind).sum())

    @cached_property
    def geometry(self) -> MultiLineString:
        """Lines of all legs in order, WGS 84; links without an alignment are straight."""
        return MultiLineString([move.line for move in self.moves() if move.line is not None])

    def moves(self) -> Iterator[itinerary.Move]:
        """Yield every step with its leg, its edge and its line in the direction of travel.

        Returns
        -------
        Iterator
            Step, leg, edge and line, in the order of travel; lines in degrees (WGS 84).

        >>> import corridors as co
        >>> moves = list(co.load().route("Termez", "Hairatan", cargo="truck").moves())
        >>> moves[0].leg, moves[0].line.geom_type
        (0, 'LineString')
        """
        return itinerary.moves_of(self.problem, self.step_edges, self.leg_of_step)

    def to_gdf(self) -> gpd.GeoDataFrame:
        """Legs with their geometry (WGS 84): lines for movement, points for borders and terminals."""
        lines: dict[int, list[LineString]] = {}
        for move in self.moves():
            if move.line is not None:
                lines.setdefault(move.leg, []).append(move.line)
        point, legs = self.problem.tables.point, self.legs
        shapes = [joined(lines[i]) if i in lines else point(to) for i, to in enumerate(legs["to_id"])]
        return gpd.GeoDataFrame(legs, geometry=shapes, crs="EPSG:4326")

    def to_geojson(self) -> str:
        """Legs as GeoJSON text.

        >>> import corridors as co, json
        >>> found = json.loads(co.load().route("Termez", "Hairatan", cargo="truck").to_geojson())
        >>> found["type"], len(found["features"])
        ('FeatureCollection', 3)
        """
        return str(self.to_gdf().to_json(drop_id=True))
