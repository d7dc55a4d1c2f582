"""Digests by mail in the chat: the address, the code that came there, and ending it."""

from __future__ import annotations

import re

from handlers.flows.keys import stale
from handlers.incoming import Kind
from handlers.messages.neutral import Button, Text, tap
from handlers.services import digest_mail as mail
from handlers.talk import Outcome, Talk
from nlp import normalise
from store.queries import digests as rows


def button(talk: Talk) -> tuple[Button, ...]:
    """The way in, where this installation sends mail."""
    return (tap(talk.say("button.by_mail"), "digest.mail"),) if mail.is_on(talk) else ()


def begin(talk: Talk) -> Outcome:
    """Which address? Or, where there is one, how to end it."""
    if not mail.is_on(talk):
        return talk.answer("bymail.off")
    known = rows.mail_of(talk.unit, talk.person.id)
    asked = {"do": "digest.mail", "at": talk.now.isoformat()}
    cancel = tap(talk.say("button.cancel"), "ask.cancel", style="quiet")
    if known is not None and known.confirmed_at is not None:
        end = tap(talk.say("bymail.stop"), "digest.mail_off")
        return Outcome(
            [Text(talk.say("bymail.now", address=known.address), quick=(end, cancel))], asked=asked
        )
    return Outcome([Text(talk.say("bymail.ask"), quick=(cancel,))], asked=asked)


def address(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """Her address; a code goes there."""
    if talk.incoming.kind != Kind.TEXT or stale(talk, asked):
        return None
    found = mail.read_address(talk.incoming.text)
    if found is None:
        return talk.answer("bymail.unread")
    if not mail.begin(talk, talk.person, found):
        return talk.answer("bymail.slow")
    again = {"do": "digest.mail_code", "at": talk.now.isoformat()}
    return Outcome([Text(talk.say("bymail.sent", address=found))], asked=again)


def code(talk: Talk, asked: dict[str, str]) -> Outcome | None:
    """The code from the mail."""
    if talk.incoming.kind != Kind.TEXT or stale(talk, asked):
        return None
    typed = re.sub(r"\s", "", normalise(talk.incoming.text))
    if not re.fullmatch(r"\d{6}", typed, re.ASCII):
        return talk.answer("bymail.code_form")
    came = mail.confirm(talk, talk.person, typed)
    if came == "wrong":
        return talk.answer("bymail.wrong")
    return Outcome([Text(talk.say(f"bymail.{came}"))], asked=None)


def end(talk: Talk) -> Outcome:
    """No more mails; news come by LINE again."""
    rows.drop_mail(talk.unit, talk.person.id)
    return Outcome([Text(talk.say("bymail.ended"))], asked=None)


TAPS = {"digest.mail": begin, "digest.mail_off": end}
ASKED = {"digest.mail": address, "digest.mail_code": code}
