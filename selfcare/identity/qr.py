"""QR codes as one SVG path: no picture file, no style, nothing remote."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around the code, which readers need (ISO/IEC 18004)


@dataclass(frozen=True)
class QrCode:
    """``size`` modules each way, quiet zone included; ``path`` draws the dark ones, one unit each."""

    size: int
    path: str


def draw(text: str) -> QrCode:
    """The code of ``text``, readable with 15% of it smudged (level M)."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=QUIET)]
    runs = []
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return QrCode(len(rows), "".join(runs))
