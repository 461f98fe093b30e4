"""What a planner asks of networks: connectivity, reach, redundancy, losses, attribution, robustness.

=====================================================  =============================================================
Question                                               Where
=====================================================  =============================================================
How does a scenario change hours, cost, distance?      `co.compare(nets, origins, destinations)`
The answer in sentences, border open and closed        `co.headline(net, scenarios)`
Does the ranking hold if one assumption changes?       `co.robustness(net, scenarios)`
Every draw routed anew                                 `co.simulate(nets, origins, destinations)`
How many days from everywhere?                         `co.reach(nets, destinations=[...])`
How connected is every scenario?                       `co.connectivity(comparison)`
What do the best ways hang on?                         `co.use_shares(net, origins, destinations)`
Every combination of projects                          `co.sweep(net, projects, origins, destinations)`
Who earns a joint gain?                                `co.attribute(net, projects, measure)`, `co.shapley`
Measures of any matrix: efficiency, detour, access     `co.metrics.global_efficiency(matrix)` and others
How many separate ways, what is lost when one closes?  `co.redundancy.border_disjoint`, `.criticality` and others
Indicators of CAREC's corridor monitoring              `co.cpmm.sections(route)`
When are two routes equal?                             `co.break_even(one, other, parameter)`
=====================================================  =============================================================

`nets` is a network, or networks, scenarios and names of bundled scenarios in a list or by name; see `co.compare`.
"""
