"""Introductions in the chat: the representative proposes, both say yes or no, both choose how they are presented."""

from __future__ import annotations

from handlers.incoming import Kind
from handlers.messages.neutral import Text, tap
from handlers.messages.shorten import shorten
from handlers.services import introductions
from handlers.services.introductions import Side
from handlers.talk import Outcome, Talk
from store.models import Introduction
from store.queries import introductions as rows

MOST_CARD = 200


def make(talk: Talk) -> Outcome:
    """The representative's one tap: both are asked."""
    row = _proposed(talk)
    if row is None:
        return talk.answer("stale.button")
    return talk.answer("meet.asked" if introductions.ask_both(talk, row, talk.person) else "meet.gone")


def drop(talk: Talk) -> Outcome:
    row = _proposed(talk)
    if row is None:
        return talk.answer("stale.button")
    introductions.end(talk, row, "dropped")
    return talk.answer("meet.dropped")


def _proposed(talk: Talk) -> Introduction | None:
    """An open proposal of a network she represents."""
    row = rows.by_ref(talk.unit, talk.incoming.data.get("ref", ""))
    fits = row is not None and row.network in talk.represents and row.state == "offered"
    return row if fits else None


def _mine(talk: Talk, ref: str) -> tuple[Introduction, Side] | None:
    """The open question she was asked and has not answered."""
    row = rows.by_ref(talk.unit, ref)
    side = introductions.side_of(row, talk.person) if row is not None else None
    if row is None or side is None or row.state != "asked" or getattr(row, f"{side}_answer"):
        return None
    return row, side


def answer(talk: Talk) -> Outcome:
    """Yes → how shall we present you? No → it ends, and nobody hears who said it."""
    ref, said = talk.incoming.data.get("ref", ""), talk.incoming.data.get("a")
    found = _mine(talk, ref)
    if found is None or said not in ("yes", "no"):
        return talk.answer("stale.button")
    row, side = found
    if said == "no":
        introductions.refuse(talk, row, side)
        return Outcome([Text(talk.say("meet.refused"))], asked=None)
    quick = []
    if introductions.card_of_agency(talk, getattr(row, side), talk.lang):
        quick.append(tap(talk.say("button.card_agency"), "intro.card", ref=ref, how="agency"))
    if talk.person.name:
        label = talk.say("button.card_name", name=shorten(talk.person.name, 14))
        quick.append(tap(label, "intro.card", ref=ref, how="name"))
    asked = {"do": "intro.card", "ref": ref}
    return Outcome([Text(talk.say("meet.card"), quick=tuple(quick))], asked=asked)


def card(talk: Talk) -> Outcome:
    """A ready-made card by one tap: only the agency, or only her name."""
    ref, how = talk.incoming.data.get("ref", ""), talk.incoming.data.get("how")
    found = _mine(talk, ref)
    if found is None:
        return talk.answer("stale.button")
    row, side = found
    agency = introductions.card_of_agency(talk, getattr(row, side), talk.lang)
    words = agency if how == "agency" else talk.person.name if how == "name" else ""
    return _present(talk, row, side, words) if words else talk.answer("stale.button")


def words(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """What she wrote about how to present her; None when the question is gone or these are no words."""
    found = _mine(talk, asked.get("ref", ""))
    if found is None or talk.incoming.kind != Kind.TEXT:
        return None
    if len(talk.incoming.text) > MOST_CARD:
        return talk.answer("meet.too_long", n=MOST_CARD)
    return _present(talk, *found, talk.incoming.text.strip())


def _present(talk: Talk, row: Introduction, side: Side, words: str) -> Outcome:
    both = introductions.present(talk, row, side, words)
    return Outcome([Text(talk.say("meet.both" if both else "meet.waiting"))], asked=None)
