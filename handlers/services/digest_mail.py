"""Digests by mail: an address confirmed by a code, the same content as on LINE, and a link that ends it by one click."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from handlers.messages.mail import Mail, MailAct
from handlers.messages.neutral import Card, Line
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.services import mail_links
from handlers.talk import Scene
from store.models import MailAddress, Person
from store.queries import digests as rows
from store.words import EMAIL, Purpose

CODE_FOR = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=2)
"""How long before another code is sent, so that nobody's mailbox can be flooded."""
TRIES = 5
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}", re.ASCII)


def is_on(scene: Scene) -> bool:
    """Whether this installation sends mail."""
    return EMAIL in scene.house.channels


def read_address(text: str) -> str | None:
    """The one address in the words; None when there is none or several."""
    found = _ADDRESS.findall(text)
    return found[0] if len(found) == 1 and len(found[0]) <= 200 else None


def begin(scene: Scene, person: Person, address: str) -> bool:
    """Send a code to the address; nothing else goes there before it came back. False: one was sent just now."""
    row = rows.mail_of(scene.unit, person.id)
    if row is not None and row.confirmed_at is None and scene.now - row.asked_at < AGAIN_AFTER:
        return False
    if row is None:
        nonce = secrets.token_hex(16)
        word = mail_links.hashed(mail_links.token(scene.house, nonce))
        row = scene.unit.add(MailAddress(person_id=person.id, nonce=nonce, token_hash=word))
    code = f"{secrets.randbelow(1_000_000):06d}"
    row.address, row.confirmed_at, row.tries = address, None, 0
    row.asked_at, row.code_hash = scene.now, _hashed(row, code)
    _carry(scene, person, row, _code_mail(scene, person.language, code), secret=True)
    return True


def _hashed(row: MailAddress, code: str) -> str:
    return hashlib.sha256(f"{row.nonce}:{code}".encode()).hexdigest()


def confirm(scene: Scene, person: Person, code: str) -> str:
    """What came of the typed code: "done", "wrong", "late" or "none"."""
    row = rows.mail_of(scene.unit, person.id)
    if row is None or row.code_hash is None or row.confirmed_at is not None:
        return "none"
    if scene.now - row.asked_at > CODE_FOR or row.tries >= TRIES:
        return "late"
    row.tries += 1
    if not hmac.compare_digest(row.code_hash, _hashed(row, code)):
        return "wrong"
    row.confirmed_at, row.code_hash = scene.now, None
    return "done"


def _code_mail(scene: Scene, lang: str, code: str) -> Mail:
    title = say(lang, "bymail.code_title")
    note = say(lang, "bymail.code_note")
    return Mail(subject=title, title=title, body=code, notes=(note,), sender=_sender(scene, lang), lang=lang)


def _sender(scene: Scene, lang: str) -> str:
    city = scene.book.data.city
    name = city.name_en if lang == "en" else city.name_th
    return say(lang, "mail.sender", city=name, phone=city.phone)


def to_person(scene: Scene, person: Person, row: MailAddress, cards: Iterable[Card], once: str) -> bool:
    """The digest's cards as one mail; False when it was sent before."""
    if not is_on(scene) or row.confirmed_at is None or scene.post.was_sent(f"{once}-mail"):
        return False
    _carry(scene, person, row, letter(scene, person.language, list(cards), row.nonce), once=f"{once}-mail")
    return True


def letter(scene: Scene, lang: str, cards: list[Card], stop: str) -> Mail:
    """The first card is the head of the mail, the others follow as paragraphs; acting goes on in LINE."""
    head, rest = cards[0], cards[1:]
    return Mail(
        subject=shorten(f"{head.title} {head.badge}", 150),
        title=head.title,
        badge=head.badge,
        tone=head.tone,
        said=head.body,
        lines=head.lines,
        body=shorten("\n\n".join(_paragraph(card) for card in rest), 6000),
        acts=(MailAct(say(lang, "bymail.stop"), stop, "quiet"),),
        notes=(say(lang, "bymail.note"),),
        sender=_sender(scene, lang),
        stop=stop,
        lang=lang,
    )


def _paragraph(card: Card) -> str:
    head = f"{card.badge} · {card.title}" if card.badge else card.title
    bars = [Line(bar.label, bar.caption) for bar in card.bars]
    lines = [f"{line.label}: {line.value}" for line in (*card.lines, *bars)]
    return "\n".join([head, *([card.body] if card.body else []), *lines])


def _carry(
    scene: Scene,
    person: Person,
    row: MailAddress,
    mail: Mail,
    *,
    once: str | None = None,
    secret: bool = False,
) -> None:
    lane = f"digest:{person.id}"
    made = scene.post.carry(EMAIL, row.address, mail.to_json(), lane=lane, purpose=Purpose.DIGEST, once=once)
    if made is not None:
        made.person_id, made.secret = person.id, secret


def stop(scene: Scene, word: str) -> bool:
    """The link at the end of a mail: no more mails go there. False when it is unknown (or was used before)."""
    row = rows.mail_by_token(scene.unit, mail_links.hashed(word))
    if row is None:
        return False
    rows.drop_mail(scene.unit, row.person_id)
    return True


def knows(scene: Scene, word: str) -> bool:
    return rows.mail_by_token(scene.unit, mail_links.hashed(word), look=True) is not None
