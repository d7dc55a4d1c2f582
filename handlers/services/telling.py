"""What reporters do not know yet rides on their next message: hand-overs, and the date an agency named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.messages.neutral import Message, Text
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import handover
from handlers.talk import Scene
from store.models import Case
from store.queries import cases as rows


def news(scene: Scene, case: Case, lang: str) -> str:
    """One sentence per kind of news that waits; empty when everything is known."""
    waiting = case.untold or []
    hops = [item["why"] for item in waiting if item["kind"] == handover.HOP]
    said = [hop_sentence(scene, case, lang, hops)] if hops else []
    if case.expected_at and any(item["kind"] == handover.PROMISE for item in waiting):
        said.append(promise_sentence(scene, case, lang))
    return "\n".join(said)


def hop_sentence(scene: Scene, case: Case, lang: str, whys: list[str]) -> str:
    """Who has it now and why, without blame; several hand-overs are one sentence."""
    why = next((why for why in reversed(whys) if why in handover.REASONS), "")
    reason = say(lang, f"told.why_{why}") if why else ""
    lead = scene.book.agency_name(case.lead, lang)
    key = "told.to_center" if case.unassigned else "told.handed_on"
    return " ".join(say(lang, key, code=case.code, lead=lead, reason=reason).split(" ")).replace("  ", " ")


def promise_sentence(scene: Scene, case: Case, lang: str) -> str:
    """By when the lead expects to be done."""
    until = day(case.expected_at or scene.now, scene.now, scene.book.zone, lang)
    return say(
        lang, "told.promised", code=case.code, lead=scene.book.agency_name(case.lead, lang), until=until
    )


def with_news(scene: Scene, case: Case, lang: str, messages: list[Message]) -> list[Message]:
    """The same messages with what waits said first."""
    said = news(scene, case, lang)
    if not said or not messages:
        return messages
    first = messages[0]
    if isinstance(first, Text):
        return [replace(first, text=f"{said}\n\n{first.text}"), *messages[1:]]
    return [Text(said), *messages]


def told(case: Case, people: Iterable[int]) -> None:
    """These people know now; when that is every reporter, nothing waits any more."""
    if case.untold and set(rows.reporters(case)) <= set(people):
        case.untold, case.untold_since = [], None


def promised(case: Case) -> None:
    """A first date was named: worth a sentence, not a message of its own."""
    kept = [item for item in case.untold or [] if item["kind"] != handover.PROMISE]
    case.untold = [*kept, {"kind": handover.PROMISE}]


def forget_promise(case: Case) -> None:
    """The work is done, or the date was told by itself."""
    case.untold = [item for item in case.untold or [] if item["kind"] != handover.PROMISE]
