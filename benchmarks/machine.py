"""The machine that was timed."""

from __future__ import annotations

import csv
import os
import platform
import time
from pathlib import Path

import psutil


def facts() -> dict[str, str]:
    """Describe the machine, without its name."""
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory GB": f"{psutil.virtual_memory().total / 1e9:.0f}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def processor() -> str:
    """Name the model of the processor where the system tells."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def write(file: Path) -> None:
    """Write the facts as a table of two columns."""
    with file.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([("what", "value"), *facts().items()])
