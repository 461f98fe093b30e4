"""What is left of tables when rows were taken out: rows that refer to nothing go, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from corridors.data import schema
from corridors.data.parameters import parameter_names
from corridors.data.prune import pruned
from corridors.data.tables import Tables
from corridors.model import parameters
from corridors.model.view import Target, View


def subset(tables: Tables, frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Give tables of which some have fewer rows, with what belongs to these rows and own parameters kept."""
    left = pruned({**tables.frames, **frames})
    made = Tables(
        {name: frame if len(frame) else schema.empty(name) for name, frame in left.items()},
        tables.as_of,
        tables.read_alignments,
        osm_report=tables.osm_report,
    )
    names = set(parameter_names(made.parameters))
    own = {name: ends for name, ends in parameters.overridden(tables).items() if name in names}
    return parameters.override(made, own) if own else made


def pruned_view(view: View, tables: Tables) -> View:
    """Leave out of a view what is closed or opened by hand and not there."""
    services = set(tables["services"]["id"]) | set(tables["services"]["service"])

    def there(targets: frozenset[Target]) -> frozenset[Target]:
        return frozenset(
            t
            for t in targets
            if t.kind == "countries"
            or (t.ident in services if t.kind == "service" else t.ident in tables.rows(f"{t.kind}s"))
        )

    return replace(view, closed=there(view.closed), opened=there(view.opened))
