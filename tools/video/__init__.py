"""The drawn scenes of our own videos: each is a function of time that gives SVG.

A picture gets `t`, the seconds since its scene began, and answers with what stands inside one 854 × 480 SVG.
Movement is slow and ends at rest, so that nobody has to follow it. Words stand top left; the lowest 90 pixels
stay empty of words, for the captions. Colours are the product's own tokens.
"""

from __future__ import annotations

from collections.abc import Callable

from tools.video import landscapes, papers, rooms

PICTURES: dict[str, Callable[[float], str]] = {
    "sunrise": landscapes.sunrise,
    "hills": landscapes.open_hills,
    "stones": landscapes.stones,
    "plan": papers.plan,
    "week": papers.week,
    "skip": papers.skip,
    "ruler": papers.ruler,
    "waves": landscapes.waves,
    "flare": landscapes.flare,
    "parts": rooms.parts,
    "kettle": rooms.kettle,
    "phone": rooms.phone,
    "path": landscapes.lane,
    "plate": rooms.plate,
    "walker": landscapes.walker,
    "clock": rooms.clock,
    "sweet": rooms.sweet,
    "chairs": papers.chairs,
    "list": papers.listing,
    "star": papers.star,
    "share": papers.share,
    "two": papers.two,
    "calendar": papers.calendar,
}
"""What a pack's `picture` may name."""
