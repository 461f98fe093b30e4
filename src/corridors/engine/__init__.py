"""Best ways for many columns of weights at once: a customizable contraction hierarchy on plain arrays.

Topology is worked out once; a column of weights (a draw, a scenario, a closure) costs one sweep over it, and columns
go through the processor's vector lanes together. Nothing here knows of freight: `corridors.uncertainty.batch` compiles
networks.
"""

from corridors.engine.hierarchy import Hierarchy

__all__ = ["Hierarchy"]
