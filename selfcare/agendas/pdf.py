"""The one page as PDF, where WeasyPrint is installed (the ``pdf`` extra); without it the page offers printing."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

import config
from selfcare.errors import NotBuilt

try:
    import weasyprint
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except (ImportError, OSError):  # OSError: the wheel is there, the system's Pango is not
    weasyprint = None
    URLFetcher = object

ROOT = config.ROOT / "static"
HERE = "https://selfcare.invalid"  # what the page's own addresses start with while it is drawn
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


def available() -> bool:
    """Whether a PDF can be made here."""
    return weasyprint is not None


def pdf(html: str) -> bytes:
    """The PDF of a rendered page, tagged for screen readers (PDF/UA-1): headings, lists and what charts say.

    :raises NotBuilt: (501) WeasyPrint is not installed.
    """
    if weasyprint is None:
        raise NotBuilt(_("There is no PDF here. Print the page instead"))
    document: Any = weasyprint.HTML(string=html, base_url=f"{HERE}/", url_fetcher=_OwnFiles())
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


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
