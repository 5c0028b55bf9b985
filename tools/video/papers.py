"""Scenes about planning: the week, the ruler, lists and the visit."""

from __future__ import annotations

from tools.video.brushes import (
    BRAND,
    BROWN,
    DARK,
    DEEP,
    LILAC,
    LINE,
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
    word,
)
from tools.video.props import bubble, ground, person, sheet


def plan(t: float) -> str:
    rows = [("What", 180), ("How much", 120), ("When", 160), ("How often", 96)]
    drawn = ""
    for i, (label, length) in enumerate(rows):
        y, shown = 120 + i * 66, after(t, 0.8 + i * 0.9)
        drawn += group(
            circle(486, y - 7, 15, BRAND)
            + tick(486, y - 6, 8, WHITE, after(t, 1.3 + i * 0.9))
            + word(518, y, label, 23),
            opacity=shown,
        ) + box(650, y - 16, max(1, length * 0.72 * shown), 16, SOFT, 8, opacity=shown)
    return (
        fill(TINT)
        + box(444, 56, 360, 300, DEEP, 18, opacity=0.12)
        + box(438, 48, 360, 300, WHITE, 18)
        + drawn
    )


def days(t: float, done: tuple[int, ...], skipped: tuple[int, ...] = ()) -> str:
    drawn = ""
    for i, letter in enumerate("MTWTFSS"):
        x, grown = 115 + i * 104, after(t, 0.9 + i * 0.35)
        chosen = i in done
        drawn += word(x, 200, letter, 28, MUTED, text_anchor="middle")
        if i in skipped:
            drawn += circle(x, 264, 38, WHITE, stroke=MUTED, stroke_width=5) + stroke(
                f"M{x - 15} 264h30", MUTED, 7, opacity=grown
            )
        elif chosen:
            drawn += (
                circle(x, 264, 38, WHITE, stroke=BRAND, stroke_width=5)
                + circle(x, 264, 40 * grown, BRAND)
                + tick(x, 266, 17, WHITE, grown)
            )
        else:
            drawn += circle(x, 264, 9, SOFT)
    return fill(PAPER) + box(40, 150, 774, 180, WHITE, 20, stroke=LINE, stroke_width=2) + drawn + ground(TINT)


def week(t: float) -> str:
    return days(t, done=(0, 2, 5))


def skip(t: float) -> str:
    return days(t, done=(0, 5), skipped=(2,))


def ruler(t: float) -> str:
    reached = 7 * ease((t - 0.8) / 3.2)
    drawn = ""
    for i in range(11):
        x, high = 88 + i * 62, 56 + i * 9
        lit = min(1.0, max(0.0, reached - i + 1)) if i <= 7 else 0.0
        chosen = i == 7 and reached > 6.6
        drawn += box(x, 372 - high, 54, high, WHITE, 8, stroke=MUTED, stroke_width=2) + box(
            x, 372 - high, 54, high, SOFT, 8, opacity=lit
        )
        if chosen:
            drawn += box(x, 372 - high, 54, high, BRAND, 8, opacity=after(t, 3.6, 0.5))
        drawn += word(x + 27, 358, str(i), 24, WHITE if chosen and t > 3.85 else TEXT, text_anchor="middle")
    return fill(SUN_TINT) + circle(790, 86, 44, SUN) + drawn + path("M0 410c220-30 500-30 854 6v64H0z", PEACH)


def chairs(t: float) -> str:
    sun = circle(610, 130 - 14 * ease(t / 4), 40, SUN)
    window = (
        box(530, 54, 160, 150, SKY, 8)
        + sun
        + box(530, 54, 160, 150, "none", 8, stroke=WHITE, stroke_width=10)
    )
    people = person(470, 392, BRAND, UMBER) + person(748, 392, ORANGE, BROWN, UMBER)
    return fill("#f3e9dc") + window + box(0, 392, 854, 88, SUNK, 0) + people + bubble(600, 268, after(t, 1.0))


def listing(t: float) -> str:
    rows, pen = "", (560.0, 116.0)
    for i, length in enumerate((180, 140, 165)):
        y, grown = 116 + i * 90, after(t, 0.8 + i * 1.5, 1.4)
        rows += circle(510, y - 8, 20, TINT) + word(510, y, str(i + 1), 24, DEEP, text_anchor="middle")
        if grown > 0:
            rows += stroke(f"M552 {y - 8}h{max(1, length * grown):.1f}", DARK, 9)
            pen = (556 + length * grown, y - 8.0)
    pencil = group(
        path("M0 0l8-26 64-64 20 20-64 64z", SUN)
        + path("M0 0l8-26 20 20z", PEACH)
        + path("M72-90l8-8 20 20-8 8z", ORANGE),
        transform=f"translate({pen[0]:.1f} {pen[1]:.1f})",
    )
    return fill(SKY) + ground(SOFT) + sheet(rows) + pencil


def star(t: float) -> str:
    moved = after(t, 1.6, 1.6)
    slots = [90.0, 180.0, 270.0]
    places = [slots[0] + 90 * moved, slots[1] - 90 * moved, slots[2]]
    shape = "M0-26l7.6 17.4 18.8 1.8-14.2 12.6 4.2 18.6L0 14.6l-16.4 9.8 4.2-18.6-14.2-12.6 18.8-1.8z"
    drawn = ""
    for i in (0, 2, 1):
        chosen = i == 1
        drawn += box(
            450,
            places[i] - 36,
            340,
            76,
            WHITE,
            14,
            stroke=BRAND if chosen and moved > 0.5 else LINE,
            stroke_width=4,
        )
        drawn += stroke(f"M540 {places[i]:.1f}h{(190, 210, 150)[i]}", DARK, 9)
        drawn += (
            path(
                shape,
                SUN,
                transform=f"translate(496 {places[i]:.1f}) scale({0.2 + 0.9 * after(t, 3.0):.2f})",
                opacity=after(t, 3.0),
            )
            if chosen
            else ""
        )
    return fill(TINT) + drawn + path("M0 430c220-36 500-36 854 6v44H0z", SOFT)


def share(t: float) -> str:
    rows = ""
    for i, (label, chosen) in enumerate((("My goals", True), ("My diary", True), ("My mood", False))):
        y = 116 + i * 90
        grown = after(t, 1.2 + i * 1.2) if chosen else 0
        rows += box(494, y - 32, 46, 46, WHITE, 8, stroke=TEXT, stroke_width=4) + box(
            494, y - 32, 46, 46, BRAND, 8, opacity=grown
        )
        rows += tick(517, y - 8, 14, WHITE, grown) + word(562, y, label, 28)
    return fill(SUN_TINT) + ground(PEACH) + sheet(rows)


def two(t: float) -> str:
    paper = group(
        box(-56, -40, 112, 140, WHITE, 8, stroke=LINE, stroke_width=3)
        + stroke("M-34-10h68M-34 16h48M-34 42h60", SOFT, 8),
        transform="translate(614 312) rotate(-4)",
    )
    return (
        fill(PEACH)
        + circle(614, 190, 150, SUN_TINT)
        + box(0, 400, 854, 80, SUNK, 0)
        + person(500, 400, MID, BROWN, MUTED)
        + person(728, 400, LILAC, UMBER)
        + paper
        + bubble(640, 96, after(t, 0.9), flip=True)
    )


def calendar(t: float) -> str:
    squares = ""
    for i in range(21):
        x, y = 482 + (i % 7) * 44, 140 + (i // 7) * 66
        squares += box(x, y, 36, 50, SUNK, 6)
    first, later = after(t, 0.8), after(t, 2.6)
    marks = box(526, 140, 36, 50, BRAND, 6, opacity=first) + tick(544, 166, 10, WHITE, first)
    arc = stroke(
        "M544 196c-36 44-36 60-22 96",
        SUN,
        7,
        pathLength=1,
        stroke_dasharray=1,
        stroke_dashoffset=float(1 - after(t, 1.6, 1.2)),
    )
    second = box(526, 272, 36, 50, SUN, 6, opacity=later) + circle(544, 297, 8, DARK, opacity=later)
    head = (
        box(462, 48, 340, 310, WHITE, 16)
        + path("M462 64a16 16 0 0 1 16-16h308a16 16 0 0 1 16 16v50H462z", BRAND)
        + box(530, 32, 14, 44, DARK, 7)
        + box(720, 32, 14, 44, DARK, 7)
    )
    return fill(SKY) + ground(SOFT) + head + squares + marks + arc + second
