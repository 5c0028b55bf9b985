"""The one page as plain text, for the electronic record."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from selfcare.agendas.models import AgendaItem
from selfcare.agendas.summary import Summary
from selfcare.edge.filters import nhs_date, nhs_time, short_day
from selfcare.goals.confidence import as_said
from selfcare.people.conditions import condition_names
from selfcare.visits.models import CANCELLED


def plain_text(page: Summary) -> str:
    """For the electronic record: the patient's words first, each under its number, unchanged; then the facts."""
    person = page.record.person
    lines = [_("%(name)s: before the visit", name=person.name)]
    if page.visit is not None:
        when = f"{nhs_date(page.visit.starts_at)}, {nhs_time(page.visit.starts_at)}"
        lines.append(_("Visit: %(when)s, %(who)s", when=when, who=page.visit.with_name))
        if page.visit.status == CANCELLED:
            lines.append(_("This visit was cancelled"))
    conditions = condition_names(page.record.patient.conditions)
    if conditions:
        lines.append(_("Conditions: %(what)s", what=", ".join(conditions)))
    lines += ["", _("Wants to talk about (own words, unchanged):")]
    first = [
        f"{number}. {each.text} [{_('from last time')}]" for number, each in enumerate(page.look_back, 1)
    ]
    lines += first + _numbered(page.topics, len(first) + 1)
    if not page.is_shared:
        lines.append(_("Nothing shared for this visit"))
    elif not page.topics and not first:
        lines.append(_("Nothing yet"))
    if page.questions:
        lines += ["", _("Wants to ask:"), *_numbered(page.questions)]
    for title, rows in (
        (_("Goals:"), _goals(page)),
        (_("Diary, last 28 days:"), _diary(page)),
        (_("Questionnaires:"), _questionnaires(page)),
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
        answers = goal["confidence"] + ([goal["confidence_words"]] if goal["confidence_words"] else [])
        if answers:
            facts.append(_("confidence %(scores)s", scores=" → ".join(map(as_said, answers))))
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


def _questionnaires(page: Summary) -> list[str]:
    rows = []
    for each in page.parts["questionnaires"]:
        facts = [*each["facts"], *filter(None, (each["crisis_answer"], each["hand"]))]
        rows.append(f"- {each['title']}: {each['words']}; " + "; ".join(facts))
    return rows


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
