"""A message while nothing is open: whose case, which list, whose words, or a new thought?"""

from __future__ import annotations

from handlers.flows import citizen, free_words, looking, report, same, speaking, thoughts
from handlers.flows.remarks import ASK, BEGIN, FIXED, HELLO, LATER, NOT_FIXED, STATUS, TWO, remark, remarks
from handlers.incoming import Kind
from handlers.messages.neutral import Text
from handlers.messages.texts import words
from handlers.rules.codes import buddhist_year, find_code, loose_code
from handlers.talk import Outcome, Talk
from nlp import aside, normalise
from store.queries import cases as rows

SHORT = 12
"""Letters beside the number of a case that ask for nothing but the case."""


def new_thought(talk: Talk) -> Outcome:
    """The answer to what belongs to no open question and to no report that is being written."""
    incoming = talk.incoming
    if incoming.kind == Kind.PHOTO:
        return (free_words.photo(talk) if talk.agencies else None) or report.photo_first(talk)
    if incoming.kind == Kind.PLACE:
        return report.place_first(talk)
    if incoming.kind != Kind.TEXT:
        return Outcome([Text(talk.say(f"odd.{incoming.kind.value}"), quick=thoughts.menu_quick(talk))])
    outcome = _opening(talk) or (free_words.said(talk) if talk.agencies else None)
    if outcome is not None:
        return outcome
    code = _typed_code(talk)
    if code:
        incoming.data["case"] = code
        return looking.show(talk)
    outcome = speaking.words(talk) or same.of_number(talk)
    return outcome or report.begin(talk, incoming.text, [incoming.message_id or ""])


def _opening(talk: Talk) -> Outcome | None:
    """ "I have something to report", "may I ask?", "good morning", "not now": nothing to understand yet."""
    text = talk.incoming.text
    said = remark(text, BEGIN, TWO, ASK, LATER, STATUS)
    if said in (BEGIN, TWO):
        return report.start(talk)
    if said == STATUS:
        return looking.track(talk) if not talk.agencies else None
    if said:
        return talk.answer("chat.ask_away" if said == ASK else "chat.later")
    return thoughts.hello(talk, text) if set(remarks(text)) == {HELLO} else None


def _typed_code(talk: Talk) -> str | None:
    """The number of a case where nothing else is said, as people type it."""
    text = talk.incoming.text
    return only_code(text) if find_code(text) else _loose(talk, normalise(text).lower())


def only_code(text: str) -> str | None:
    """The number of a case in a text that asks for nothing but that case."""
    code = find_code(text)
    rest = normalise(text).upper().replace(code or "", " ")
    tells = remark(rest, FIXED, NOT_FIXED) or aside(rest) == "nudge"
    return code if code and len(text) <= len(code) + SHORT and not tells else None


def _loose(talk: Talk, text: str) -> str | None:
    """A number typed without its letters or dash; four digits alone only where they are known to her."""
    for word in sorted(words("remark.number") | words("remark.particles"), key=len, reverse=True):
        text = text.replace(word, " ")
    said = " ".join(text.split())
    year = buddhist_year(talk.now, talk.book.zone)
    code = loose_code(said, talk.book.data.city.prefix, year)
    if code is None or len(said) > 4:
        return code
    case = rows.look_up(talk.unit, code)
    known = case is not None and (talk.acts_on(case) or citizen.mine(talk, code) is not None)
    return code if known else None
