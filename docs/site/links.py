"""Test the built site: every link and anchor leads somewhere, every page is reached, nothing comes from the network.

Run by `make site`: `python docs/site/links.py build/site`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}
"""What a browser fetches without being asked."""


@dataclass
class Page(HTMLParser):
    """Anchors of a page, its links, and what it loads."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.anchors.add(value)
            elif tag == "a" and name == "href" and value:
                self.links.append(value)
            elif (tag, name) in LOADED and value:
                self.loads.append(value)


def read(folder: Path) -> dict[Path, Page]:
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        if "_static" in path.parts:  # templates of the theme
            continue
        pages[path.resolve()] = page = Page()
        page.feed(path.read_text(encoding="utf8"))
    return pages


def outside(link: str) -> bool:
    return link.startswith("//") or urlsplit(link).scheme not in ("", "file")


def faults_of(path: Path, pages: dict[Path, Page]) -> list[str]:
    """What is wrong with the links of a page, and with what it loads."""
    page, faults = pages[path], []
    for link in page.links + page.loads:
        if outside(link):
            if link in page.loads and not link.startswith("data:"):
                faults.append(f"loads {link} from the network")
            continue
        parts = urlsplit(link)
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        target = target / "index.html" if target.is_dir() else target
        if not target.exists():
            faults.append(f"{link} leads nowhere")
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            faults.append(f"{link} has no such anchor")
    return list(dict.fromkeys(faults))


def main(folder: Path) -> int:
    pages = read(folder)
    faults = [f"{path.relative_to(folder.resolve())}: {fault}" for path in pages for fault in faults_of(path, pages)]
    print("\n".join([*faults, f"{len(pages)} pages, {sum(len(page.links) for page in pages.values())} links"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
