"""Maps and charts, each by one call; nothing is fetched, and pyplot is neither needed nor changed.

Every function takes what it draws first and the axes second: without axes it makes a figure of its own, which pyplot
does not know and nobody has to close. It gives a `Drawing` of figure and axes (maps of several scenarios: `Panels`).
Labels are placed for the size that axes have when they are drawn on: where several share a figure, set their places
before.
"""

from corridors.base.drawing import Drawing, Panels
from corridors.plot.charts.breakdown import breakdown_bars, breakdown_table, tornado
from corridors.plot.charts.gains import gain_against_cost, gain_cost_table, shapley_bars
from corridors.plot.charts.gateways import gateway_bars
from corridors.plot.charts.landed import landed_bars
from corridors.plot.charts.outlooks import npv_outlook
from corridors.plot.charts.plan_timeline import plan_timeline
from corridors.plot.charts.plans import plan_frontier, plan_regret
from corridors.plot.charts.profiles import cost_distance, time_distance
from corridors.plot.charts.responses import response_bars
from corridors.plot.charts.sankey import sankey
from corridors.plot.charts.slopes import slope
from corridors.plot.charts.splits import split_bars
from corridors.plot.charts.spread import distributions
from corridors.plot.charts.timeline import timeline_chart
from corridors.plot.charts.values import gain_by_value_of_time, gains_by_value_of_time
from corridors.plot.charts.worth import npv_tornado
from corridors.plot.explore import explore, explore_comparison, explore_route, explore_routes
from corridors.plot.maps.access import plot_access, plot_reach
from corridors.plot.maps.carried import plot_carried
from corridors.plot.maps.flows import plot_comparison, plot_difference, plot_differences
from corridors.plot.maps.plan_map import plan_map
from corridors.plot.maps.routes import plot_network, plot_routes, plot_scenarios
from corridors.plot.maps.suppliers import plot_watershed
from corridors.plot.maps.surfaces import plot_days
from corridors.plot.maps.used import plot_utilisation

__all__ = [
    "Drawing",
    "Panels",
    "breakdown_bars",
    "breakdown_table",
    "cost_distance",
    "distributions",
    "explore",
    "explore_comparison",
    "explore_route",
    "explore_routes",
    "gain_against_cost",
    "gain_by_value_of_time",
    "gain_cost_table",
    "gains_by_value_of_time",
    "gateway_bars",
    "landed_bars",
    "npv_outlook",
    "npv_tornado",
    "plan_frontier",
    "plan_map",
    "plan_regret",
    "plan_timeline",
    "plot_access",
    "plot_carried",
    "plot_comparison",
    "plot_days",
    "plot_difference",
    "plot_differences",
    "plot_network",
    "plot_reach",
    "plot_routes",
    "plot_scenarios",
    "plot_utilisation",
    "plot_watershed",
    "response_bars",
    "sankey",
    "shapley_bars",
    "slope",
    "split_bars",
    "time_distance",
    "timeline_chart",
    "tornado",
]
