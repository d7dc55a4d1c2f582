"""Putting messages into the outbox, in the same transaction as the decision that wants them sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.messages.neutral import Message
from handlers.ports import Renderer
from store import Unit
from store.models import Case, Outbox, Person
from store.queries import outbox as rows
from store.words import Purpose, RowState


@dataclass(frozen=True)
class Reply:
    """A fresh reply token and until when (machine seconds) it is worth trying."""

    token: str
    until: float


@dataclass(frozen=True)
class Post:
    """Writes outbox rows for one unit of work."""

    unit: Unit
    render: Renderer
    now: datetime
    machine: float
    """Machine time in seconds; ages replies and retries."""

    def queued(self, once: str) -> bool:
        """Whether a message of that mark was written before."""
        return rows.exists_once(self.unit, once)

    def send(
        self,
        to: Person | str,
        messages: Sequence[Message],
        purpose: Purpose,
        *,
        reply: Reply | None = None,
        case: Case | None = None,
        once: str | None = None,
        due_at: datetime | None = None,
        photo_id: int | None = None,
        inbox_id: int | None = None,
        secret: bool = False,
    ) -> Outbox | None:
        """Queue up to five messages; None when there is nobody to send to or ``once`` was already queued.

        ``photo_id`` holds the message until that photo is ready (or has failed); ``due_at`` (city clock) holds it
        until then. ``secret``: the words are blanked as soon as they are sent. The retry key is given here and never changes.
        """
        address = to if isinstance(to, str) else to.line_id
        if not messages or not address or (once and rows.exists_once(self.unit, once)):
            return None
        if isinstance(to, Person) and (to.blocked or to.forgotten_at):
            return None
        row = Outbox(
            to=address,
            purpose=purpose,
            messages=self.render(list(messages)[:5]),
            reply_token=reply.token if reply else None,
            reply_until=reply.until if reply else None,
            retry_key=str(uuid.uuid4()),
            state=RowState.HELD if photo_id else RowState.WAITING,
            created_real=self.machine,
            created_at=self.now,
            due_at=due_at,
            case=case,
            person_id=to.id if isinstance(to, Person) else None,
            photo_id=photo_id,
            inbox_id=inbox_id,
            once=once,
            secret=secret,
        )
        return self.unit.add(row)

    def was_sent(self, once: str | None) -> bool:
        """Whether something of this name was ever queued."""
        return bool(once) and rows.exists_once(self.unit, once or "")

    def carry(
        self,
        channel: str,
        to: str,
        body: dict[str, Any],
        *,
        lane: str,
        purpose: Purpose = Purpose.AGENCY,
        case: Case | None = None,
        agency: str | None = None,
        once: str | None = None,
        due_at: datetime | None = None,
    ) -> Outbox | None:
        """Queue something for a gateway, in order within its lane; None when ``once`` was already queued."""
        if self.was_sent(once):
            return None
        row = Outbox(
            to=to,
            channel=channel,
            purpose=purpose,
            messages=[body],
            retry_key=str(uuid.uuid4()),
            created_real=self.machine,
            created_at=self.now,
            due_at=due_at,
            case=case,
            agency=agency,
            lane=lane,
            once=once,
        )
        return self.unit.add(row)
