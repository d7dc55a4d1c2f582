"""Puts answers by mail into the inbox: read, stored once, and only then marked as read in the mailbox."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.agencies.mail_reading import ReadMail, read
from bot.agencies.mailbox import Found, Mailbox, MailboxError
from handlers.flows import by_mail
from handlers.house import House
from handlers.incoming import Incoming, Kind
from handlers.ports import Pictures
from handlers.talk import Scene
from store import Store
from store.queries import inbox, leases
from store.queries.inbox import ClaimedEvent, NewEvent

log = logging.getLogger(__name__)

KIND = "mail"
LEASE, LEASE_S = "mailbox", 300.0
"""One process at a time looks into the mailbox."""


class MailIntake:
    """One look into the mailbox at a time."""

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        pictures: Pictures,
        house: House,
        holder: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._mailbox, self._pictures, self._house = store, mailbox, pictures, house
        self._holder, self._clock = holder, clock

    def pass_once(self) -> int:
        """Take what is unread; gives how many mails were taken."""
        with self._store.writing() as unit:
            if not leases.take(unit, LEASE, self._holder, self._clock(), LEASE_S):
                return 0
        taken = 0
        try:
            with self._mailbox.opened() as box:
                for found in box.unread():
                    self._take(found)
                    box.mark_read(found.number)
                    taken += 1
        except MailboxError as error:
            log.warning("%s", error)
        finally:
            with self._store.writing() as unit:
                leases.drop(unit, LEASE, self._holder)
        return taken

    def _take(self, found: Found) -> None:
        mail = read(found.raw, found.place)
        store_mail(self._store, mail, self.kept(mail), self._clock(), too_big=not found.whole)

    def kept(self, mail: ReadMail) -> list[str]:
        """Tokens of the mail's pictures, kept without what they tell of the camera; strangers' are not kept."""
        if not mail.pictures or not self._known(mail):
            return []
        tokens = []
        for content in mail.pictures:
            token = secrets.token_urlsafe(24)
            try:
                self._pictures.keep(token, content)
                tokens.append(token)
            except ValueError:
                continue  # not a picture after all
        return tokens

    def _known(self, mail: ReadMail) -> bool:
        now = self._clock()
        with self._store.reading() as unit:
            scene = Scene(self._house, unit, datetime.fromtimestamp(now, UTC), now)
            thread = by_mail.whose(scene, mail.to_json([]))
            return thread is not None and by_mail.trusted(scene, thread, mail.sender)


def store_mail(store: Store, mail: ReadMail, photos: list[str], now: float, too_big: bool = False) -> None:
    """Put a mail into the inbox; one that is there already (by its Message-ID) is left as it is."""
    place = (mail.words or mail.refers or [mail.sender])[0]
    raw = json.dumps(mail.to_json(photos, too_big), ensure_ascii=False)
    event = NewEvent(mail.id, f"mail:{place}"[:64], int(now * 1000), KIND, raw, now)
    with store.writing_connection() as connection:
        inbox.store(connection, [event])


def parse(event: ClaimedEvent) -> Incoming:
    """A stored mail as an event for the dispatcher."""
    at = datetime.fromtimestamp(event.at_ms / 1000, UTC)
    return Incoming(event.event_id, Kind.MAIL, event.conversation, at, data={"mail": event.raw})
