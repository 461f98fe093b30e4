"""How routes and comparisons draw themselves: every method hands on to the function of its name in `corridors.plot`.

The drawing library is loaded by the first method that is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from corridors.plot.canvas import Drawing, Panels
    from corridors.plot.web.page import InteractiveMap
    from corridors.routing.route import Route
    from corridors.whatif.compare import Comparison


class DrawnRoute:
    """Map and charts of a route."""

    def plot(self, ax: Axes | None = None, **options: Any) -> Drawing:
        """Draw the route on a map; see `corridors.plot.maps.routes.plot_routes` for the options."""
        from corridors.plot.maps.routes import plot_routes

        return plot_routes([cast("Route", self)], ax=ax, **options)

    def explore(self, *others: Route, **options: Any) -> InteractiveMap:
        """Show the route on an interactive map, beside others to compare it with.

        See `corridors.plot.explore.explore_routes` for the options.

        >>> import corridors as co
        >>> net = co.load()
        >>> today, kabul = (n.route("Almaty", "Karachi", modes={"rail"}) for n in (net, net.build("uap-kabul")))
        >>> page = today.explore(kabul)
        >>> page.save("comparison.html")  # doctest: +SKIP
        """
        from corridors.plot.explore import explore_routes

        return explore_routes([cast("Route", self), *others], **options)

    def time_distance(self, ax: Axes | None = None, **options: Any) -> Drawing:
        """Draw the hours as they add up over the distance; see `corridors.plot.time_distance` for the options.

        >>> import corridors as co
        >>> drawing = co.load().route("Almaty", "Karachi").time_distance(draws=100)
        >>> drawing.fig.savefig("almaty-karachi-days.pdf")  # doctest: +SKIP
        """
        from corridors.plot.charts.profiles import time_distance

        return time_distance(cast("Route", self), ax, **options)

    def cost_distance(self, ax: Axes | None = None, **options: Any) -> Drawing:
        """Draw the cost as it adds up over the distance; see `corridors.plot.cost_distance` for the options.

        >>> import corridors as co
        >>> drawing = co.load().route("Almaty", "Karachi").cost_distance(unit="truck", draws=100)
        """
        from corridors.plot.charts.profiles import cost_distance

        return cost_distance(cast("Route", self), ax, **options)

    def breakdown_bars(
        self, measure: str = "hours", by: str = "component", ax: Axes | None = None, **options: Any
    ) -> Drawing:
        """Draw what a total is made of; see `corridors.plot.breakdown_bars` for the options.

        >>> import corridors as co
        >>> drawing = co.load().route("Almaty", "Karachi").breakdown_bars("cost_usd_t", "country")
        """
        from corridors.plot.charts.breakdown import breakdown_bars

        return breakdown_bars(cast("Route", self), measure, by, ax, **options)

    def tornado(self, measure: str = "hours", ax: Axes | None = None, **options: Any) -> Drawing:
        """Draw which parameters move a total most; see `corridors.plot.tornado` for the options.

        >>> import corridors as co
        >>> drawing = co.load().route("Almaty", "Karachi").tornado(most=5)
        """
        from corridors.plot.charts.breakdown import tornado

        return tornado(cast("Route", self), measure, ax, **options)


class DrawnComparison:
    """Maps and charts of a comparison."""

    def plot(self, scenario: str | None = None, ax: Axes | None = None, **options: Any) -> Drawing | Panels:
        """Draw what gains and loses flow: one scenario against the base, or all of them side by side.

        See `corridors.plot.maps.flows.plot_difference` and `plot_differences` for the options.

        >>> import corridors as co
        >>> net = co.load()
        >>> gain = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Tashkent"], ["Karachi"])
        >>> fig, ax = gain.plot("kabul", width_cm=10, labels=False)
        """
        from corridors.plot.maps.flows import plot_difference, plot_differences

        found = cast("Comparison", self)
        if scenario is None and ax is None and len(found.scenarios) > 2:
            return plot_differences(found, **options)
        return plot_difference(found, scenario, ax, **options)

    def explore(self, **options: Any) -> InteractiveMap:
        """Show all pairs in all scenarios on an interactive map; see `corridors.plot.explore.explore_comparison`.

        >>> import corridors as co
        >>> nets = {"today": co.load(), "Kabul corridor": co.load().build("uap-kabul")}
        >>> co.compare(nets, ["Almaty", "Tashkent"], ["Karachi"]).explore(title="To Karachi")
        Interactive map 'To Karachi': 2 scenarios, 4 routes; save it with .save('map.html')
        """
        from corridors.plot.explore import explore_comparison

        return explore_comparison(cast("Comparison", self), **options)

    def slope(self, measure: str = "hours", ax: Axes | None = None, **options: Any) -> Drawing:
        """Draw how every pair changes from the base; see `corridors.plot.slope` for the options.

        >>> import corridors as co
        >>> nets = {"base": co.load(), "kabul": co.Scenario("kabul").build("uap-kabul")}
        >>> drawing = co.compare(nets, ["Tashkent", "Almaty"], ["Karachi"], modes={"rail"}).slope()
        """
        from corridors.plot.charts.slopes import slope

        return slope(cast("Comparison", self), measure, ax, **options)

    def gain_against_cost(self, measure: str = "generalized_usd_t", ax: Axes | None = None, **options: Any) -> Drawing:
        """Draw mean gains against construction costs; see `corridors.plot.gain_against_cost` for the options.

        >>> import corridors as co
        >>> nets = {"base": co.load(), "kabul": co.Scenario("kabul").build("uap-kabul")}
        >>> drawing = co.compare(nets, ["Tashkent"], ["Karachi"], modes={"rail"}, draws=50).gain_against_cost()
        """
        from corridors.plot.charts.gains import gain_against_cost

        return gain_against_cost(cast("Comparison", self), measure, ax, **options)
