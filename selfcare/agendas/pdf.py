"""The one page as PDF, where WeasyPrint is installed (the ``pdf`` extra); without it the page offers printing."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

import config
from selfcare.agendas.paper import Paper
from selfcare.errors import NotBuilt

try:
    import pydyf
    import weasyprint
    from weasyprint.formatting_structure.boxes import BlockBox
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except (ImportError, OSError):  # OSError: the wheel is there, the system's Pango is not
    weasyprint = None
    URLFetcher = object

# WeasyPrint warns of every letter that no font has, one by one: the patient's words, spelt out in the log.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)

ROOT = config.ROOT / "static"
HERE = "https://selfcare.invalid"  # what the page's own addresses start with while it is drawn
# WeasyPrint trips over a line end of these kinds that follows a space; drawn, they are all the same.
LINE_ENDS = str.maketrans(dict.fromkeys("\f\x85\u2028\u2029", "\n"))
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


def available() -> bool:
    """Whether a PDF can be made here."""
    return weasyprint is not None


def pdf(paper: Paper, draw: Callable[[Paper], str]) -> bytes:
    """The PDF of the page, tagged for screen readers (PDF/UA-1): headings, lists and what charts say.

    It is measured: while it is longer than one sheet, one thing less is drawn, never the patient's words. Where the
    server's fonts lack letters of theirs, the paper says that those are online.

    :param paper: what is left out to begin with.
    :param draw: the page's HTML for what is left out.
    :raises NotBuilt: (501) WeasyPrint is not installed.
    """
    if weasyprint is None:
        raise NotBuilt(_("There is no PDF here. Print the page instead"))
    drawn = _drawn(draw(paper))
    while len(drawn.pages) > 1 and (smaller := paper.smaller()):
        paper, drawn = smaller, _drawn(draw(smaller))
    written = _written(drawn)
    if paper.has_all_letters and any(font.missing for font in drawn.fonts.values()):
        return pdf(replace(paper, has_all_letters=False), draw)
    return written


def _drawn(html: str) -> Any:
    return weasyprint.HTML(
        string=html.translate(LINE_ENDS), base_url=f"{HERE}/", url_fetcher=_OwnFiles()
    ).render()


def _written(drawn: Any) -> bytes:
    return bytes(drawn.write_pdf(pdf_variant="pdf/ua-1", finisher=_say_exactly))


def _say_exactly(drawn: Any, written: Any) -> None:
    """Give every quotation its words as they were written, for screen readers and for copying: what is drawn are shapes, which
    lose joiners and line ends and stand in the order of the eye. Of one that goes on overleaf, the beginning has them all.
    """
    tags = [each for each in written.objects if isinstance(each, dict) and each.get("S") == "/BlockQuote"]
    boxes = [box for page in drawn.pages for box in page._page_box.descendants() if isinstance(box, BlockBox)]
    quotes = [box.element for box in boxes if box.element_tag == "blockquote"]
    for place, (tag, quote) in enumerate(zip(tags, quotes, strict=True)):
        tag["ActualText"] = pydyf.String("" if quote in quotes[:place] else "".join(quote.itertext()))


class _OwnFiles(URLFetcher):
    """Our static files from the disk, and nothing else: no page makes the server fetch an address."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The file behind one of our own addresses.

        :raises ValueError: any other address; WeasyPrint then draws the page without it.
        """
        found = re.fullmatch(rf"{HERE}/static/([\w./-]+)", url)
        file = (ROOT / found[1]).resolve() if found else None
        if file is None or not file.is_relative_to(ROOT) or not file.is_file():
            raise ValueError("only our own files")
        kind = KINDS.get(file.suffix, "application/octet-stream")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})
