"""The one page on paper and as plain text for the record: what fits, and what goes first when it does not."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from selfcare.agendas.models import AgendaItem
from selfcare.agendas.summary import Summary
from selfcare.edge.filters import nhs_date, nhs_time, short_day
from selfcare.people.conditions import condition_names

# More than this does not fit beside the words: the first in the patient's own order stay.
MOST_GOALS, MOST_CHARTS, MOST_NOTES = 4, 6, 8

# How much stands on the paper, counted in characters of the patient's list. A line break costs a line; a second row of goals
# or of charts takes the height of so many characters.
LINE, GOALS_ROW, CHARTS_ROW = 80, 400, 550

# Beyond so many the print gets smaller type, then loses part 7, then part 6 (method.md: when it overflows cut 7, then 6,
# never 2); the longest list of all gets the smallest type, and beside more than that only the first 3 charts stay.
# tests/agendas/test_print.py holds it to one A4 page in Chromium.
STEPS = (
    (250, "sc-a4--long"),
    (620, "sc-a4--no7"),
    (760, "sc-a4--no6"),
    (1150, "sc-a4--longest"),
    (2600, "sc-a4--full"),
)


# The parts of the page that a step leaves off the paper, in words for "More online".
LEFT_OFF = {
    "sc-a4--no7": (("changes", _l("what changed")),),
    "sc-a4--no6": (("notes", _l("medicines and notes")),),
    "sc-a4--longest": (("questionnaires", _l("questionnaires")),),
}
CHARTS_ON_FULL = 3


def classes(page: Summary) -> str:
    """What the sheet's style needs to know of how much there is to print."""
    return " ".join(_steps(page))


def more_online(page: Summary) -> list[str]:
    """What the paper leaves out and the screen has, in words; empty where everything fits."""
    steps = _steps(page)
    charts = CHARTS_ON_FULL if STEPS[-1][1] in steps else MOST_CHARTS
    goals = len(page.parts["goals"]) - MOST_GOALS
    left = []
    if goals > 0:
        left.append(ngettext("%(num)s goal", "%(num)s goals", goals))
    if len(page.parts["diary"]) > charts:
        left.append(ngettext("%(num)s chart", "%(num)s charts", len(page.parts["diary"]) - charts))
    for step in steps:
        left += [str(words) for name, words in LEFT_OFF.get(step, ()) if _has(page, name)]
    notes = len(page.parts["notes"]) - MOST_NOTES
    if notes > 0 and "sc-a4--no6" not in steps:
        left.append(ngettext("%(num)s note", "%(num)s notes", notes))
    return left


def _has(page: Summary, name: str) -> bool:
    return bool(page.changes if name == "changes" else page.parts[name])


def _steps(page: Summary) -> list[str]:
    words = [item.text for item in page.items] + [each.text for each in page.look_back]
    much = sum(len(text) + LINE * text.count("\n") for text in words)
    if len(page.parts["goals"]) > 2:
        much += GOALS_ROW
    if len(page.parts["diary"]) > 3:
        much += CHARTS_ROW
    return [name for least, name in STEPS if much > least]


def plain_text(page: Summary) -> str:
    """For the electronic record: the patient's words first, each under its number, unchanged; then the facts."""
    person = page.record.person
    lines = [_("%(name)s: before the visit", name=person.name)]
    if page.visit is not None:
        when = f"{nhs_date(page.visit.starts_at)}, {nhs_time(page.visit.starts_at)}"
        lines.append(_("Visit: %(when)s, %(who)s", when=when, who=page.visit.with_name))
    conditions = condition_names(page.record.patient.conditions)
    if conditions:
        lines.append(_("Conditions: %(what)s", what=", ".join(conditions)))
    lines += ["", _("Wants to talk about (own words, unchanged):")]
    first = [
        f"{number}. {each.text} [{_('from last time')}]" for number, each in enumerate(page.look_back, 1)
    ]
    lines += first + _numbered(page.topics, len(first) + 1)
    if not page.topics and not (page.is_shared and first):
        lines.append(_("Nothing shared for this visit"))
    if page.questions:
        lines += ["", _("Wants to ask:"), *_numbered(page.questions)]
    for title, rows in (
        (_("Goals:"), _goals(page)),
        (_("Diary, last 28 days:"), _diary(page)),
        (_("Medicines and notes the patient keeps:"), _notes(page)),
        (_("New since %(day)s:", day=nhs_date(page.since)), _changes(page)),
    ):
        if rows:
            lines += ["", title, *rows]
    lines += ["", _("Self-reported by the patient in Selfcare.")]
    return "\n".join(lines)


def _numbered(items: list[AgendaItem], start: int = 1) -> list[str]:
    rows = []
    for number, item in enumerate(items, start):
        marks = [_("most important")] if item.most_important else []
        if item.relation:
            marks.append(
                _("written with %(relation)s %(name)s", relation=item.relation, name=item.writer.known_as)
            )
        rows.append(f"{number}. {item.text}" + (f" [{'; '.join(marks)}]" if marks else ""))
    return rows


def _goals(page: Summary) -> list[str]:
    rows = []
    for goal in page.parts["goals"]:
        facts = []
        if goal["weeks"]:
            done = ", ".join(f"{week['done']}/{week['planned']}" for week in goal["weeks"])
            facts.append(_("days done %(done)s by week", done=done))
        if goal["confidence"]:
            facts.append(_("confidence %(scores)s", scores=" → ".join(map(str, goal["confidence"]))))
        if goal["in_the_way"]:
            facts.append(_("in the way: “%(words)s”", words=goal["in_the_way"]))
        if goal["hand"]:
            facts.append(goal["hand"])
        if goal["next_step"]:
            facts.append(_("follow-up %(day)s", day=nhs_date(goal["next_step"]["due_on"])))
        rows.append("- " + goal["title"] + (": " + "; ".join(facts) if facts else ""))
    return rows


def _diary(page: Summary) -> list[str]:
    rows = []
    for each in page.parts["diary"]:
        facts = [_("latest %(value)s", value=each["latest"])]
        if each["typical"] is not None:
            facts.append(_("typical %(value)s", value=each["typical"]))
        facts.append(_("%(days)s of %(all)s days", days=each["days_recorded"], all=each["days"]))
        if each["fact"]:
            facts.append(str(each["fact"]))
        unit = f" ({each['unit']})" if each["unit"] else ""
        rows.append(f"- {each['title']}{unit}: " + "; ".join(facts))
    return rows + [f"- {line}" for line in page.diary_written_with]


def _notes(page: Summary) -> list[str]:
    return ["- " + note_line(note) for note in page.parts["notes"]]


def note_line(note: dict[str, Any]) -> str:
    """One medicine or note in one line, its words as they are."""
    line = str(note["text"])
    if note["stopped_on"]:
        line += " (" + _("stopped %(day)s", day=short_day(note["stopped_on"]))
        line += f": “{note['stop_reason']}”)" if note["stop_reason"] else ")"
    if note["hand"]:
        line += f" [{note['hand']}]"
    return line


def _changes(page: Summary) -> list[str]:
    return [
        f"- {change['label']}: {change['text']}" + (f", {short_day(change['on'])}" if change["on"] else "")
        for change in page.changes
    ]
