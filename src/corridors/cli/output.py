"""What a command shows: a table to read, or JSON, CSV and GeoJSON for other programs, on the screen or in a file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import pandas as pd

from corridors.base.writing import new_file, new_files

TABLE, JSON, CSV, GEOJSON = FORMATS = ("table", "json", "csv", "geojson")
"""Forms of an answer."""

ABOUT = {
    TABLE: "table to read",
    JSON: "list of records",
    CSV: "rows",
    GEOJSON: "features with lines or points (WGS 84)",
    "html": "page to print",
}


def output_options(*forms: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options `--format` and `--out`, which the command gets as `form` and `out`.

    Parameters
    ----------
    forms
        Forms that the command has; by default all but GeoJSON.
    """
    forms = forms or FORMATS[:3]
    about = "; ".join(f"{form}: {ABOUT[form]}" for form in forms)
    form = click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        callback=_by_ending,
        help=f"Form of the answer ({about}; default: by the ending of FILE, else table).",
    )
    out = click.option(
        "--out",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write into FILE, in UTF-8, and not to the screen.",
    )
    return lambda function: form(out(function))


def _by_ending(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """Form that was asked for, else that of the file to write, else a table."""
    if value is not None:
        return value
    # options that come later on the line have no value yet
    given = ctx.params.get("out")
    ending = Path(given).suffix.lstrip(".").lower() if given else ""
    forms = param.type.choices if isinstance(param.type, click.Choice) else ()
    return ending if ending in forms else TABLE


def show(form: str, out: Path | None, **answers: Callable[[], str]) -> None:
    """Show an answer in the form that was asked for.

    Parameters
    ----------
    form, out
        Form, and file to write into; None for the screen.
    answers
        The answer by form; made only for the form that is shown.
    """
    text = answers[form]().rstrip("\n")
    if out is None:
        click.echo(text)
        return
    with new_file(out) as beside:
        beside.write_text(f"{text}\n", encoding="utf8", newline="\n")
    click.echo(f"wrote {out}")


def show_table(table: pd.DataFrame, form: str, out: Path | None, *, text: Callable[[], str] | None = None) -> None:
    """Show a table; the index is left out.

    Parameters
    ----------
    table
        The table; with geometry it has the form GeoJSON as well.
    form, out
        As in `show`.
    text
        What is shown to read, instead of the rounded table.
    """
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    show(
        form,
        out,
        table=text or (lambda: printed(plain)),
        json=lambda: as_json(plain),
        csv=lambda: as_csv(plain),
        geojson=lambda: as_geojson(gpd.GeoDataFrame(table)),
    )


def require_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written to, before the work begins; nothing is left of the trial.

    Parameters
    ----------
    folder
        The folder, which need not exist.
    """
    there = folder.exists()
    with new_files(folder):
        pass
    if not there:
        folder.rmdir()


def printed(table: pd.DataFrame) -> str:
    """Table as text, numbers with one decimal; a sentence where it has no rows."""
    if table.empty:
        return "(none)"
    return str(table.round(1).to_string(index=False, max_colwidth=60, na_rep=""))


def as_json(table: pd.DataFrame) -> str:
    """Table as a JSON list of records; null for what is unknown or infinite."""
    return str(table.to_json(orient="records", indent=2, double_precision=10, date_format="iso", date_unit="s"))


def records_as_json(records: Iterable[Mapping[str, Any]]) -> str:
    """Records as a JSON list; null for what is unknown or infinite."""
    return json.dumps(_finite(list(records)), indent=2)


def as_csv(table: pd.DataFrame) -> str:
    """Table as CSV."""
    return str(table.to_csv(index=False, lineterminator="\n"))


def as_geojson(table: gpd.GeoDataFrame) -> str:
    """Table with geometry as a GeoJSON collection of features."""
    return str(table.to_json(drop_id=True))


def _finite(value: Any) -> Any:
    """Same value with None for numbers that JSON does not have."""
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
