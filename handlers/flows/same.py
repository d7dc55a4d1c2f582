"""Her answer to "is it the same?": she joins the case that is there, or goes on with a report of her own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.flows import candidates, citizen, drafts, joining, receipts, report
from handlers.flows.drafts import Draft
from handlers.messages.neutral import Message, Text, tap
from handlers.rules import duplicates
from handlers.rules.codes import find_code
from handlers.services import cards, cases, notify
from handlers.talk import Outcome, Talk
from store.issues import issues
from store.models import Case
from store.queries import cases as rows
from store.words import OPEN, Status


def apart(talk: Talk, draft: Draft) -> Outcome:
    """Another problem: none of what was found is shown again."""
    if drafts.step(draft) != "confirm":
        return Outcome(drafts.ask(talk, draft))
    codes = [match.known.code for match in candidates.found(talk, draft, candidates.MOST_ASKED)]
    draft = {**draft, "apart": [*draft.get("apart", []), *codes]}
    return Outcome(drafts.ask(talk, draft), draft=draft)


def of_number(talk: Talk) -> Outcome | None:
    """Words with the number of somebody else's problem: a report at the same spot, asked whether it is the same."""
    code = find_code(talk.incoming.text)
    case = rows.look_up(talk.unit, code) if code else None
    if case is None or case.status not in OPEN or not issues().public(case.category):
        return None
    place: dict[str, Any] = {
        "text": case.place_text,
        "area": case.area,
        "inside": True,
        "lat": case.lat,
        "lon": case.lon,
    }
    place |= {"precise": True, "choices": []}
    return report.begin(talk, talk.incoming.text, [talk.incoming.message_id or ""], place=place)


def join(talk: Talk) -> Outcome:
    """ "The same problem": her words and photos go to the case that is there, and she hears of every step."""
    draft, told = talk.conversation.draft, talk.incoming.data.get("draft")
    if told is not None and (draft is None or told != draft["id"]):
        return _nothing(talk, draft, "stale.button" if draft else "stale.draft")
    case = _goes_on(talk, talk.incoming.data.get("case", ""))
    if case is None or not issues().public(case.category):
        return _nothing(talk, draft, "stale.case")
    if draft is None or not (draft["text"] or draft["photos"]):
        return _only_follow(talk, case)
    if case.status in OPEN and candidates.is_hers(talk, case) and not draft.get("behalf"):
        talk.incoming.data["case"] = case.code
        return report.add(talk, draft)
    if case.status not in OPEN and not citizen.may_reopen(talk, case):
        key = "stale.too_late" if case.status == Status.CLOSED else "stale.done"
        return _nothing(talk, draft, key, code=case.code, status=cards.status_name(case.status, talk.lang))
    return _join(talk, draft, case)


def _nothing(talk: Talk, draft: Draft | None, key: str, **values: object) -> Outcome:
    """Said kindly, and nothing changed: an open draft goes on."""
    more = drafts.ask(talk, draft) if draft else []
    return Outcome([Text(talk.say(key, **values)), *more])


def _goes_on(talk: Talk, code: str) -> Case | None:
    """The case of that code, or the one into which it was merged."""
    case = rows.by_code(talk.unit, code)
    for _ in range(20):  # merged cases merge again; a ring is impossible, a long chain no reason to wait
        if case is None or case.status != Status.MERGED:
            break
        case = rows.by_code(talk.unit, case.merged_into or "")
    return case


def _only_follow(talk: Talk, case: Case) -> Outcome:
    new = cases.follow(talk, case, talk.person)
    words = talk.say("report.joined" if new else "report.joined_already", code=case.code)
    return Outcome([Text(words), cards.for_citizen(talk, case, talk.lang)], draft=None)


def _join(talk: Talk, draft: Draft, case: Case) -> Outcome:
    was_urgent = case.urgent
    count = cases.join(talk, case, talk.person, receipts.of_draft(talk, draft))
    finished = case.status not in OPEN
    if finished or duplicates.worth_telling(count) or case.urgent != was_urgent:
        notify.joined(talk, case, count)
    messages = [_still_there(talk, case) if finished else _joined(talk, case, count)]
    if not draft.get("behalf"):
        messages += joining.invitation(talk, case)
    return report.with_next(talk, draft, messages, case)


def _joined(talk: Talk, case: Case, count: int) -> Message:
    lead = notify.lead_name(talk, case, talk.lang)
    body = talk.say("same.joined", n=count, lead=lead)
    buttons = (
        tap(talk.say("button.show"), "case.show", case=case.code),
        tap(talk.say("button.unfollow"), "case.unfollow", style="quiet", case=case.code),
    )
    card = cards.for_citizen(talk, case, talk.lang, body=body, buttons=buttons)
    return replace(card, title=talk.say("same.joined_title", code=case.code), image=None, tone="good")


def _still_there(talk: Talk, case: Case) -> Message:
    """The case she means is said to be finished: one tap opens it again."""
    lead = notify.lead_name(talk, case, talk.lang)
    body = talk.say("same.finished", lead=lead)
    buttons = (
        tap(talk.say("button.reopen"), "case.reopen", style="main", case=case.code),
        tap(talk.say("button.show"), "case.show", case=case.code),
    )
    card = cards.for_citizen(talk, case, talk.lang, body=body, buttons=buttons)
    return replace(card, title=talk.say("same.joined_title", code=case.code))
