"""Each page through the real server, against its own template rendered bare there, and against hello-world."""

from __future__ import annotations

import statistics
import uuid
from dataclasses import dataclass
from functools import partial

from bench import report
from bench.client import Client, Server, ServerError, served
from bench.measure import Result, Times, interleave
from bench.served import HELLO
from bench.world import Run

PATIENTS = 40
EACH = 6  # requests of a page in one turn
GOAL, TAIL = 0.5, 3.0


@dataclass(frozen=True)
class Page:
    """One page, and who looks at it."""

    name: str
    path: str
    email: str = "patient@demo.example"


def pages_of(patient_id: str) -> list[Page]:
    """The pages that people open daily."""
    grace = "clinician@demo.example"
    return [
        Page("Today", "/"),
        Page("Diary", "/diary"),
        Page("New entry", "/diary/new"),
        Page("Goals", "/goals"),
        Page("Agenda", "/agenda"),
        Page("Learn", "/learn"),
        Page("Panel", "/panel", grace),
        Page("Summary", f"/patients/{patient_id}/agenda", grace),
    ]


def run(run: Run) -> list[Result]:
    """8 pages, 3 ways each."""
    rounds = run.rounds(25)
    url = run.world.database(PATIENTS)
    results = []
    with served(url, run.world.folder) as server:
        clients, patient_id = callers(server)
        for page in pages_of(patient_id):
            try:
                results.append(_one(server, clients[page.email], page, rounds))
            except ServerError as problem:
                results.append(Result(page.name, "", also=f"not measured: {problem}"))
    return results


def callers(server: Server) -> tuple[dict[str, Client], str]:
    """A signed-in browser for each person, and the first patient's id."""
    clients = {}
    for email in ("patient@demo.example", "clinician@demo.example"):
        clients[email] = Client(server)
        clients[email].sign_in(email)
    answer = clients["patient@demo.example"].get("/api/v1/session")
    return clients, str(uuid.UUID(answer.json["user"]["id"]))


def _one(server: Server, client: Client, page: Page, rounds: int) -> Result:
    key = page.name.replace(" ", "-")
    whole = client.get(page.path, X_Bench_Page=key)
    if whole.status != 200:
        raise ServerError(f"{page.path} answers {whole.status}")
    plain = Client(server)  # a browser without cookies: the yardsticks open no session
    if plain.get(f"/bench/bare/{key}").body != whole.body:
        raise ServerError(f"{page.path} rendered bare is another page")
    requests = {
        "page": (client, client.request("GET", page.path)),
        "bare": (plain, plain.request("GET", f"/bench/bare/{key}")),
        "hello": (plain, plain.request("GET", "/bench/hello")),
    }

    spent: dict[str, list[float]] = {name: [] for name in requests}

    def turn(name: str) -> list[float]:
        who, request = requests[name]
        before = float(plain.get("/bench/cpu").body)
        seconds = [who.seconds(request) for _each in range(EACH)]
        spent[name].append(float(plain.get("/bench/cpu").body) - before)
        return seconds

    with report.progress(f"Page {page.name}", rounds) as step:
        times = interleave({name: partial(turn, name) for name in requests}, rounds, step, warm_up=2)
    cpu = statistics.median(bare / own for bare, own in zip(spent["bare"], spent["page"], strict=True))
    return _result(page, times, cpu, len(whole.body))


def _result(page: Page, times: dict[str, Times], cpu: float, size: int) -> Result:
    own, bare, hello = times["page"], times["bare"], times["hello"]
    ratio, to_hello = own.against(bare), own.against(hello)
    return Result(
        page.name,
        "its template bare",
        ratio,
        also=f"{own.p50 * 1000:.1f} ms (bare {bare.p50 * 1000:.1f}), p99 {own.tail:.1f} × p50; in CPU {cpu:.2f};"
        f" of hello {to_hello.middle:.3f}",
        goal=f"≥ {GOAL}, p99 ≤ {TAIL:g} × p50",
        met=ratio.middle >= GOAL and own.tail <= TAIL,
        figures={
            "p50_ms": own.p50 * 1000,
            "p99_ms": own.p99 * 1000,
            "bare_p50_ms": bare.p50 * 1000,
            "hello_p50_ms": hello.p50 * 1000,
            "cpu_ratio": cpu,
            "of_hello": to_hello.middle,
            "html_bytes": size,
            "hello_bytes": len(HELLO),
            "requests": len(own.all),
        },
    )
