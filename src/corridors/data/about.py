"""Which version of the library and of its data this is, how to cite it, and what it runs with."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from corridors.base.languages import ENGLISH, words
from corridors.base.results import Result
from corridors.data.bundled import data_version, reference
from corridors.data.references import escaped
from corridors.data.tables import Tables

__version__ = "0.1.0"

TITLE = "Freight transport corridors from Kazakhstan through Afghanistan to the ports of South Asia"

LICENCE, DATA_LICENCE = "MIT", "ODbL 1.0, CC BY 4.0 and others, see LICENSE-DATA"
"""Licences of the program and of the bundled data."""

PACKAGES = (
    "numpy", "pandas", "scipy", "networkx", "geopandas", "shapely", "pyproj", "matplotlib", "pillow", "jinja2",
    "click", "tqdm", "osmnx",
)  # fmt: skip
"""Packages that are always there."""

EXTRAS = ("numba", "distributed", "osmium", "openpyxl", "pyarrow", "igraph")
"""Packages that can be there."""


@dataclass(frozen=True, slots=True, repr=False)
class Citation:
    """How to cite the library and the data that it comes with; as text it is one reference.

    Attributes
    ----------
    version
        Version of the library.
    data_version
        Month to which the bundled data was collected, and the hash of its tables.
    licence, data_licence
        Licences of the program and of the data.
    """

    version: str
    data_version: str
    licence: str
    data_licence: str

    def __str__(self) -> str:
        return (
            f"corridors {self.version}: {TITLE}. Data {self.data_version}. "
            f"Program under the licence {self.licence}; data under {self.data_licence}."
        )

    def __repr__(self) -> str:
        return str(self)

    def bibtex(self) -> str:
        """Entry of BibTeX.

        >>> cite().bibtex().splitlines()[0]
        '@software{corridors,'
        """
        note = f"Data {self.data_version}; data under {self.data_licence}"
        fields = {
            "title": f"{{corridors: {escaped(TITLE)}}}",
            "version": self.version,
            "year": self.data_version[:4],
            "license": self.licence,
            "note": escaped(note),
        }
        lines = [f"  {name} = {{{text}}}," for name, text in fields.items()]
        return "\n".join(["@software{corridors,", *lines, "}"])


def cite() -> Citation:
    """How to cite this version of the library with its data; the sources of a result are in `route.bibtex()`.

    Returns
    -------
    Citation
        Version, version of the data with its hash, and licences; `print` shows a reference, `bibtex()` an entry.

    >>> cite().version == __version__, cite().data_version == data_version()
    (True, True)
    """
    return Citation(__version__, data_version(), LICENCE, DATA_LICENCE)


def data_of(tables: Tables, lang: str = ENGLISH) -> str:
    """Which data a network has, in words: the bundled tables in their version, or tables of one's own.

    Parameters
    ----------
    tables
        Tables of the network.
    lang
        Code of the language.

    >>> import corridors as co
    >>> data_of(co.load().tables) == f"bundled tables {data_version()}"
    True
    """
    say = words(lang)
    pairs = [(tables.frames.get(name), frame) for name, frame in reference().frames.items()]
    if any(mine is None or not (mine is frame or mine.equals(frame)) for mine, frame in pairs):
        return say("data.own_to", date=tables.as_of) if tables.as_of else say("data.own")
    if tables.overridden:
        return say("data.bundled_own", version=data_version(), number=len(tables.overridden))
    return say("data.bundled", version=data_version())


def version_of(tables: Tables) -> str:
    """Version of the data of a network: that of the bundled tables, or of tables of one's own by their content.

    The version of own tables is made like the other: the month to which they were collected (`own` where none is
    stated), and the first twelve digits of SHA-256 of all cells, parameters in use among them. A changed cell or
    parameter changes it; a view (what is built, closed or open, and at which date) does not.

    Parameters
    ----------
    tables
        Tables of the network.

    >>> import corridors as co
    >>> version_of(co.load().at("2026-11").tables) == data_version()
    True
    """
    if data_of(tables) == f"bundled tables {data_version()}":
        return data_version()
    found = sha256()
    for name in sorted(tables.frames):
        frame = tables.parameters if name == "parameters" else tables.frames[name]
        found.update(name.encode("utf8") + b"\n" + frame.to_csv(index=False, lineterminator="\n").encode("utf8"))
    return f"{tables.as_of or 'own'}+{found.hexdigest()[:12]}"


class Versions(Result):
    """Versions of the library, its data, Python and the packages that it uses; `table()` has them as data."""

    def table(self) -> pd.DataFrame:
        """Table indexed by name, with version and whether it is required (blank version: not installed)."""
        rows = {"corridors": (__version__, True), "data": (data_version(), True)}
        rows |= {"python": (platform.python_version(), True), "system": (platform.platform(), True)}
        for names, required in ((PACKAGES, True), (EXTRAS, False)):
            rows |= {name: (_version(name), required) for name in names}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["version", "required"]).rename_axis("name")

    def _shown(self) -> pd.DataFrame:
        table = self.table()[["version"]].rename_axis(None)
        return table.where(table != "", "-")


def show_versions() -> Versions:
    """Versions of the library, its data, Python and the packages that it uses, for a report of an error.

    >>> bool(show_versions().table().loc["corridors", "version"] == __version__), data_version() in str(show_versions())
    (True, True)
    """
    return Versions()


def _version(package: str) -> str:
    """Version of an installed package; blank for one that is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
