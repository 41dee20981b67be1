# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A figure of matplotlib as SVG inside a page: the page's colours and font, names for its marks, IDs that occur once."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
HREF = "{http://www.w3.org/1999/xlink}href"
INK, MUTED, GRID, SURFACE, FAILED, MARK, TRACK, ON_MARK = (f"#0{number}0a0{number}" for number in range(1, 9))
"""Colours to draw with: stand-ins, since matplotlib knows no variables of CSS."""
VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    GRID: "line",
    SURFACE: "surface",
    FAILED: "failed",
    MARK: "mark",
    TRACK: "track",
    ON_MARK: "on-mark",
}
OPTIONS: dict[str, Any] = {"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 12.0, "text.parse_math": False}


def inline(figure: Figure, name: str, title: str, tips: Mapping[str, Sequence[str]]) -> str:
    """The figure as one svg element.

    Args:
        figure: to be drawn; a point of it becomes a pixel.
        name: letters and digits, different for each figure of a page.
        title: what it shows, for those who cannot see it.
        tips: what to show when the pointer is on a mark, by the gid; markers of one gid have one each, in their order.
    """
    drawn = io.BytesIO()
    with warnings.catch_warnings():
        # A name in letters that matplotlib's own font lacks is no fault: the reader's fonts draw it.
        warnings.simplefilter("ignore")
        figure.savefig(drawn, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    root = ElementTree.fromstring(drawn.getvalue())
    _drop_metadata(root)
    _name_marks(root, tips)
    _make_ids_unique(root, name)
    _use_variables(root)
    _describe(root, title)
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode").replace(f' xmlns="{SVG}"', "", 1)


def _drop_metadata(root: ElementTree.Element) -> None:
    """Drop what is not drawn, and the style that would hold for the whole page."""
    for child in list(root):
        if child.tag == f"{{{SVG}}}metadata" or (child.tag == f"{{{SVG}}}defs" and child.find(f"{{{SVG}}}style") is not None):
            root.remove(child)


def _name_marks(root: ElementTree.Element, tips: Mapping[str, Sequence[str]]) -> None:
    """Give each mark its tip: a group of markers has a use element for each, any other group is one mark."""
    for element in root.iter(f"{{{SVG}}}g"):
        texts = tips.get(element.get("id", ""), [])
        marks = list(element.iter(f"{{{SVG}}}use")) or [element]
        for mark, text in zip(marks, texts, strict=False):
            title = ElementTree.Element(f"{{{SVG}}}title")
            title.text = text
            mark.insert(0, title)


def _make_ids_unique(root: ElementTree.Element, name: str) -> None:
    """Keep only the IDs that something refers to, with the figure's name before them; matplotlib names each first figure the same."""
    used = set(re.findall(r"url\(#([^)]+)\)", " ".join(value for element in root.iter() for value in element.attrib.values())))
    used |= {element.attrib[HREF].removeprefix("#") for element in root.iter() if HREF in element.attrib}
    for element in root.iter():
        if HREF in element.attrib:
            element.set("href", f"#{name}-{element.attrib.pop(HREF).removeprefix('#')}")
        if "clip-path" in element.attrib:
            element.set("clip-path", element.attrib["clip-path"].replace("url(#", f"url(#{name}-"))
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", f"{name}-{identifier}")


def _describe(root: ElementTree.Element, title: str) -> None:
    width, height = root.attrib["viewBox"].split()[2:]
    root.attrib.clear()
    root.attrib.update({"class": "picture", "viewBox": f"0 0 {width} {height}", "role": "img", "aria-label": title})
    root.set("style", f"--width: {round(float(width))}px")


def _use_variables(root: ElementTree.Element) -> None:
    """Have the page's colours and font in place of the stand-ins and of matplotlib's own font."""
    for element in root.iter():
        style = element.get("style", "")
        for colour, variable in VARIABLES.items():
            style = style.replace(colour, f"var(--{variable})")
        style = re.sub(r"font-family: [^;]*", "font-family: var(--font)", style)
        style = re.sub(r"font: ([^;]*?[\d.]+px) [^;]*", r"font: \1 var(--font)", style)
        if style:
            element.set("style", style)
