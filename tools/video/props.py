"""What stands in more than one scene: hills, a tree, a person, a mug."""

from __future__ import annotations

import math

from tools.video.brushes import (
    BRAND,
    DARK,
    DEEP,
    MID,
    MUTED,
    ORANGE,
    SOFT,
    TEXT,
    WHITE,
    box,
    circle,
    group,
    path,
    stroke,
)


def ground(colour: str) -> str:
    return path("M0 420c220-40 500-40 854 6v54H0z", colour)


def hills(front: str = BRAND, back: str = SOFT, drift: float = 0) -> str:
    return path(f"M0 {330 + drift:.1f}c150-90 310-90 450-28s250 34 404-22v200H0z", back) + path(
        "M0 392c220-66 430-48 854 10v78H0z", front
    )


def cloud(x: float, y: float, scale: float = 1) -> str:
    inner = (
        circle(0, 0, 22, WHITE)
        + circle(30, -12, 28, WHITE)
        + circle(62, 0, 22, WHITE)
        + box(-4, 0, 72, 22, WHITE, 11)
    )
    return group(inner, transform=f"translate({x:.1f} {y:.1f}) scale({scale})", opacity=0.85)


def tree(x: float, y: float, scale: float = 1) -> str:
    inner = box(-7, -70, 14, 76, DARK, 3) + circle(0, -96, 46, MID)
    return group(inner, transform=f"translate({x} {y}) scale({scale})")


def person(x: float, y: float, shirt: str, skin: str, hair: str = TEXT, scale: float = 1) -> str:
    """Head and shoulders, standing on `y`."""
    inner = (
        path("M-74 0c0-56 30-84 74-84s74 28 74 84z", shirt)
        + circle(0, -122, 42, skin)
        + path("M-42-124c0-34 20-48 42-48s42 14 42 48c-12-18-26-22-42-22s-30 4-42 22z", hair)
    )
    return group(inner, transform=f"translate({x} {y}) scale({scale})")


def bubble(x: float, y: float, grown: float, flip: bool = False) -> str:
    inner = path(
        "M-60-44h120a14 14 0 0 1 14 14v40a14 14 0 0 1-14 14h-60l-26 22v-22h-34"
        "a14 14 0 0 1-14-14v-40a14 14 0 0 1 14-14z",
        WHITE,
    ) + stroke("M-48-22h96M-48 0h60", BRAND, 7)
    turn = " scale(-1 1)" if flip else ""
    return (
        group(inner, transform=f"translate({x} {y + 14 * (1 - grown):.1f}){turn}", opacity=grown)
        if grown
        else ""
    )


def mug(x: float, y: float, t: float, scale: float = 1) -> str:
    steam = "".join(
        stroke(f"M{dx} -84c{-12 + sway:.1f}-14 {12 + sway:.1f}-24 0-40", MUTED, 5, opacity=0.5)
        for dx, sway in [(-18, 5 * math.sin(t)), (6, 5 * math.sin(t + 1.4)), (30, 5 * math.sin(t + 2.6))]
    )
    inner = (
        steam
        + stroke("M46-54h14a18 18 0 0 1 0 38h-14", ORANGE, 11)
        + path("M-44-70h92v46a24 24 0 0 1-24 24h-44a24 24 0 0 1-24-24z", ORANGE)
    )
    return group(inner, transform=f"translate({x} {y}) scale({scale})")


def sheet(inner: str, lean: float = 0) -> str:
    paper = box(476, 44, 300, 334, DEEP, 14, opacity=0.12) + box(470, 36, 300, 334, WHITE, 14)
    return group(paper + inner, transform=f"rotate({lean} 620 200)")
