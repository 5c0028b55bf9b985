"""The seven steps and the rule below 7, walked at random: the patient can always go on, may keep the plan, and every answer stays, in
a number or in words as it was given.

A machine plays Ayşe and Grace through their own doors. It knows only what method.md promises.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from selfcare.extensions import db
from selfcare.goals.answers import OWN_RESULTS, RESULT_NAMES
from selfcare.goals.models import ConfidenceScore, WeeklyPlan
from selfcare.goals.problem_solving import STEPS
from tests.conftest import empty
from tests.factories import make_world
from tests.goals.conftest import MONDAY, PLAN, WALK, new_id

ROOT = Path(__file__).resolve().parents[2]
# In any wording: nobody is asked why it is not 10, not higher, not more.
WHY_NOT_TEN = re.compile(r"why[^.?!]{0,40}\bnot\b[^.?!]{0,20}(\b10\b|\bten\b|higher|more\b)", re.I)

RULER = st.integers(0, 10)
WORDS = st.sampled_from(["", "My knee", "Rain & no time", "عندي ألم"])
SURE = ("not at all", "somewhat", "very sure")
ANSWER = st.none() | RULER | st.sampled_from(SURE)
DEED = ("what", "how_much", "when_text", "days")


def told(answer: int | str | None) -> dict[str, str]:
    """What a form sends for an answer on the ruler, in words, or none."""
    if isinstance(answer, str):
        return {"in_words": "yes", "confidence_words": answer}
    return {} if answer is None else {"confidence": str(answer)}


def is_low(answer: int | str | None) -> bool:
    return answer in SURE[:2] if isinstance(answer, str) else answer is not None and answer < 7


def machine(app: Any, story: Any, sign_in: Any) -> type[RuleBasedStateMachine]:
    class Walk(RuleBasedStateMachine):
        """Ayşe's plan of one week, her numbers, and Grace's follow-ups."""

        @initialize()
        def begin(self) -> None:
            empty()
            with story():
                self.world = make_world()
            self.ayse, self.grace = sign_in("ayse"), sign_in("grace")
            self.goal, self.said = new_id(), [PLAN["confidence"]]
            assert self.ayse.put(f"/api/v1/goals/{self.goal}", WALK).status_code == 201
            assert self.ayse.put(f"/api/v1/goals/{self.goal}/weeks/{MONDAY}", PLAN).status_code == 201
            self.offered = True  # her plan names what gets in the way already
            self.open: str | None = None
            self.pages: list[str] = []

        def page(self, answer: Any) -> str:
            html = str(answer.get_data(as_text=True))
            assert answer.status_code == 200, html
            self.pages.append(html)
            return html

        def plan(self) -> dict[str, Any]:
            with story():
                row = db.session.scalars(sa.select(WeeklyPlan)).one()
                return {name: getattr(row, name) for name in (*DEED, "confidence", "problem_step")}

        @rule(score=RULER, why=WORDS)
        def she_rates_her_plan(self, score: int, why: str) -> None:
            before = self.plan()
            path = f"/goals/{self.goal}/confidence?week={MONDAY}"
            html = self.page(
                self.ayse.send(path, score_id=new_id(), confidence=str(score), why_not_lower=why)
            )
            self.said.append(score)
            asked_for_help = "What could help?" in html
            assert asked_for_help == (score < 7 and not self.offered), "once below 7, never in a circle"
            assert {name: self.plan()[name] for name in DEED} == {name: before[name] for name in DEED}

        @rule(barriers=WORDS, idea=WORDS, go=st.sampled_from(["plan", "keep", "smaller"]))
        def she_looks_for_what_could_help(self, barriers: str, idea: str, go: str) -> None:
            path = f"/goals/{self.goal}/help?week={MONDAY}"
            html = self.page(self.ayse.get(path))
            for way in ("Save and rate it again", "Make my plan smaller", "Keep my plan as it is"):
                assert way in html
            before = self.plan()
            after_it = self.page(self.ayse.send(path, barriers=barriers, plan_for_barriers=idea, go=go))
            self.offered = True
            if go == "keep":
                assert {name: self.plan()[name] for name in (*DEED, "confidence")} == {
                    name: before[name] for name in (*DEED, "confidence")
                }, "kept is kept, however low the number"
            if go == "smaller":
                assert "Make my plan smaller" not in after_it, "the pages of the plan open"

        @rule(minutes=st.integers(1, 30))
        def she_makes_it_smaller(self, minutes: int) -> None:
            path = f"/goals/{self.goal}/week?week={MONDAY}"
            self.page(self.ayse.send(path, what=PLAN["what"], how_much=f"{minutes} minutes"))

        @precondition(lambda self: self.open is None)
        @rule()
        def grace_sets_a_follow_up(self) -> None:
            self.open = new_id()
            body = {"patient_id": str(self.world.ayse), "goal_id": self.goal, "due_on": "2026-10-06"}
            assert self.grace.put(f"/api/v1/follow-ups/{self.open}", body).status_code == 201

        @precondition(lambda self: self.open is not None)
        @rule(result=st.sampled_from(sorted(OWN_RESULTS)), answer=ANSWER, words=WORDS)
        def she_says_how_it_went(self, result: str, answer: int | str | None, words: str) -> None:
            form = {"result": result, "went": words} | told(answer)
            self.page(self.ayse.get(f"/goals/how-it-went/{self.open}"))
            self.page(self.ayse.send(f"/goals/how-it-went/{self.open}", answer_id=new_id(), **form))
            self.said += [] if answer is None else [answer]
            if result == "went_to_plan" and not is_low(answer):
                self.open = None

        @precondition(lambda self: self.open is not None)
        @rule(
            result=st.sampled_from(sorted(RESULT_NAMES)),
            answer=ANSWER,
            way=st.sampled_from(["steps", "smaller", "keep"]),
            step=st.sampled_from(sorted(STEPS)),
            again=ANSWER,
        )
        def grace_looks_back(
            self, result: str, answer: int | str | None, way: str, step: str, again: int | str | None
        ) -> None:
            before = self.plan()
            path = f"/patients/{self.world.ayse}/follow-ups/{self.open}"
            form = {"result": result, "next": "none"} | told(answer)
            self.page(self.grace.send(path, answer_id=new_id(), **form))
            self.said += [] if answer is None else [answer]
            html = self.page(self.grace.get(f"{path}/help"))
            assert "Keep the plan as it is" in html
            assert all(str(words) in html for words in list(STEPS.values())[:2])
            form = {"way": way, "step": step} | told(again)
            self.page(self.grace.send(f"{path}/help", answer_id=new_id(), **form))
            self.said += [] if again is None else [again]
            assert {name: self.plan()[name] for name in DEED} == {name: before[name] for name in DEED}, (
                "the plan is hers to change"
            )
            self.open = None

        @invariant()
        def every_answer_stays_in_its_order(self) -> None:
            if not hasattr(self, "goal"):
                return
            with story():
                rows = db.session.scalars(sa.select(ConfidenceScore).order_by(ConfidenceScore.received_at))
                assert [row.said for row in rows] == self.said

        @invariant()
        def she_can_always_go_on(self) -> None:
            if not hasattr(self, "goal"):
                return
            html = self.page(self.ayse.get(f"/goals/{self.goal}"))
            assert "Change my plan" in html or "Plan this week" in html
            assert self.plan()["problem_step"] in (*STEPS, None)

        def teardown(self) -> None:
            for html in getattr(self, "pages", []):
                assert not WHY_NOT_TEN.search(re.sub(r"<[^>]+>", " ", html))

    return Walk


@pytest.mark.slow
def test_she_can_always_go_on_and_both_numbers_stay(app: Any, story: Any, sign_in: Any) -> None:
    run_state_machine_as_test(
        machine(app, story, sign_in),
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# --- no text anywhere asks it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Why not 10?",
        "Why is it not a 10?",
        "Why did you not say ten?",
        "And why not higher",
        "Why isn't it more? Why not more?",
    ],
)
def test_the_search_finds_it(words: str) -> None:
    assert WHY_NOT_TEN.search(words)


def test_our_own_question_is_another() -> None:
    assert not WHY_NOT_TEN.search("Why 6 and not a lower number? What would help it become an 8?")


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_asks_why_not_10(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)  # what is not shown may name it
    assert not WHY_NOT_TEN.search(text)


def test_no_string_and_no_translation_asks_why_not_10() -> None:
    looked = 0
    for path in sorted((ROOT / "translations").rglob("*.po*")):
        with path.open("rb") as file:
            for message in read_po(file):
                for words in (message.id, message.string):
                    for each in words if isinstance(words, list | tuple) else [words]:
                        looked += 1
                        assert not WHY_NOT_TEN.search(str(each)), each
    assert looked > 500
