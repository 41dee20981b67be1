"""HTML that is safe by construction: markupsafe escapes whatever is not Markup already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

NOTHING = Markup("")


def element(name: str, content: object = NOTHING, **attributes: str | None) -> Markup:
    """An element; class_ stands for class and data_x for data-x; None leaves an attribute out."""
    names = {key: key.rstrip("_").replace("_", "-") for key in attributes}
    pairs = [Markup(' {}="{}"').format(names[key], value) for key, value in attributes.items() if value is not None]
    return Markup("<{0}{1}>{2}</{0}>").format(name, join(pairs), content)


def join(parts: Iterable[object], separator: str = "") -> Markup:
    """Parts in one piece of HTML."""
    return Markup(separator).join(parts)  # type: ignore[arg-type]


def web_url(url: Any) -> str | None:
    """The URL when a browser may follow it: http or https, with a host."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def link(url: Any, label: object, class_: str | None = None) -> Markup:
    """A link that opens in its own tab, or just the label where the URL is not one to follow."""
    href = web_url(url)
    if href is None:
        return element("span", label, class_=class_)
    return element("a", label, class_=class_, href=href, target="_blank", rel="noopener noreferrer nofollow")


def as_text(value: Any) -> str:
    """A value of a payload as text: strings and numbers as they are, anything else as nothing."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def as_dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list of a payload, or nothing where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_dict(value: Any) -> dict[str, Any]:
    """An object of a payload, or an empty one."""
    return value if isinstance(value, dict) else {}
