"""Scenes at home: a meal, a rest, a clock, a phone."""

from __future__ import annotations

import math

from tools.video.brushes import (
    BRAND,
    DARK,
    MID,
    MUTED,
    ORANGE,
    PAPER,
    PEACH,
    SKY,
    SOFT,
    SUN,
    SUN_TINT,
    SUNK,
    TEXT,
    TINT,
    UMBER,
    WHITE,
    after,
    box,
    circle,
    ease,
    fill,
    group,
    path,
    stroke,
    tick,
)
from tools.video.props import ground, mug


def parts(t: float) -> str:
    drawn = ""
    for i, x in enumerate((110, 330, 550)):
        drawn += group(
            box(x, 262 + 12 * (1 - after(t, 0.8 + i * 1.5)), 124, 88, BRAND, 12),
            opacity=after(t, 0.8 + i * 1.5),
        )
        if i < 2:
            drawn += group(mug(x + 170, 350, t, 0.62), opacity=after(t, 1.6 + i * 1.5))
    last = tick(612, 308, 24, WHITE, after(t, 4.2))
    return (
        fill(SUN_TINT)
        + box(0, 350, 854, 130, PEACH, 0)
        + drawn
        + last
        + group(mug(722, 350, t, 0.62), opacity=after(t, 4.6))
    )


def kettle(t: float) -> str:
    chair = (
        box(566, 216, 20, 176, DARK, 6)
        + box(566, 304, 150, 22, BRAND, 8)
        + box(696, 326, 18, 66, DARK, 6)
        + box(580, 208, 38, 100, MID, 14)
    )
    table = box(740, 300, 96, 14, UMBER, 5) + box(780, 314, 14, 78, UMBER, 4)
    window = (
        box(392, 96, 128, 150, SKY, 8, stroke=WHITE, stroke_width=10)
        + circle(470, 176 - 14 * ease(t / 5), 28, SUN)
        + stroke("M456 96v150M392 170h128", WHITE, 7)
    )
    return fill("#f3e9dc") + window + box(0, 392, 854, 88, SUNK, 0) + chair + table + mug(784, 300, t, 0.7)


def plate(t: float) -> str:
    turn = ease(t / 4)
    food = (
        path("M614 130a110 110 0 0 0 0 220z", MID)
        + path("M622 130a110 110 0 0 1 104 104H622z", ORANGE)
        + path("M622 246h104a110 110 0 0 1-104 104z", "#ffd98a")
        + "".join(circle(x, y, 15, BRAND) for x, y in [(566, 214), (588, 276), (546, 262)])
    )
    fork = stroke("M440 130v70M424 130v52q0 18 16 18t16-18v-52M440 200v150", MUTED, 9)
    knife = path("M800 130c20 10 24 56 18 100h-14v124h-10V130z", MUTED)
    steam = "".join(
        stroke(
            f"M{x} {118 - 10 * turn:.1f}c-12-14 12-24 0-40",
            MUTED,
            5,
            opacity=0.45 * (0.6 + 0.4 * math.sin(t + x)),
        )
        for x in (584, 618, 652)
    )
    return (
        fill(PEACH) + circle(618, 240, 146, WHITE) + circle(618, 240, 120, SUNK) + food + fork + knife + steam
    )


def clock(t: float) -> str:
    angle = math.radians(60 * ease((t - 0.6) / 3))
    x, y = 620 + 112 * math.sin(angle), 224 - 112 * math.cos(angle)
    face = circle(620, 224, 150, WHITE, stroke=DARK, stroke_width=12)
    piece = path(f"M620 224V112A112 112 0 0 1 {x:.1f} {y:.1f}z", SUN)
    marks = "".join(
        stroke("M620 96v10", MUTED, 5, transform=f"rotate({30 * hour} 620 224)") for hour in range(12)
    )
    hand = stroke(
        f"M620 224L{620 + 96 * math.sin(angle):.1f} {224 - 96 * math.cos(angle):.1f}", BRAND, 10
    ) + circle(620, 224, 12, BRAND)
    return fill(TINT) + face + piece + marks + hand + ground(SOFT)


def sweet(t: float) -> str:
    bob = 5 * math.sin(t * 1.1)
    wrapped = group(
        path("M-54 0l-46-34v68zM54 0l46-34v68z", ORANGE)
        + circle(0, 0, 56, SUN)
        + stroke("M-34-24c20-16 48-16 68 0M-40 8c24-14 56-14 80 0", WHITE, 7),
        transform=f"translate(530 {250 + bob:.1f}) rotate(-14)",
    )
    carton = group(
        stroke("M20-120l10-44h26", MUTED, 8)
        + path("M-52-120h104v190h-104z", BRAND)
        + path("M-52-60h104v80h-104z", WHITE)
        + circle(0, -20, 26, ORANGE)
        + path("M0-44c4-14 16-18 26-16-2 12-12 18-26 16z", MID),
        transform=f"translate(710 {284 - bob:.1f})",
    )
    return fill(SUN_TINT) + box(0, 352, 854, 128, PEACH, 0) + wrapped + carton


def phone(t: float) -> str:
    arcs = "".join(
        stroke(
            f"M{724 + i * 24} {190 - i * 16}a{56 + i * 30} {56 + i * 30} 0 0 1 0 {84 + i * 32}",
            SUN,
            9,
            opacity=0.35 + 0.65 * max(0.0, math.sin(t * 1.6 - i * 0.8)),
        )
        for i in range(3)
    )
    shape = box(560, 78, 150, 284, TEXT, 26) + box(572, 104, 126, 226, PAPER, 8) + circle(635, 346, 8, PAPER)
    handset = stroke("M612 196c2 30 26 54 56 58l12-22-22-12-10 8c-8-4-14-10-18-18l8-10-10-20z", BRAND, 7)
    return fill(TINT) + arcs + shape + handset + ground(SOFT)
