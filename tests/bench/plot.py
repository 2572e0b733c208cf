"""Curves of seconds and GB against rows as SVG, both axes by powers of ten: a figure of text and lines, no library."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor, log10

WIDE, HIGH, GAP, LEFT, TOP = 300, 260, 150, 64, 48  # of a panel, between the two, and around them
COLOURS = ("#7f7f7f", "#2f7d4f", "#1f5fa8", "#7a4fb0", "#c2410c")
FONT = "font-family=\"system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif\" font-size=\"12\""
PANELS = ("处理器秒数", "内存峰值，GB")
ROWS = (10_000, 10_000_000)
LEAST = 14  # between two names at the ends of curves

Curves = Mapping[str, Mapping[int, Sequence[float]]]


def draw(curves: Curves) -> str:
    """``curves``: name → rows → figures, one a panel of PANELS."""
    width = LEFT + 2 * (WIDE + GAP)
    body = "\n".join(line for n in range(len(PANELS)) for line in _panel(n, curves))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {TOP + HIGH + 44}" {FONT} fill="#333">\n'
        f"<title>行数与时间、内存</title>\n"
        f'<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _panel(number: int, curves: Curves) -> Iterator[str]:
    every = [log10(figures[number]) for points in curves.values() for figures in points.values()]
    span = 10.0 ** floor(min(every)), 10.0 ** ceil(max(every))
    left = LEFT + number * (WIDE + GAP)
    yield f'<text x="{left}" y="{TOP - 20}" font-weight="600">{PANELS[number]}</text>'
    for value in _powers(*span):
        y = TOP + HIGH * (1 - _share(value, span))
        yield f'<path d="M{left} {y:.1f}h{WIDE}" stroke="#e3e3e3"/>'
        yield f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    for rows in _powers(*ROWS):
        x = left + WIDE * _share(rows, ROWS)
        yield f'<text x="{x:.1f}" y="{TOP + HIGH + 20}" text-anchor="middle">{rows / 10_000:,.0f} 万行</text>'
    ends: list[tuple[float, float, str, str]] = []
    for colour, (name, points) in zip(COLOURS, curves.items(), strict=False):
        places = [
            (left + WIDE * _share(rows, ROWS), TOP + HIGH * (1 - _share(figures[number], span)))
            for rows, figures in points.items()
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
        ends.append((places[-1][1], places[-1][0], name, colour))
    yield from _names(ends, left + WIDE)


def _names(ends: list[tuple[float, float, str, str]], right: float) -> Iterator[str]:
    """The names of curves at the right, none over another; a curve that ends before has a thin line to its name."""
    below = 0.0
    for y, x, name, colour in sorted(ends):
        below = max(y, below + LEAST)
        yield f'<path d="M{x + 5:.1f} {y:.1f}L{right + 8} {below:.1f}" stroke="{colour}" stroke-dasharray="2 3"/>'
        yield f'<text x="{right + 12}" y="{below + 4:.1f}" fill="{colour}">{name}</text>'


def _powers(least: float, most: float) -> list[float]:
    return [10.0**n for n in range(round(log10(least)), round(log10(most)) + 1)]


def _share(value: float, span: tuple[float, float]) -> float:
    """How far along an axis ``value`` stands, from 0 to 1."""
    return (log10(value) - log10(span[0])) / (log10(span[1]) - log10(span[0]))
