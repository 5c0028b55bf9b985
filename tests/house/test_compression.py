"""What leaves compressed, what does not, and that an ETag is still what If-Match wants."""

from __future__ import annotations

import gzip
import json
import time
import uuid
from typing import Any

import brotli
import pytest
from flask import Response

from selfcare.edge import compression
from tests.factories import PASSWORD

pytestmark = pytest.mark.any_database  # answers as they leave

PHONE = {"Accept-Encoding": "gzip, deflate, br, zstd", "Sec-Fetch-Site": "same-origin"}


def test_a_page_leaves_as_brotli_and_reads_the_same(ayse: Any) -> None:
    plain, small = ayse.get("/help"), ayse.get("/help", headers=PHONE)
    assert small.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
    assert b"<h1" in brotli.decompress(small.data)
    assert "Content-Encoding" not in plain.headers


def test_a_phone_without_brotli_gets_gzip(ayse: Any) -> None:
    small = ayse.get("/help", headers={"Accept-Encoding": "gzip, deflate"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert b"<h1" in gzip.decompress(small.data)
    assert "Content-Encoding" not in ayse.get("/help", headers={"Accept-Encoding": "identity"}).headers


@pytest.mark.parametrize("path", ["/api/v1/measures", "/manifest.webmanifest", "/api/openapi.json"])
def test_json_and_the_manifest_too(ayse: Any, path: str) -> None:
    small = ayse.get(path, headers=PHONE)
    assert small.headers["Content-Encoding"] == "br"
    assert json.loads(brotli.decompress(small.data))


def test_what_is_tiny_stays_as_it_is(ayse: Any) -> None:
    assert len(ayse.get("/api/v1/session").data) < compression.SMALLEST
    assert "Content-Encoding" not in ayse.get("/api/v1/session", headers=PHONE).headers


def test_pdf_and_streams_are_left_alone(app: Any) -> None:
    def leaves(answer: Response) -> Response:
        with app.test_request_context(headers=PHONE):
            return app.process_response(answer)

    pdf = leaves(Response(b"%PDF" + b"0" * 5000, content_type="application/pdf"))
    assert "Content-Encoding" not in pdf.headers
    stream = leaves(Response((b"<p>" + b"0" * 5000 for _part in range(3)), content_type="text/html"))
    assert "Content-Encoding" not in stream.headers
    assert stream.is_streamed


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_the_tag_of_a_compressed_answer_is_still_what_if_match_wants(ayse: Any, coding: str) -> None:
    path, long = f"/api/v1/goals/{uuid.uuid4()}", "Walk " * 80
    accepts = {"Accept-Encoding": coding}
    made = ayse.put(path, {"statement": long}, headers=accepts)
    assert made.headers["Content-Encoding"] == coding
    assert made.headers["ETag"] == '"v1"'
    read = ayse.get(path, headers=accepts)
    assert (read.headers["Content-Encoding"], read.headers["ETag"]) == (coding, '"v1"')
    changed = ayse.put(
        path, {"statement": long + "more"}, headers=accepts | {"If-Match": read.headers["ETag"]}
    )
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"v2"'
    # A GET is always answered in full: the tag is no promise about bytes.
    assert ayse.get(path, headers=accepts | {"If-None-Match": '"v2"'}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_asks_for_tells_nothing_by_its_length(ayse: Any, site: str) -> None:
    """BREACH: two guesses, one of them right, are as long as each other."""

    def length(guess: str) -> int:
        answer = ayse.get(f"/?guess={guess}", headers=PHONE | {"Sec-Fetch-Site": site})
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
        return len(answer.data)

    assert length("Good morning, Ay") == length("Xqzj wvkpfh, Zq")
    for own in ("same-origin", "none"):
        assert ayse.get("/", headers=PHONE | {"Sec-Fetch-Site": own}).headers["Content-Encoding"] == "br"


def test_no_cookie_goes_with_what_another_site_fetches(world: Any, nobody: Any) -> None:
    given = {"email": "ayse@test.example", "password": PASSWORD}
    assert nobody.post("/api/v1/session", given).status_code == 200
    assert nobody.http.get_cookie("selfcare").same_site == "Lax"
    headers = nobody.get("/").headers
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_token_in_a_page_is_another_a_second_later(ayse: Any) -> None:
    def signature() -> str:
        return str(ayse.get("/api/v1/session").json["csrf_token"]).rsplit(".", 1)[1]

    first = signature()
    time.sleep(1.1)
    assert signature() != first
