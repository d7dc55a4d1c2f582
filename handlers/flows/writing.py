"""What she does while a report is open: more words, a place, a remark, another problem. Nothing of it is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.flows import candidates, danger, drafts, report, same
from handlers.flows.drafts import Draft
from handlers.flows.remarks import (
    AGREE,
    BEGIN,
    CROSS,
    ELSEWHERE,
    HELLO,
    NOWHERE,
    ONE,
    POLITE,
    SEND,
    STOP,
    THANKS,
    TWO,
    WAIT,
    WRONG,
    ends_like_a_sentence,
    remark,
    remarks,
    says,
)
from handlers.incoming import Kind
from handlers.messages.neutral import Text
from handlers.messages.shorten import shorten
from handlers.rules.duplicates import Match
from handlers.services import knowledge
from handlers.talk import Outcome, Talk
from nlp import PlaceFound, Understanding, aside, normalise

LONG_PLACE = 60
"""Letters; a longer answer to "where?" is more likely a new thought than a place."""
MOSTLY = 0.6
"""The share of a text from which on it is nothing but a place."""
MOST_MESSAGES = 5
YES_NO = (SEND, POLITE, ONE, WRONG, TWO)


def go_on(talk: Talk, draft: Draft) -> Outcome:
    """Text, photo, place or something odd while a report is being written."""
    draft = dict(draft)
    kind = talk.incoming.kind
    if kind == Kind.TEXT:
        return _urgent_first(talk, _words(talk, draft))
    if kind == Kind.PHOTO:
        return report.photo(talk, draft)
    if kind == Kind.PLACE:
        return report.pin(talk, draft)
    return Outcome([Text(talk.say(f"odd.{kind.value}")), *drafts.ask(talk, draft)])


def _urgent_first(talk: Talk, outcome: Outcome) -> Outcome:
    """Whatever is open: words of danger are answered with the number to call."""
    urgent = danger.first(talk, talk.understand(talk.incoming.text))
    return replace(outcome, messages=[*urgent, *outcome.messages][:MOST_MESSAGES])


def _words(talk: Talk, draft: Draft) -> Outcome:
    u = talk.understand(talk.incoming.text)
    if draft["next"]:
        return _about_second(talk, draft)
    if drafts.step(draft) == "text":
        return _first_words(talk, draft, u)
    said = _remarked(talk, draft)
    if said is not None:
        return said
    if drafts.step(draft) == "category":
        return _named_kind(talk, draft) or _more_words(talk, draft)
    if drafts.step(draft) in ("place", "which"):
        return _typed_place(talk, draft, u)
    changed = _named_kind(talk, draft) or _other_place(talk, draft, u)
    if changed is not None:
        return changed
    if _is_new(draft, u):
        denies = aside(talk.incoming.text) == "answer"
        return _not_that_kind(talk, draft, u) if denies else _second(talk, draft)
    return _more_words(talk, draft)


def _first_words(talk: Talk, draft: Draft, u: Understanding) -> Outcome:
    text = talk.incoming.text
    if remark(text, STOP):
        return report.cancel(talk, draft)
    if remark(text, HELLO, BEGIN, THANKS, SEND, POLITE, WAIT):
        return Outcome(drafts.ask(talk, draft))
    if not (draft["photos"] or draft["place"] or draft.get("behalf")):
        return report.begin(talk, text, [talk.incoming.message_id or ""])
    draft["text"] = text[: drafts.MOST_TEXT]
    drafts.read_into(draft, u)
    return Outcome(drafts.ask(talk, _with_message(talk, draft)), draft=draft)


def _with_message(talk: Talk, draft: Draft) -> Draft:
    draft["messages"] = [*draft["messages"], talk.incoming.message_id or ""]
    return draft


# --- remarks


def _remarked(talk: Talk, draft: Draft) -> Outcome | None:
    """ "Send it", "never mind", "not there": done as if the button had been tapped; None for anything else."""
    text = talk.incoming.text
    if remark(text, STOP):
        return report.cancel(talk, draft)
    if remark(text, CROSS):
        return _again(talk, draft, "report.understand_you")
    if remark(text, ELSEWHERE) and draft["place"]:
        draft |= {"place": None, "no_place": False}
        return Outcome(drafts.ask(talk, draft), draft=draft)
    if remark(text, NOWHERE):
        return _does_not_know(talk, draft)
    if remark(text, WAIT):
        return _again(talk, draft, "report.waits")
    answered = _ready_answer(talk, draft)
    if answered is not None:
        return answered
    if drafts.step(draft) == "confirm":
        return _at_the_end(talk, draft)
    if remark(text, THANKS):
        return _again(talk, draft, "chat.welcome")
    return _again(talk, draft, "") if set(remarks(text)) & {*YES_NO, HELLO, BEGIN, AGREE} else None


def _at_the_end(talk: Talk, draft: Draft) -> Outcome | None:
    """Remarks on "I understood …"."""
    text = talk.incoming.text
    said = remark(text, *YES_NO)
    if said:
        known = candidates.found(talk, draft)
        return _same(talk, draft, known, said) if known else _yes_or_no(talk, draft, said)
    if remark(text, THANKS):
        return _again(talk, draft, "report.not_sent_yet")
    return _again(talk, draft, "report.nobody_yet") if aside(text) == "nudge" else None


def _yes_or_no(talk: Talk, draft: Draft, said: str) -> Outcome:
    return (
        report.confirm(talk, draft)
        if said in (SEND, POLITE, ONE)
        else _again(talk, draft, "report.what_wrong")
    )


def _same(talk: Talk, draft: Draft, known: list[Match], said: str) -> Outcome:
    """ "Yes, the same" or "no, another", typed; of several only a tap says which."""
    if said in (WRONG, TWO):
        return same.apart(talk, draft)
    if len(known) > 1:
        return _again(talk, draft, "")
    talk.incoming.data["case"] = known[0].known.code
    return same.join(talk)


def _ready_answer(talk: Talk, draft: Draft) -> Outcome | None:
    """A question with a ready answer gets it at once; the report stays as it is."""
    text = talk.incoming.text
    if talk.understand(text).intent != "question":
        return None
    found = knowledge.find(talk, text)
    if found is None:
        return None
    open_question = drafts.offer_second(talk, draft) if draft["next"] else drafts.ask(talk, draft)
    return Outcome([Text(found.words(talk.lang)), *open_question])


def _does_not_know(talk: Talk, draft: Draft) -> Outcome | None:
    """She cannot say where, or what it is about: a person helps; nothing is asked twice."""
    if drafts.step(draft) == "category":
        draft["category"] = "other"
        return Outcome(drafts.ask(talk, draft), draft=draft)
    return report.skip(talk, draft) if drafts.step(draft) in ("place", "which") else None


def _again(talk: Talk, draft: Draft, key: str) -> Outcome:
    """The open question once more, after a word to what she said."""
    return Outcome(drafts.ask(talk, draft, talk.say(key) if key else ""))


# --- what, and where


def _named_kind(talk: Talk, draft: Draft) -> Outcome | None:
    """The name of a kind, typed instead of tapped."""
    said = normalise(talk.incoming.text).strip().lower()
    named = (c for c in talk.book.categories if said == talk.book.plain_name(c, talk.lang).lower())
    code = next(named, None)
    if code is None:
        return None
    draft = {**draft, "category": code}
    return Outcome(drafts.ask(talk, draft), draft=draft)


def _not_that_kind(talk: Talk, draft: Draft, u: Understanding) -> Outcome:
    """ "No, it is the pavement": the kind she names now, and her words stay with the report."""
    return _more_words(talk, {**draft, "category": u.category})


def _typed_place(talk: Talk, draft: Draft, u: Understanding) -> Outcome:
    """An answer to "where?": a place, or a new thought that must not be swallowed."""
    text = talk.incoming.text.strip()
    found = talk.book.gazetteer.find(text) or u.place
    if _is_new(draft, u) and not (found and len(text) <= LONG_PLACE and u.decision != "sure"):
        return _second(talk, draft)
    if found is None and (len(text) > LONG_PLACE or ends_like_a_sentence(text)):
        return _more_words(talk, draft)
    if found is None and u.intent == "question" and u.category in ("other", "service"):
        return _again(talk, draft, "report.where_how")
    if found and _tells_problem(draft, u):
        return _more_words(talk, _at(draft, u.place or found))
    if found:
        draft = _at(draft, replace(found, text=shorten(text, 120)))
    else:
        draft["place"] = {"text": shorten(text, 120), "area": None, "inside": None, "lat": None, "lon": None}
        draft["place"] |= {"precise": True, "choices": []}
    return Outcome(drafts.ask(talk, _with_message(talk, draft)), draft=draft)


def _tells_problem(draft: Draft, u: Understanding) -> bool:
    """The same problem once more, with its place."""
    return u.intent == "report" and u.decision == "sure" and u.category == draft["category"]


def _at(draft: Draft, found: PlaceFound) -> Draft:
    drafts.set_place(draft, found)
    if not draft["place"]["choices"]:
        draft["place"]["precise"] = True  # asked once; what she answered is what she knows
    return draft


def _other_place(talk: Talk, draft: Draft, u: Understanding) -> Outcome | None:
    """A known spot said after "I understood …": it replaces the place where it corrects it, or says nothing else."""
    text = talk.incoming.text
    found = u.place or talk.book.gazetteer.find(text)
    if found is None or len(text) > LONG_PLACE:
        return None
    known = draft["place"] and (draft["place"]["area"] or draft["place"]["lat"] is not None)
    only = u.place is not None and len(u.place.text) >= MOSTLY * len(text)
    tells = u.intent == "report" and u.decision == "sure" and u.category != "other" and not only
    if found.lat is None and (known or not only):
        return None
    if tells and (known or not _tells_problem(draft, u)) and not says(text, "remark.correction"):
        return None
    draft = _at({**draft, "no_place": False}, found)
    if tells:
        return _more_words(talk, draft)
    return Outcome(
        drafts.ask(talk, _with_message(talk, draft), talk.say("report.place_changed")), draft=draft
    )


def _more_words(talk: Talk, draft: Draft) -> Outcome:
    """More about the same problem: added, and read again as a whole."""
    draft["text"] = f"{draft['text']}\n{talk.incoming.text}"[: drafts.MOST_TEXT]
    drafts.read_into(_with_message(talk, draft), talk.understand(draft["text"]))
    return Outcome(drafts.ask(talk, draft, talk.say("report.added")), draft=draft)


# --- a second thought


def _is_new(draft: Draft, u: Understanding) -> bool:
    """A report that is surely about something else than the draft; "other" tells no other problem."""
    other = u.category not in ("other", draft["category"], *draft["top"][:2])
    return u.intent == "report" and u.decision == "sure" and other


def _second(talk: Talk, draft: Draft) -> Outcome:
    message = talk.incoming.message_id or ""
    draft["next"] = {"text": talk.incoming.text[: drafts.MOST_TEXT], "message": message}
    return Outcome(drafts.offer_second(talk, draft), draft=draft)


def _about_second(talk: Talk, draft: Draft) -> Outcome:
    """She types where one tap was asked: an answer, or more of the second thought."""
    text, whole = talk.incoming.text, "whole" in draft["next"]
    if remark(text, STOP):
        first: Draft = {**draft, "next": None}
        if whole:
            return report.cancel(talk, first)
        return Outcome(drafts.ask(talk, first, talk.say("report.second_dropped")), draft=first)
    if remark(text, ONE, WRONG):
        return chosen(talk, draft, "add")
    if remark(text, TWO, SEND, POLITE):
        return chosen(talk, draft, "later")
    answered = _ready_answer(talk, draft)
    if answered is not None:
        return answered
    if not remark(text, THANKS, WAIT, CROSS, NOWHERE):
        draft["next"] = _longer(draft["next"], text, talk.incoming.message_id or "")
    return Outcome(drafts.offer_second(talk, draft), draft=draft)


def _longer(later: dict[str, Any], text: str, message: str) -> dict[str, Any]:
    """The second thought with one more message."""
    grown: dict[str, Any] = {
        key: f"{later[key]}\n{text}"[: drafts.MOST_TEXT] for key in ("text", "whole") if key in later
    }
    return {**later, **grown, "more": [*later.get("more", []), message]}


def second(talk: Talk, draft: Draft) -> Outcome:
    """What she chose for the second thought: later, add or drop (the first one)."""
    return chosen(talk, draft, talk.incoming.data.get("how"))


def chosen(talk: Talk, draft: Draft, how: str | None) -> Outcome:
    new = draft.get("next")
    if not new or how not in ("later", "add", "drop"):
        return Outcome(drafts.ask(talk, draft))
    messages = report.messages_of(new)
    if how == "drop":
        report.drop_photos(talk, draft)
        return report.begin(talk, new["text"], messages)
    if how == "add" and "whole" in new:
        u = talk.understand(new["whole"])
        mine = [*draft["messages"], *new.get("more", [])]
        return report.start_with(talk, u, new["whole"], mine, draft["photos"])
    if how == "add":
        draft = {**draft, "next": None, "text": f"{draft['text']}\n{new['text']}"[: drafts.MOST_TEXT]}
        draft["messages"] = [*draft["messages"], *messages]
        return Outcome(drafts.ask(talk, draft, talk.say("report.added")), draft=draft)
    draft = {**draft, "next": None, "then": new}
    return Outcome(drafts.ask(talk, draft, talk.say("report.second_later")), draft=draft)
