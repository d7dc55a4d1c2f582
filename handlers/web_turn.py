"""A turn at the console: the buttons and questions of the chat, pressed and answered on a page.

What a button may do and what comes of it is decided by the very flows that decide in the chat; only the way in and out
differs. A person's open question at the console is kept apart from the one in her chat.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from handlers import dispatch
from handlers.flows import official
from handlers.incoming import Incoming, Kind
from handlers.services import people, photos
from handlers.talk import Outcome, Scene, Talk
from store.models import Person, Photo
from store.queries import people as person_rows

_ONLY_IN_CHAT = ("report.", "me.", "menu", "behalf.", "said.", "faq.", "staff.", "web")
"""What needs the chat: one's own reports, places and data."""
_SHOWS_RESULT = "case.done"
MOST_LETTERS = 5000


@dataclass
class WebTalk(Talk):
    """Somebody at the console; she reads it in the language she chose there."""

    spoken: str = "th"

    @property
    def lang(self) -> str:
        return self.spoken


def speaking(scene: Scene, person: Person, lang: str) -> WebTalk:
    """Her talk with nothing said yet: whoever shows a page asks it what she may see."""
    key = f"web:{person.id}"
    # A page that only shows must not write: the row of her conversation is made by the first turn.
    chat = person_rows.conversation(scene.unit, key) or people.blank_conversation(key, scene.now)
    return WebTalk(
        scene.house,
        scene.unit,
        scene.now,
        scene.machine,
        _incoming(scene, person, Kind.TAP),
        person,
        chat,
        spoken=lang,
    )


def press(
    scene: Scene,
    person: Person,
    lang: str,
    data: dict[str, str],
    text: str = "",
    pictures: tuple[str, ...] = (),
) -> Outcome:
    """A button, with the words and kept pictures that came along as the answer to what it asks.

    Pictures that no case took are left without a row, for the caller to remove.
    """
    talk = _turn(scene, person, lang)
    do = data.get("do", "")
    flow = None if do.startswith(_ONLY_IN_CHAT) else dispatch.TAPS.get(do)
    if flow is None:
        return talk.answer("stale.button")
    # Some buttons take words along (the task of a helper); to the others they are the answer below.
    talk.incoming = dispatch.clean(replace(talk.incoming, data=dict(data), text=text.strip()[:MOST_LETTERS]))
    outcome = flow(talk)
    dispatch.keep(talk, outcome)
    if not (text.strip() or pictures) or not isinstance(outcome.asked, dict):
        return outcome
    return _answered(talk, text, pictures, "after" if do == _SHOWS_RESULT else "thread")


def answer(scene: Scene, person: Person, lang: str, text: str, pictures: tuple[str, ...] = ()) -> Outcome:
    """Words or pictures for the question that is open at the console."""
    talk = _turn(scene, person, lang)
    do = (talk.conversation.asked or {}).get("do")
    return _answered(talk, text, pictures, "after" if do == _SHOWS_RESULT else "thread")


def asks(scene: Scene, person: Person) -> bool:
    """Whether a question of the console waits for her words."""
    found = person_rows.conversation(scene.unit, f"web:{person.id}")
    return bool(found and found.asked)


def _turn(scene: Scene, person: Person, lang: str) -> WebTalk:
    chat = people.conversation(scene.unit, f"web:{person.id}", scene.now)
    incoming = _incoming(scene, person, Kind.TAP)
    return WebTalk(scene.house, scene.unit, scene.now, scene.machine, incoming, person, chat, spoken=lang)


def _incoming(scene: Scene, person: Person, kind: Kind) -> Incoming:
    name = f"web-{secrets.token_hex(12)}"
    return Incoming(name, kind, f"web:{person.id}", scene.now, user=person.line_id, message_id=name)


def _answered(talk: WebTalk, text: str, pictures: tuple[str, ...], role: str) -> Outcome:
    asked = talk.conversation.asked
    said = text.replace("\r\n", "\n").strip()[:MOST_LETTERS]
    if not asked or not (said or pictures):
        return talk.answer("stale.button")
    brought = [photos.bring(talk.unit, talk.person, token, role, talk.now) for token in pictures]
    incoming = replace(talk.incoming, kind=Kind.PHOTO if brought else Kind.TEXT, text=said, data={})
    if brought:
        incoming = replace(incoming, message_id=brought[0].message_id)
    talk.incoming = dispatch.clean(incoming)
    outcome = dispatch.answered(talk, asked) or talk.answer("stale.button")
    dispatch.keep(talk, outcome)
    _further(talk, brought[1:])
    _forget_unused(talk, brought)
    return outcome


def _further(talk: WebTalk, brought: list[Photo]) -> None:
    """The other pictures of a finished case."""
    asked = talk.conversation.asked or {}
    for photo in brought if asked.get("do") == "more_after" else ():
        talk.incoming = replace(talk.incoming, kind=Kind.PHOTO, message_id=photo.message_id)
        official.more_after(talk, asked)
    if asked.get("do") == "more_after":
        talk.conversation.asked = None  # a page brings all its pictures at once


def _forget_unused(talk: WebTalk, brought: list[Photo]) -> None:
    for photo in brought:
        if photo.case_id is None:
            talk.unit.delete(photo)
