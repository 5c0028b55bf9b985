"""How the scenes are drawn: the product's colours, SVG elements, and calm movement."""

from __future__ import annotations

from typing import Any

WIDTH, HEIGHT = 854, 480
PAPER, SUNK, LINE, WHITE = "#f7f4ee", "#f1ece2", "#e1dacc", "#ffffff"
BRAND, DEEP, DARK, MID, SOFT, SKY, TINT = (
    "#00706b",
    "#00524e",
    "#00413e",
    "#2d8f82",
    "#8fbfb5",
    "#cfe5e1",
    "#e0efec",
)
SUN, SUN_TINT, PEACH, ORANGE, LILAC = "#ffb81c", "#fff2d3", "#fbe3c4", "#d98a3d", "#e8e0f0"
TEXT, MUTED, BROWN, UMBER = "#212b32", "#4c6272", "#b5714a", "#7a4a2e"


def ease(x: float) -> float:
    """0 to 1, slow at both ends; held outside."""
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)


def after(t: float, start: float, length: float = 0.9) -> float:
    """How far something that begins at `start` seconds has come, 0 to 1."""
    return ease((t - start) / length)


def tag(name: str, inner: str = "", **attributes: Any) -> str:
    """One SVG element; `_` in a name stands for `-`, floats are rounded to keep the frames small."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{round(value, 2) if isinstance(value, float) else value}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


def fill(colour: str) -> str:
    return tag("rect", width=WIDTH, height=HEIGHT, fill=colour)


def circle(x: float, y: float, r: float, colour: str, **more: Any) -> str:
    return tag("circle", cx=float(x), cy=float(y), r=float(r), fill=colour, **more)


def box(x: float, y: float, w: float, h: float, colour: str, rx: float = 12, **more: Any) -> str:
    return tag("rect", x=float(x), y=float(y), width=float(w), height=float(h), rx=rx, fill=colour, **more)


def path(d: str, colour: str, **more: Any) -> str:
    return tag("path", d=d, fill=colour, **more)


def stroke(d: str, colour: str, width: float, **more: Any) -> str:
    return tag(
        "path",
        d=d,
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_linecap="round",
        stroke_linejoin="round",
        **more,
    )


def word(x: float, y: float, text: str, size: float, colour: str = TEXT, **more: Any) -> str:
    more = {"font_weight": 700, **more}
    return tag(
        "text",
        text,
        x=float(x),
        y=float(y),
        font_size=size,
        fill=colour,
        font_family="Arial, sans-serif",
        **more,
    )


def group(inner: str, **attributes: Any) -> str:
    return tag("g", inner, **attributes) if inner else ""


def tick(x: float, y: float, size: float, colour: str, grown: float = 1) -> str:
    if grown <= 0:
        return ""
    d = f"M{x - size:.1f} {y:.1f}l{size * 0.7:.1f} {size * 0.7:.1f} {size * 1.3:.1f}-{size * 1.4:.1f}"
    return stroke(
        d, colour, max(3, size / 3), pathLength=1, stroke_dasharray=1, stroke_dashoffset=float(1 - grown)
    )
