"""Install what the benchmarks need: `python -m benchmarks.install`, by `make bench`.

A rival that does not install here is left out with a message.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]


def main() -> None:
    """Install the group `bench`: all of it, or what can be had."""
    if done(["--group", "bench"]):
        return
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for requirement in groups["bench"]:
        if not done([requirement]):
            print(f"{requirement} does not install here and is left out")


def done(what: list[str]) -> bool:
    """Install, and tell whether that worked."""
    return subprocess.run([*PIP, "-c", "constraints.txt", *what], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    main()
