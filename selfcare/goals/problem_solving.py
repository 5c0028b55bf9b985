"""Problem solving in seven steps (method.md): a person may stop at any step and come back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STEPS = {
    "name": _l("Say what the problem is"),
    "ideas": _l("List ideas that could help"),
    "choose": _l("Choose 1 idea"),
    "try": _l("Try it and see how it goes"),
    "another": _l("If it did not help, try another idea"),
    "resources": _l("Ask people, groups or videos for more ideas"),
    "accept": _l("Accept that it may not be solved now"),
}


def step_of(barriers: str | None, plan_for_barriers: str | None) -> str | None:
    """Where the words of a plan stand: a problem named, or an idea chosen and ready to try; None before the first."""
    if plan_for_barriers and plan_for_barriers.strip():
        return "try"
    if barriers and barriers.strip():
        return "name"
    return None


def after_a_week(step: str | None, got_in_the_way: str | None) -> str | None:
    """The step of the next week's plan: an idea that was tried and did not help leads to another one."""
    if got_in_the_way and got_in_the_way.strip():
        return "another" if step in ("try", "another") else "name"
    return step
