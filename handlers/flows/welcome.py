"""First contact: the welcome, the consent question, and the message that waits for the answer."""

from __future__ import annotations

from dataclasses import replace

from handlers.flows import danger, lending, report, thoughts
from handlers.flows.remarks import AGREE, REFUSE, SEND, STOP, WRONG, remark, remarks
from handlers.incoming import Incoming, Kind
from handlers.messages.neutral import Button, Card, Message, Text, tap
from handlers.services import photos as photo_rows
from handlers.talk import Outcome, Talk

CONSENT_VERSION = "2026-11"
MOST_HELD = 10


def consent_card(talk: Talk, key: str = "consent.welcome") -> list[Message]:
    """Who we are, what we keep and why, and the two answers. No report is kept before the answer."""
    city = talk.book.data.city
    name = city.name_en if talk.lang == "en" else city.name_th
    buttons = [
        tap(talk.say("button.consent"), "consent", style="main", ok="1"),
        tap(talk.say("button.refuse"), "consent", ok="0"),
    ]
    if talk.house.base_url.startswith("https://"):
        link = f"{talk.house.base_url}/privacy"
        buttons.append(Button(talk.say("button.privacy"), "link", uri=link, style="quiet"))
    body = talk.say(key, city=name)
    return [
        Card(
            title=talk.say("consent.title", city=name),
            body=f"{body}\n\n{talk.say('consent.text')}",
            buttons=tuple(buttons),
            alt=talk.say("consent.alt", city=name),
        )
    ]


def follow(talk: Talk) -> Outcome:
    """She added the account (again)."""
    if talk.person.consent is None:
        return Outcome(consent_card(talk))
    return Outcome([Text(talk.say("chat.back"), quick=thoughts.menu_quick(talk))])


def hold(talk: Talk) -> Outcome:
    """Anything said before consent waits unseen; only its words or media id are kept, for a day."""
    item = _held(talk.incoming)
    held = list(talk.conversation.held or [])
    first = not held
    if item is not None and len(held) < MOST_HELD:
        talk.conversation.held = [*held, item]
        talk.conversation.held_at = talk.conversation.held_at or talk.now
    if talk.incoming.more_follow:
        return Outcome()
    if not first:
        return Outcome([*_danger(talk), _still(talk)])
    card = consent_card(talk, "consent.waiting" if item is not None else "consent.first")
    return Outcome([*_danger(talk), *card])


def _still(talk: Talk) -> Text:
    """She has seen the whole question; the two answers stay one tap away."""
    quick = (
        tap(talk.say("button.consent"), "consent", ok="1"),
        tap(talk.say("button.refuse"), "consent", ok="0"),
    )
    return Text(talk.say("consent.still"), quick=quick)


def _danger(talk: Talk) -> list[Message]:
    """Whom to call is told before anything is agreed to; nothing of it is kept."""
    if talk.incoming.kind != Kind.TEXT:
        return []
    return danger.first(talk, talk.understand(talk.incoming.text))


def in_words(talk: Talk) -> Outcome | None:
    """The answer to the consent question, typed instead of tapped; "all right" only where it was asked."""
    text = talk.incoming.text
    yes = (AGREE, SEND) if talk.conversation.held else (AGREE,)
    no = (REFUSE, STOP, WRONG) if talk.conversation.held else (REFUSE,)
    if talk.incoming.kind != Kind.TEXT or not remark(text, *yes, *no):
        return None
    talk.incoming.data["ok"] = "1" if remark(text, *yes, *no) in yes else "0"
    return consent(talk)


def _held(incoming: Incoming) -> dict[str, object] | None:
    common: dict[str, object] = {"message": incoming.message_id or "", "kind": incoming.kind.value}
    if incoming.kind == Kind.TEXT and incoming.text.strip():
        return {**common, "text": incoming.text[:5000]}
    if incoming.kind == Kind.PHOTO:
        return common
    if incoming.kind == Kind.PLACE:
        return {**common, "lat": incoming.lat, "lon": incoming.lon, "place": incoming.place}
    return None


def consent(talk: Talk) -> Outcome:
    """Her answer. Yes: what waited goes on by itself. No: it is deleted, and she may still change her mind."""
    held = list(talk.conversation.held or [])
    if talk.incoming.data.get("ok") != "1":
        return _refused(talk)
    talk.conversation.held = talk.conversation.held_at = None
    new = talk.person.consent is None
    talk.person.consent, talk.person.consented_at = CONSENT_VERSION, talk.now
    if not held:
        if not new:
            return talk.answer("consent.already")
        return Outcome([Text(talk.say("consent.thanks"), quick=thoughts.menu_quick(talk))])
    return _go_on(talk, held)


def _refused(talk: Talk) -> Outcome:
    talk.conversation.held = talk.conversation.held_at = None
    if talk.person.consent is not None:
        return talk.answer("consent.keep")
    phone = talk.book.data.city.phone
    again = (tap(talk.say("button.consent"), "consent", ok="1"),)
    return Outcome([Text(talk.say("consent.refused", phone=phone), quick=again)])


def _go_on(talk: Talk, held: list[dict[str, object]]) -> Outcome:
    """The waiting messages become one report, as if she had just sent them."""
    said = [str(item["text"]) for item in held if item["kind"] == Kind.TEXT.value]
    texts = [text for text in said if not remarks(text)]  # "good morning" is no part of the problem
    photos = [str(item["message"]) for item in held if item["kind"] == Kind.PHOTO.value]
    pins = [item for item in held if item["kind"] == Kind.PLACE.value]
    messages = [str(item["message"]) for item in held if item["kind"] == Kind.TEXT.value]
    for message_id in photos:
        photo_rows.take(talk.unit, talk.person, message_id, "before", None, talk.now)
    if not (texts or photos or pins):
        return Outcome([Text(talk.say("consent.thanks"), quick=thoughts.menu_quick(talk))])
    opening = talk.say("consent.thanks_go_on")
    if texts and not photos and not pins and all(lending.offers(text) for text in texts):
        outcome = lending.said(talk, "\n".join(texts))
        return replace(outcome, messages=[Text(opening), *outcome.messages])
    if texts:
        outcome = report.begin(talk, "\n".join(texts), messages, photos, opening)
    else:
        outcome = report.begin_without_words(talk, photos)
    if pins and isinstance(outcome.draft, dict):
        return report.with_pin(talk, outcome.draft, pins[-1])
    return outcome
