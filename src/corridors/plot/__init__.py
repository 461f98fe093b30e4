"""Maps and charts, each by one call; nothing is fetched, and pyplot is neither needed nor changed.

Every function takes what it draws first and the axes second: without axes it makes a figure of its own, which pyplot
does not know and nobody has to close. It gives a `Drawing` of figure and axes (maps of several scenarios: `Panels`).
Labels are placed for the size that axes have when they are drawn on: where several share a figure, set their places
before.
"""

from corridors.plot.canvas import Drawing, Panels
from corridors.plot.charts import breakdown_bars, breakdown_table, tornado
from corridors.plot.gains import gain_against_cost, gain_cost_table, shapley_bars
from corridors.plot.maps import plot_network, plot_routes, plot_scenarios
from corridors.plot.profiles import cost_distance, time_distance
from corridors.plot.slopes import slope
from corridors.plot.spread import distributions

__all__ = [
    "Drawing",
    "Panels",
    "breakdown_bars",
    "breakdown_table",
    "cost_distance",
    "distributions",
    "gain_against_cost",
    "gain_cost_table",
    "plot_network",
    "plot_routes",
    "plot_scenarios",
    "shapley_bars",
    "slope",
    "time_distance",
    "tornado",
]
