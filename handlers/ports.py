"""What handlers need from the outside, as they see it; ``bot`` provides the real things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from handlers.messages.neutral import Message
from store import Unit
from store.queries.outbox import Letter, Outcome


class MessageRefused(ValueError):
    """LINE would refuse this message (too long, too many buttons): a fault of ours, found before it is stored."""


class Renderer(Protocol):
    def __call__(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        """The platform's JSON; raises ``MessageRefused``."""


class Sent(StrEnum):
    """How a send ended."""

    OK = "ok"
    DUPLICATE = "duplicate"  # 409: an earlier try had been accepted
    TOKEN_DEAD = "token_dead"  # used or expired reply token
    RATE = "rate"  # 429: too fast
    MONTHLY = "monthly"  # 429: the month's messages are spent
    REFUSED = "refused"  # 4xx: no repetition will help
    UNSURE = "unsure"  # 5xx, time-out, broken connection: it may have arrived
    NOT_SENT = "not_sent"  # no connection at all: it surely has not arrived


@dataclass(frozen=True)
class SendResult:
    """``retry_at``: when (machine seconds) the other side wants the next try. ``learned``: what it told us, such as
    its own number of a case; a gateway keeps that in ``settled``."""

    kind: Sent
    detail: str = ""
    retry_at: float | None = None
    learned: Mapping[str, str] = field(default_factory=dict)


class Messenger(Protocol):
    def reply(self, token: str, messages: list[dict[str, Any]]) -> SendResult: ...

    def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> SendResult: ...

    def multicast(self, to: list[str], messages: list[dict[str, Any]], retry_key: str) -> SendResult:
        """The same to up to 500 people."""


class Gateway(Protocol):
    """Carries rows of one channel of the outbox to others than LINE."""

    def send(self, letter: Letter) -> SendResult:
        """One try, outside of any transaction; may be called again with the same letter after a crash."""

    def settled(self, unit: Unit, letter: Letter, result: SendResult, outcome: Outcome) -> None:
        """In the transaction that writes what became of the letter: keep what was learned."""


class FetchState(StrEnum):
    READY = "ready"
    NOT_YET = "not_yet"
    GONE = "gone"
    TOO_BIG = "too_big"
    BAD = "bad"  # not a picture
    RETRY = "retry"


@dataclass(frozen=True)
class Fetched:
    state: FetchState
    content: bytes = b""
    detail: str = ""


class MediaSource(Protocol):
    def fetch(self, message_id: str) -> Fetched:
        """The binary of a message somebody sent."""


class Pictures(Protocol):
    """Makes and keeps pictures. Names are ``<token>``; sizes "original", "full" and "small"."""

    def keep(self, token: str, content: bytes) -> None:
        """Store the original and stripped JPEGs; raises ValueError when it is not a picture."""

    def read(self, token: str, size: str) -> bytes | None: ...

    def remove(self, token: str) -> None: ...
