"""Formulas as MathML, which browsers show by themselves: no script, no font and no network is needed.

Sphinx calls `setup`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import docutils.nodes
from latex2mathml.converter import convert

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


def inline(writer: HTML5Translator, node: docutils.nodes.math) -> None:
    """Write a formula within a line."""
    writer.body.append(convert(node.astext()))
    raise docutils.nodes.SkipNode


def block(writer: HTML5Translator, node: docutils.nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    writer.body.append(f'<div class="math">{convert(node.astext().strip(), display="block")}</div>\n')
    raise docutils.nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both with Sphinx."""
    app.add_html_math_renderer("mathml", inline_renderers=(inline, None), block_renderers=(block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
