"""Scenes out of doors."""

from __future__ import annotations

import math

from tools.video.brushes import (
    BRAND,
    BROWN,
    DARK,
    DEEP,
    LILAC,
    MID,
    ORANGE,
    PAPER,
    PEACH,
    SKY,
    SOFT,
    SUN,
    SUN_TINT,
    SUNK,
    TEXT,
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
    tag,
)
from tools.video.props import cloud, hills, tree


def sunrise(t: float) -> str:
    up = ease(t / 3.2)
    sun_y = 400 - 92 * up
    dots = "".join(
        circle(
            600 - 148 * math.cos(math.pi * i / 6),
            308 - 148 * math.sin(math.pi * i / 6),
            14,
            BRAND,
            opacity=after(t, 0.9 + i * 0.25, 0.6),
        )
        for i in range(7)
    )
    return fill(SKY) + dots + circle(600, sun_y, 84, SUN) + hills()


def open_hills(t: float) -> str:
    return (
        fill(SUN_TINT)
        + circle(640, 250, 70, SUN)
        + cloud(430 + t * 5, 110)
        + cloud(690 + t * 3, 80, 0.7)
        + hills()
        + tree(560, 388, 0.9)
        + tree(724, 400, 1.15)
    )


def stones(t: float) -> str:
    places = [(150, 404, 60), (290, 376, 54), (416, 344, 46), (522, 308, 40), (612, 276, 34)]
    ripples = "".join(
        stroke(f"M{x + 8 * math.sin(t * 0.8 + x):.1f} {y}h{w}", WHITE, 4, opacity=0.7)
        for x, y, w in [
            (60, 340, 70),
            (330, 430, 90),
            (560, 400, 80),
            (700, 350, 60),
            (210, 300, 60),
            (760, 440, 60),
        ]
    )
    drawn = "".join(
        tag("ellipse", cx=x, cy=y + 8, rx=r + 4, ry=r * 0.42, fill=SOFT)
        + tag("ellipse", cx=x, cy=y, rx=r, ry=r * 0.4, fill=PAPER)
        + tag("ellipse", cx=x, cy=y, rx=r, ry=r * 0.4, fill=SUN, opacity=after(t, 0.7 + i * 0.75))
        for i, (x, y, r) in enumerate(places)
    )
    wave = 4 * math.sin(t * 1.4)
    flag = box(716, 118, 8, 128, DARK, 3) + path(
        f"M724 122c24-12 44 {12 + wave:.1f} 74 0v50c-30 {12 - wave:.1f}-50-12-74 0z", BRAND
    )
    bank = path("M600 262c60-38 170-44 254-30v64c-90 14-190 8-254-34z", MID)
    return fill(SKY) + ripples + bank + flag + drawn


def waves(t: float) -> str:
    def swell(y: float, high: float, speed: float, colour: str) -> str:
        points = " ".join(f"{x} {y + high * math.sin(x / 120 + t * speed):.1f}" for x in range(0, 861, 20))
        return path(f"M0 480L{points}L860 480z", colour)

    return (
        fill(LILAC)
        + circle(640, 214, 84, SUN)
        + swell(270, 26, 0.35, "#c9c0dc")
        + swell(320, 22, 0.5, SOFT)
        + swell(380, 18, 0.65, BRAND)
    )


def flare(t: float) -> str:
    heights = [0, 4, -4, 6, 0, 10, 62, 128, 96, 44, 12, 2, 6, 0]
    grown = ease(t / 4.2) * (len(heights) - 1)
    points = []
    for i in range(131):
        at = i / 130 * (len(heights) - 1)
        if at > grown + 0.001:
            break
        low = int(at)
        a, b = heights[low], heights[min(low + 1, len(heights) - 1)]
        points.append((70 + at * 55, 330 - (a + (b - a) * ease(at - low))))
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    glow = circle(455, 206, 84, PEACH, opacity=after(t, 2.0, 1.4))
    return (
        fill(PAPER)
        + box(0, 352, 854, 128, SUNK, 0)
        + glow
        + stroke("M" + line, BRAND, 9)
        + circle(x, y, 15, SUN, stroke=DARK, stroke_width=5)
    )


def lane(t: float) -> str:
    road = path("M420 480c60-46 150-58 168-98l34 4c-4 42-60 56-54 94z", PAPER)
    return (
        fill(SKY)
        + cloud(380 + t * 6, 96)
        + circle(660, 330 - 20 * ease(t / 4), 78, SUN)
        + hills()
        + road
        + tree(500, 392, 0.9)
    )


def walker(t: float) -> str:
    swing = math.sin(t * 3.4)
    at = 520 + 22 * t
    legs = "".join(
        stroke(f"M0 0L{s * 26 * swing:.1f} 46L{s * 40 * swing - 8 * abs(swing):.1f} 96h16", colour, 19)
        for s, colour in ((-1, DARK), (1, DEEP))
    )
    arms = "".join(
        stroke(f"M0 -86L{-s * 28 * swing:.1f} -46L{-s * 34 * swing + 14:.1f} -18", colour, 14)
        for s, colour in ((-1, UMBER), (1, BROWN))
    )
    back, front = arms.split("/>", 1)
    body = path("M-26-104h44c8 0 12 6 12 12v98h-68v-98c0-6 4-12 12-12z", ORANGE)
    head = (
        box(-9, -118, 18, 20, BROWN, 4)
        + circle(0, -138, 29, BROWN)
        + path("M-29-140c0-24 14-34 29-34s29 10 29 34c-9-13-18-15-29-15s-20 2-29 15z", TEXT)
    )
    dots = ""
    for i in range(5):
        went = (t * 0.28 + i / 5) % 1.0
        dots += circle(
            -6 + 8 * math.sin(i * 2),
            -70 + 120 * went,
            7,
            WHITE,
            opacity=0.95 * (1 - went) if went > 0.05 else 0,
        )
    figure = group(
        back + "/>" + legs + body + dots + front + head,
        transform=f"translate({at:.1f} {306 - 3 * abs(swing):.1f})",
    )
    return (
        fill(SKY)
        + cloud(700 - t * 6, 90)
        + cloud(250 - t * 4, 210, 0.7)
        + hills(MID, SOFT)
        + path("M0 404c220-20 430-20 854 0v76H0z", BRAND)
        + figure
    )
