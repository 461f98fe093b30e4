"""Formats of networks: read and written by the ending of the path, a folder being one of CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from corridors.base.errors import DataFileError, InputError
from corridors.base.writing import current, new_file, new_files
from corridors.engine.kept import put_orders
from corridors.formats.content import Content, Fill, content_of, state_of
from corridors.formats.hierarchies import FILE, Asked, Orders, orders_of, put, with_file
from corridors.formats.latex import to_latex
from corridors.formats.standing import refuse_foreign
from corridors.formats.workbook import to_excel
from corridors.model.state import State

__all__ = [
    "FORMATS",
    "Content",
    "Fill",
    "Format",
    "content_of",
    "format_of",
    "read_state",
    "state_of",
    "to_excel",
    "to_latex",
    "write",
    "write_content",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its module, the ending of its files (blank for a folder), the file that marks its folder, its loss."""

    module: str
    ending: str
    mark: str
    lost: str = ""

    @property
    def read(self) -> Callable[[Path], Content]:
        """Function that reads a path."""
        found: Callable[[Path], Content] = import_module(f"corridors.formats.{self.module}").read
        return found

    @property
    def write(self) -> Callable[[Content, Path], None]:
        """Function that writes to a path."""
        found: Callable[[Content, Path], None] = import_module(f"corridors.formats.{self.module}").write
        return found

    @property
    def foreign(self) -> Callable[[Path], list[str]]:
        """Function that names what at a path is no table of a network and would be lost by writing there."""
        found: Callable[[Path], list[str]] = import_module(f"corridors.formats.{self.module}").foreign
        return found

    @property
    def shared(self) -> Callable[[Path, Path], None] | None:
        """Function that copies what else a file holds; None for formats whose files hold one network alone."""
        found: Callable[[Path, Path], None] | None
        found = getattr(import_module(f"corridors.formats.{self.module}"), "copy_others", None)
        return found

    @property
    def files(self) -> tuple[str, ...]:
        """Names of all files that a folder of this format may have."""
        found: tuple[str, ...] = import_module(f"corridors.formats.{self.module}").FILES
        return found


_TABLES_LOST = (
    "sources, distances by sea, projects, project_years, parameters, commodities, flows, offers, markets, duties, "
    "elasticities, seasons, attributes, closures, documents, events, sets, the view and own parameters"
)

FORMATS = {
    "csv": Format("folder", "", "places.csv"),
    "gpkg": Format("geopackage", ".gpkg", ""),
    "parquet": Format("parquet", "", "places.parquet"),
    "xlsx": Format("excel", ".xlsx", ""),
    "graphml": Format("graphml", ".graphml", ""),
    "geojson": Format("geojson", ".geojson", "", _TABLES_LOST),
    "gmns": Format("gmns", "", "node.csv", f"services and terminals, name and status of crossings, {_TABLES_LOST}"),
}
"""Formats by name. `lost` lists what a format cannot hold; the others hold all, the view too."""


def read_state(path: str | Path, *, format: str | None = None, fill: Fill | None = None) -> State:  # noqa: A002
    """Read tables, view and name of a network from a folder or file; `co.read` makes a network of them.

    Parameters
    ----------
    path
        A folder or file, as in `co.read`.
    format
        Name of the format (`FORMATS`), where the path does not tell.
    fill
        Values for columns that the file lacks and for blank cells of these columns, by table and column.

    Returns
    -------
    State
        Checked tables with their view and name.

    Raises
    ------
    DataFileError
        If the path does not exist, cannot be read, or lacks places or links.
    SchemaError
        If a table does not fit the schema; it names file (with sheet or layer), row and column.
    MissingPackageError
        If a format needs a package that is not installed.

    >>> import corridors as co, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     state = co.formats.read_state(co.load().close("AF-PK").write(folder))
    >>> state.name, len(state.tables["places"]) == len(co.load().places)
    ('reference, AF-PK closed', True)
    """
    path = Path(path)
    kind = format_of(path, format) if format or not path.is_dir() else _of_folder(path)
    if not path.exists():
        near = sorted(p.name for p in path.parent.glob(f"*{path.suffix}"))[:5] if path.suffix else []
        also = f" '{path.parent}' has {', '.join(near)}." if near else ""
        raise DataFileError(f"no {'file' if path.suffix else 'folder'} '{path}'.{also}")
    return with_file(state_of(kind.read(path), name=path.stem, fill=fill), path)


def write(
    state: State,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002
    overwrite: bool = False,
    hierarchies: Asked = False,
) -> Path:
    """Write a network with its view; see `Network.write`.

    Parameters
    ----------
    state
        Network.
    path
        File or folder.
    format
        Name of a format; the ending of the path decides by default.
    overwrite
        Write also over what is no network.
    hierarchies
        Whether hierarchies are kept beside it: True for those that were asked for so far, or names of cargo units.

    Returns
    -------
    Path
        The file or folder written.

    Raises
    ------
    DataFileError
        If a folder stands where a file is to be, or the other way round.

    >>> import corridors as co, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(co.load(), f"{folder}/net.xlsx").name
    'net.xlsx'
    """
    path = Path(path)
    kind = format_of(path, format)
    if kind.ending and path.is_dir():
        raise DataFileError(f"'{path}' is a folder: give the name of a file, or another format.")
    if not kind.ending and path.is_file():
        raise DataFileError(f"'{path}' is a file: give a folder, or one of {', '.join(_endings())} as its ending.")
    write_content(content_of(state), path, kind, overwrite=overwrite, orders=orders_of(state, hierarchies))
    return path


def write_content(
    content: Content, path: Path, kind: Format, *, overwrite: bool = False, orders: Orders | None = None
) -> None:
    """Write beside, then move into place: a write that fails, or is killed, leaves what stood there.

    Parameters
    ----------
    content
        What is to be written.
    path
        File or folder.
    kind
        Format.
    overwrite
        Write also over what is no network.
    orders
        Orders of contraction to be kept beside it, from `corridors.formats.hierarchies`.

    Raises
    ------
    DataFileError
        If something stands there that is no network, or nothing can be written there.

    >>> import tempfile
    >>> import corridors as co
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "mine.geojson"
    ...     write_content(content_of(co.read(co.write_template(Path(folder) / "mine"))), target, format_of(target))
    ...     len(co.read(target, fill={"links": {"confidence": "C"}}).links)
    9
    """
    if not overwrite:
        refuse_foreign(path, kind.foreign(path))
    if not kind.ending:
        with new_files(path, (*kind.files, FILE)) as beside:
            kind.write(content, beside)
            if orders:
                put_orders(beside / FILE, orders)
        return
    with new_file(path) as beside:
        if kind.shared is not None and path.is_file():
            kind.shared(path, beside)
        kind.write(content, beside)
    put(path, orders or {})


def _endings() -> dict[str, Format]:
    return {kind.ending: kind for kind in FORMATS.values() if kind.ending}


def format_of(path: Path, name: str | None = None) -> Format:
    """Format of a name or of the ending of a path; without an ending it is a folder of CSV files.

    Parameters
    ----------
    path
        File or folder.
    name
        Name of a format; the ending of the path decides by default.

    Raises
    ------
    InputError
        If no format has the name.
    DataFileError
        If no format has the ending.

    >>> from pathlib import Path
    >>> format_of(Path("net.gpkg")).lost == format_of(Path("folder")).lost == ""
    True
    >>> format_of(Path("tables"), "gmns").lost[:22]
    'services and terminals'
    """
    if name is not None:
        if name not in FORMATS:
            raise InputError("format", name, f"one of {', '.join(FORMATS)}")
        return FORMATS[name]
    if not path.suffix or path.is_dir():
        return FORMATS["csv"]
    found = _endings().get(path.suffix.lower())
    if found is None:
        hint = ""
        if path.suffix.lower() in (".csv", ".parquet"):
            hint = "; a network of such files is a folder: give the folder that holds places and links"
        elif path.suffix.lower() == ".xls":
            hint = "; save it as .xlsx"
        raise DataFileError(f"'{path}' has an unknown ending: {', '.join(_endings())} or a folder{hint}.")
    return found


def _of_folder(path: Path) -> Format:
    """Format of a folder by what lies in it."""
    found = {name: kind for name, kind in FORMATS.items() if kind.mark and current(path, kind.mark).is_file()}
    if not found:
        raise DataFileError(
            f"'{path}' has no places.csv, places.parquet or node.csv: give the folder that holds the tables of a "
            "network; 'corridors init FOLDER' makes one to start from."
        )
    if len(found) > 1:
        raise DataFileError(f"'{path}' holds several networks ({', '.join(found)}): name the format.")
    return next(iter(found.values()))
