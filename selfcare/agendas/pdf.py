"""The one page as PDF, where WeasyPrint is installed (the ``pdf`` extra); without it the page offers printing."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

import config
from selfcare.errors import NotBuilt

try:
    import weasyprint
except (ImportError, OSError):  # OSError: the wheel is there, the system's Pango is not
    weasyprint = None

ROOT = config.ROOT / "static"


def available() -> bool:
    """Whether a PDF can be made here."""
    return weasyprint is not None


def pdf(html: str) -> bytes:
    """The PDF of a rendered page.

    :raises NotBuilt: (501) WeasyPrint is not installed.
    """
    if weasyprint is None:
        raise NotBuilt(_("There is no PDF here. Print the page instead"))
    document: Any = weasyprint.HTML(string=html, base_url="https://selfcare.invalid/", url_fetcher=_own_files)
    return bytes(document.write_pdf())


def _own_files(url: str, **_more: Any) -> dict[str, Any]:
    """Our built style sheets and icons from the disk, and nothing else: a page never makes the server fetch an address."""
    found = re.fullmatch(r"https://selfcare\.invalid/static/((?:dist/)?[\w./-]+)", url)
    file = (ROOT / found[1]).resolve() if found else None
    if file is None or not file.is_relative_to(ROOT) or not file.is_file():
        raise ValueError("only our own files")
    kinds = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
    return {"string": file.read_bytes(), "mime_type": kinds.get(file.suffix, "application/octet-stream")}
