"""Open pages of the built site in a headless Chromium, small and large, light and dark, and say what is wrong.

Run after `make site`: `python docs/site/look.py build/site FOLDER_FOR_PICTURES`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from support import browser

PAGES = (
    *("docs/index", "docs/start", "docs/tour", "docs/gallery", "docs/concepts/states", "docs/concepts/parameters"),
    *("docs/reference/network", "docs/reference/measures", "docs/validation", "docs/schema", "docs/commands"),
    *("docs/how-to/own-region", "notebooks/01-quick-start", "docs/project"),
)
SIZES = ((390, 844), (1280, 820))
READY = "document.readyState === 'complete'"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def main(site: Path, pictures: Path) -> int:
    pictures.mkdir(parents=True, exist_ok=True)
    faults = []
    with tempfile.TemporaryDirectory() as folder, browser.browser(Path(folder)) as opened:
        for page in PAGES:
            for width, height in SIZES:
                for scheme in ("light", "dark"):
                    scheme_of = [{"name": "prefers-color-scheme", "value": scheme}]
                    opened.call("Emulation.setEmulatedMedia", features=scheme_of)
                    path = (site / f"{page}.html").resolve()
                    opened.open(path, width=width, height=height, phone=width < 600, ready=READY)
                    if wider := opened.evaluate(WIDER):
                        faults.append(f"{page} at {width} px is {wider} px too wide")
                    if scheme not in opened.evaluate("document.documentElement.dataset.theme"):
                        faults.append(f"{page} is not {scheme}")
                    opened.picture(pictures / f"{page.replace('/', '-')}-{width}-{scheme}.png")
        faults += [f"asks for {address}" for address in set(opened.requests) if not address.startswith("file:")]
        faults += sorted(
            {problem for problem in opened.problems if "[PST]" not in problem}
        )  # the theme says what it does
    print("\n".join([*faults, f"{len(PAGES) * len(SIZES) * 2} views"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
