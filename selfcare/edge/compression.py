"""Pages and JSON leave compressed: a diary of 16 KB is 3 KB on one bar of signal. Why that gives nothing away: decision 0031.

The build's own files are compressed beforehand (``tools/frontend.py build``); PDF and video are by their format.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

SMALLEST = 500  # bytes; below it the headers of a packet weigh more than what is saved

SETTINGS = {
    "COMPRESS_MIMETYPES": [
        "text/html",
        "text/css",
        "text/plain",
        "text/javascript",
        "application/json",
        "application/manifest+json",
    ],
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 5,
    "COMPRESS_LEVEL": 6,
    "COMPRESS_MIN_SIZE": SMALLEST,
    "COMPRESS_STREAMS": False,
    # The ETag is the version of a row, for If-Match; it never makes a GET answer 304.
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
}


# What a page of another site, or of a neighbour under the same domain, makes the browser ask for.
FOREIGN = frozenset({"cross-site", "same-site"})


class _Compress(Compress):
    """The library's own, but for two things.

    It would add ``:br`` to an ETag, and no If-Match would hold any more. And what another site asks for leaves as it is: who can
    make a browser ask again and again, and count the bytes, learns nothing from how well it was compressed (BREACH).
    """

    def after_request(self, response: Response | None) -> Response:
        assert response is not None
        if request.headers.get("Sec-Fetch-Site") in FOREIGN:
            response.vary.add("Sec-Fetch-Site")
            return response
        tag = response.headers.get("ETag")
        answer = super().after_request(response)
        if tag is not None:
            answer.headers["ETag"] = tag
        return answer


def register(app: Flask) -> None:
    """Compress what is worth it."""
    app.config.update(SETTINGS)
    _Compress(app)
