"""People without LINE: somebody else wrote their report, is asked in their place, and passes on what is said."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.messages.neutral import Button, Line, Message, Text, tap
from handlers.messages.texts import say
from store.models import Case, Person, Report

HERSELF, NOBODY = "line", "nobody"
"""Channels of reports that nobody else speaks for: her own, and those whose speaker left without a successor."""


def reports(case: Case) -> list[Report]:
    """Reports of people without LINE."""
    return [report for report in case.reports if report.channel != HERSELF]


def of_speaker(case: Case, person: Person) -> Report | None:
    """The report for whose author she speaks."""
    spoken = (r for r in reports(case) if r.person_id == person.id and r.channel != NOBODY)
    return next(spoken, None)


def name_of(report: Report, lang: str) -> str:
    """Her name where she let it be kept, else how she came."""
    return report.contact_name or say(lang, f"behalf.someone_{report.channel}")


def for_whom(case: Case, person: Person) -> list[Message]:
    """A line above everything that is meant for somebody else: who, and how she is reached."""
    report = of_speaker(case, person)
    if report is None:
        return []
    lang = person.language
    key = "behalf.for_phone" if report.contact_phone else "behalf.for"
    return [Text(say(lang, key, name=name_of(report, lang), phone=report.contact_phone, code=case.code))]


def answer_buttons(case: Case, lang: str) -> tuple[Button, ...]:
    """To write down what she answers."""
    return (tap(say(lang, "button.behalf_answer"), "behalf.answer", case=case.code),)


def lines(case: Case, lang: str) -> Sequence[Line]:
    """For the agencies: who reported it without LINE, and the phone if she gave it."""
    return [
        Line(
            say(lang, f"behalf.by_{report.channel}"),
            " ".join(part for part in (name_of(report, lang), report.contact_phone) if part),
        )
        for report in reports(case)[:3]
    ]
