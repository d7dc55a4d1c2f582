"""In a group the bot speaks only when it is named, and asks to go on in private."""

from __future__ import annotations

from handlers.incoming import Incoming, Kind
from handlers.messages.neutral import Message, Text
from handlers.messages.texts import say
from nlp import language


def answer(incoming: Incoming) -> list[Message]:
    """What is said in the group; usually nothing."""
    if incoming.kind == Kind.JOIN:
        return [Text(say("th", "group.hello"))]
    if incoming.kind == Kind.TEXT and incoming.mentioned:
        return [Text(say(language(incoming.text) if incoming.text.strip() else "th", "group.private"))]
    return []
