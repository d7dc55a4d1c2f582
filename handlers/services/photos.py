"""Photos that people send: noted with the decision, fetched afterwards, kept without what they tell of the phone."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from handlers.ports import Fetched, FetchState, MediaSource, Pictures
from store import Store, Unit
from store.models import Case, Person, Photo
from store.queries import outbox, photos
from store.queries.photos import ClaimedPhoto
from store.words import RowState

log = logging.getLogger(__name__)

LEASE_S = 120.0
BATCH = 8
MOST_TRIES = 10
"""Waits of 1, 2, 4 … 256 s and a last one: after about ten minutes messages no longer wait for the photo."""
LONG_DELAY_S = 600.0
LAST_TRY = MOST_TRIES + 144
"""With ten minutes between: a day in which the data host may come back."""

OnFailed = Callable[[Unit, Photo, str], None]
"""``on_failed(unit, photo, why)``: why is "too_big", "not_a_picture", "gone" or "not_fetched". Called before held
messages are let go, so that it can also mend or remove them."""


def take(unit: Unit, person: Person, message_id: str, role: str, case: Case | None, now: datetime) -> Photo:
    """Note a photo to be fetched; the same message twice is one photo. Raises ValueError without consent (or a role)."""
    if person.consent is None and not any(role.runs(now) for role in person.roles):
        raise ValueError("a photo is taken only after consent")
    known = photos.by_message(unit, message_id)
    if known is not None:
        if case is not None and known.case_id is None and known.person_id == person.id:
            known.case_id = case.id  # it was noted while the report was being written
        return known
    row = Photo(
        case_id=case.id if case else None,
        person_id=person.id,
        message_id=message_id,
        role=role,
        token=secrets.token_urlsafe(24),
        state=RowState.WAITING,
        created_at=now,
    )
    unit.add(row)
    unit.flush()
    return row


def attach(unit: Unit, token: str, message_id: str, role: str, case: Case, now: datetime) -> Photo:
    """Add a picture that is kept already: agencies send theirs by mail or with a page, and are no persons."""
    row = Photo(message_id=message_id, role=role, token=token, state=RowState.DONE, created_at=now)
    case.photos.append(row)
    unit.flush()
    return row


def bring(unit: Unit, person: Person, token: str, role: str, now: datetime) -> Photo:
    """Note a picture that an official brought with a page and that is kept already; ``take`` gives it to a case."""
    row = Photo(
        person_id=person.id,
        message_id=f"web-{token}",
        role=role,
        token=token,
        state=RowState.DONE,
        created_at=now,
    )
    unit.add(row)
    unit.flush()
    return row


def remove(unit: Unit, photo: Photo) -> None:
    """Nobody sees the photo from now on; its files are deleted by the next pass. Held messages go without it."""
    photo.state = RowState.REMOVED
    photo.reason = ""
    unit.flush()
    outbox.release_held(unit, photo.id)


def remove_message(unit: Unit, message_id: str) -> None:
    """Remove the photo that came with a message, if there is one."""
    photo = photos.by_message(unit, message_id)
    if photo is not None:
        remove(unit, photo)


class PhotoFetch:
    """Fetches, keeps and deletes. No network and no file is touched inside a transaction."""

    def __init__(
        self, store: Store, source: MediaSource, pictures: Pictures, on_failed: OnFailed, threads: int = 4
    ) -> None:
        self._store = store
        self._source = source
        self._pictures = pictures
        self._on_failed = on_failed
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="photo")

    def pass_once(self, machine_now: float) -> int:
        """Fetch what is due and delete what was removed, at most one batch each; gives how many were handled."""
        with self._store.reading() as unit:
            if not photos.anything_to_do(unit, machine_now):
                return 0
        with self._store.writing() as unit:
            due = photos.claim(unit, machine_now, LEASE_S, BATCH)
        for photo, fetched in self._pool.map(lambda photo: (photo, self._fetch(photo)), due):
            self._settle(photo, fetched, machine_now)
        return len(due) + self._delete(machine_now)

    def close(self) -> None:
        self._pool.shutdown()

    def _fetch(self, photo: ClaimedPhoto) -> Fetched:
        """Fetch and keep; files are written before the row says so, for a row must never promise what is not there."""
        try:
            fetched = self._source.fetch(photo.message_id)
            if fetched.state == FetchState.READY:
                self._pictures.keep(photo.token, fetched.content)
            return fetched
        except ValueError as error:
            return Fetched(FetchState.BAD, detail=str(error))
        except Exception as error:  # a full disk, a bucket that does not answer: try again later
            log.exception("photo %s could not be kept", photo.id)
            return Fetched(FetchState.RETRY, detail=type(error).__name__)

    def _settle(self, photo: ClaimedPhoto, fetched: Fetched, now: float) -> None:
        """Write what became of it; a photo that was unsent while we fetched it stays removed."""
        delay = _next_delay(fetched.state, photo.attempts)
        state, why = (RowState.WAITING, fetched.detail) if delay else _VERDICTS[fetched.state]
        with self._store.writing() as unit:
            row = photos.settle(unit, photo, state, why, now + delay if delay else 0.0)
            if row is None:
                return
            if state in (RowState.FAILED, RowState.REMOVED):
                self._on_failed(unit, row, why)
            if not delay or photo.attempts >= MOST_TRIES:
                outbox.release_held(unit, photo.id)

    def _delete(self, now: float) -> int:
        with self._store.reading() as unit:
            gone = photos.to_delete(unit, now, BATCH)
        for photo in gone:
            self._pictures.remove(photo.token)
        if gone:
            with self._store.writing() as unit:
                photos.deleted(unit, [photo.id for photo in gone])
        return len(gone)


def _next_delay(state: FetchState, attempts: int) -> float | None:
    """Seconds until the next try; None when there is none."""
    if state not in (FetchState.NOT_YET, FetchState.RETRY):
        return None
    if attempts < MOST_TRIES:
        return float(2 ** (attempts - 1))
    return LONG_DELAY_S if state == FetchState.RETRY and attempts < LAST_TRY else None


_VERDICTS = {
    FetchState.READY: (RowState.DONE, ""),
    FetchState.GONE: (RowState.REMOVED, "gone"),
    FetchState.TOO_BIG: (RowState.FAILED, "too_big"),
    FetchState.BAD: (RowState.FAILED, "not_a_picture"),
    FetchState.NOT_YET: (RowState.FAILED, "not_fetched"),
    FetchState.RETRY: (RowState.FAILED, "not_fetched"),
}
"""The last word on a photo: state and reason."""
