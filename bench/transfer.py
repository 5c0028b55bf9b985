"""What crosses the network at a first visit and at a second one: bytes, brotli, of the page and of what it loads."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import brotli

import config
from bench.client import Client, served
from bench.measure import Result
from bench.pages import PATIENTS, callers
from bench.world import Run

KILO = 1024
MOST_HTML_CSS, MOST_ALL = 14 * KILO, 25 * KILO
# For pages, which are made anew for everybody, a server in front of us compresses in passing; files are compressed at build.
QUALITY_IN_PASSING = 5


class _Loads(HTMLParser):
    """What a page makes a browser fetch before it is whole."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("rel") == "stylesheet":
            self.styles.append(given["href"])
        elif tag == "link" and given.get("rel") in ("modulepreload", "preload"):
            self.scripts.append(given["href"])
        elif tag == "script" and "src" in given:
            self.scripts.append(given["src"])
        elif tag in ("img", "source", "video", "track") and given.get("loading") != "lazy":
            self.others += [given[name] for name in ("src", "poster") if given.get(name)]
        elif tag == "use" and given.get("href", "#").partition("#")[0]:
            self.others.append(given["href"].partition("#")[0])


@dataclass
class Weight:
    """Bytes of one page."""

    html_sent: int = 0
    html: int = 0
    css: int = 0
    js: int = 0
    others: int = 0
    uncompressed: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        """HTML, CSS and JavaScript."""
        return self.html + self.css + self.js


def weigh(client: Client, path: str) -> Weight:
    """Fetch a page and what it loads, as a browser does that has nothing yet."""
    page = client.get(path)
    weight = Weight(html_sent=len(page.body))
    raw = brotli.decompress(page.body) if page.headers.get("content-encoding") == "br" else page.body
    weight.html = (
        len(page.body) if raw is not page.body else len(brotli.compress(raw, quality=QUALITY_IN_PASSING))
    )
    loads = _Loads()
    loads.feed(raw.decode())
    for kind, links in (("css", loads.styles), ("js", loads.scripts), ("others", loads.others)):
        for link in dict.fromkeys(links):
            target = urlsplit(urljoin(f"{client.server.origin}{path}", link))
            answer = client.get(target.path)
            if answer.status != 200:
                raise RuntimeError(f"{path} loads {link}, which answers {answer.status}")
            if kind != "others" and answer.headers.get("content-encoding") != "br":
                weight.uncompressed.append(target.path)
            setattr(weight, kind, getattr(weight, kind) + len(answer.body))
    return weight


def run(run: Run) -> list[Result]:
    """Sign-in, Today, diary, agenda, panel and summary, then the worker."""
    url = run.world.database(PATIENTS)
    results = []
    with served(url, run.world.folder) as server:
        clients, patient_id = callers(server)
        patient, clinician = clients["patient@demo.example"], clients["clinician@demo.example"]
        for name, client, path in (
            ("Sign-in", Client(server), "/sign-in"),
            ("Today", patient, "/"),
            ("Diary", patient, "/diary"),
            ("Agenda", patient, "/agenda"),
            ("Panel", clinician, "/panel"),
            ("Summary", clinician, f"/patients/{patient_id}/agenda"),
        ):
            status = client.get(path).status
            if status != 200:
                results.append(Result(name, "", also=f"not measured: answers {status}"))
                continue
            results.append(_result(name, weigh(client, path)))
        results.append(_worker(Client(server)))
    return results


def _worker(client: Client) -> Result:
    """The worker itself, and what it fetches for offline use when it is installed: after a first visit, never before it."""
    worker = len(brotli.compress(client.get("/sw.js").body))
    built = json.loads((config.ROOT / "static" / "dist" / "manifest.json").read_text(encoding="utf-8"))
    source = (config.ROOT / "static" / "js" / "sw" / "cache.js").read_text(encoding="utf-8")
    names = re.findall(r'"([^"]+)"', re.findall(r"const KEPT = \[([^]]*)\]", source)[0])
    sizes = {name: len(client.get(f"/static/dist/{built[name]}").body) for name in names}
    page = client.get("/offline").body
    sizes["/offline"] = len(brotli.compress(page, quality=QUALITY_IN_PASSING))
    return Result(
        "Worker",
        f"{_kb(worker + sum(sizes.values()))}: worker {_kb(worker)}, kept for offline use {_kb(sum(sizes.values()))}",
        also=", ".join(f"{name} {_kb(size)}" for name, size in sizes.items()),
        figures={"worker": worker, "kept": sizes},
    )


def _result(name: str, weight: Weight) -> Result:
    sent = (
        ""
        if weight.html_sent == weight.html
        else f"; our own server sends the HTML as {_kb(weight.html_sent)}"
    )
    return Result(
        name,
        f"{_kb(weight.all)}: HTML {_kb(weight.html)}, CSS {_kb(weight.css)}, JS {_kb(weight.js)}",
        also=f"second visit {_kb(weight.html)}; pictures and icons {_kb(weight.others)}{sent}",
        goal=f"all ≤ {_kb(MOST_ALL)}, HTML + CSS ≤ {_kb(MOST_HTML_CSS)}",
        met=weight.all <= MOST_ALL and weight.html + weight.css <= MOST_HTML_CSS and not weight.uncompressed,
        figures={
            "html": weight.html,
            "html_sent": weight.html_sent,
            "css": weight.css,
            "js": weight.js,
            "others": weight.others,
            "uncompressed": weight.uncompressed,
        },
    )


def _kb(size: int) -> str:
    return f"{size / KILO:.1f} KB"
