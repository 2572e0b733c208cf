"""How a page gets its texts: through ``visible``, into a template, with its own style and script and nobody else's.

Nothing is loaded from anywhere: the page's policy allows its own style and script only, by their digests.
"""

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from jybf.report.listing import money
from jybf.visible import visible


def rendered(name: str, facts: dict[str, Any], *, script: bool = False) -> Iterator[bytes]:
    """The page ``name`` of ``page/`` in UTF-8, with the style of its name, and its script if it has one."""
    style, own = _own(f"{name}.css"), _own(f"{name}.js") if script else ""
    page = facts | {"style": style, "script": own, "policy": _policy(style, own)}
    return (piece.encode() for piece in _environment().get_template(f"{name}.html.j2").generate(page))


@cache
def _own(name: str) -> str:
    return (files("jybf.report") / "page" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing but this very style and script: the digests are of what stands between the tags."""
    styles, scripts = (f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script))
    allowed = f"script-src {scripts}; " if script else ""
    return f"default-src 'none'; style-src {styles}; {allowed}base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    page = Environment(
        loader=PackageLoader("jybf.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_door,
    )
    page.filters["money"] = money
    return page


def _door(value: object) -> object:
    """No text gets onto the page but through ``visible``; an amount that nobody knows leaves nothing behind."""
    if value is None:
        return ""
    return visible(value) if type(value) is str else value
