"""How Sphinx makes the site; `make site` runs it from the root of the repository."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(Path(__file__).parent)]

import corridors  # noqa: E402

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "corridors"
author = "the authors of corridors"
copyright = author  # noqa: A001
release = version = corridors.__version__
language = "en"
default_role = "literal"  # as single backticks are meant in the docstrings

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "myst_nb",
    "sphinx_design",
    "sphinx_copybutton",
    "mathml",
    "sources",
]
root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "docs/**/*.md",
    "notebooks/*.ipynb",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "data/geo/NOTES.md",
]
suppress_warnings = ["misc.highlighting_failure", "ref.python"]  # `links` is a property of several classes
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # `make notebooks` has executed them
nb_merge_streams = True

napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say what is given and returned, with its unit
python_maximum_signature_line_length = 88
add_module_names = False
toc_object_entries_show_parents = "hide"

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = f"corridors {release}"
html_extra_path = ["root"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_context = {"default_mode": "auto"}
html_sidebars = {"docs/index": []}
html_theme_options = {
    "show_prev_next": True,
    "navigation_depth": 3,
    "show_toc_level": 2,
    "header_links_before_dropdown": 8,
    "navbar_align": "left",
    "footer_start": [],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def with_examples(*given: Any) -> None:
    """Put a heading above the example, which in a docstring follows the last section without one."""
    lines: list[str] = given[-1]
    first = next((number for number, line in enumerate(lines) if line.startswith(">>>")), None)
    if first is not None:
        lines[first:first] = ["Examples", "--------", ""]


def without_folders(app: Sphinx, page: str, source: list[str]) -> None:
    """A link to a folder of the repository, which is no page of the site, stays as text."""
    here = (Path(app.srcdir) / page).parent
    source[0] = re.sub(
        r"(?<!!)\[([^\]\n]+)\]\(([^)#\s]+)\)", lambda link: link[1] if (here / link[2]).is_dir() else link[0], source[0]
    )


def setup(app: Sphinx) -> None:
    """Register both with Sphinx."""
    app.connect("autodoc-process-docstring", with_examples, priority=100)
    app.connect("source-read", without_folders)
