"""Photos are fetched after consent, kept, given up with a word to the person, and removed for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from handlers.ports import Fetched, FetchState
from handlers.services import photos
from handlers.services.photos import LAST_TRY, LEASE_S, MOST_TRIES, PhotoFetch
from store import Store, Unit
from store.models import Person, Photo
from store.queries import photos as rows
from store.words import RowState
from tests.pipes import MALI, T0, letter, outbox_rows

NOW = datetime.fromtimestamp(T0, UTC)
JPEG = b"\xff\xd8\xff picture"


@dataclass
class Shelf:
    """Pictures and their source, both at the edge: what is fetched, what is kept."""

    answers: list[Fetched] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    failed: list[tuple[int, str]] = field(default_factory=list)
    on_keep: Callable[[], None] = lambda: None

    def fetch(self, message_id: str) -> Fetched:
        return self.answers.pop(0) if self.answers else Fetched(FetchState.READY, JPEG)

    def keep(self, token: str, content: bytes) -> None:
        if not content.startswith(b"\xff\xd8"):
            raise ValueError("not a picture")
        self.kept[token] = content
        self.on_keep()

    def read(self, token: str, size: str) -> bytes | None:
        return self.kept.get(token)

    def remove(self, token: str) -> None:
        self.kept.pop(token, None)

    def fail(self, unit: Unit, photo: Photo, why: str) -> None:
        self.failed.append((photo.id, why))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def fetching(store: Store, shelf: Shelf) -> PhotoFetch:
    return PhotoFetch(store, shelf, shelf, shelf.fail)


def person(store: Store, consent: str | None = "1") -> int:
    with store.writing() as unit:
        row = unit.add(Person(line_id=MALI, consent=consent, created_at=NOW, seen_at=NOW))
        unit.flush()
        return row.id


def noted(store: Store, message_id: str = "555") -> int:
    owner = person(store)
    with store.writing() as unit:
        found = unit.get(Person, owner)
        assert found is not None
        return photos.take(unit, found, message_id, "before", None, NOW).id


def photo(store: Store) -> Photo:
    with store.reading() as unit:
        return unit.session.query(Photo).one()


def test_a_photo_is_fetched_and_kept_under_its_token(
    store: Store, shelf: Shelf, fetching: PhotoFetch
) -> None:
    noted(store)
    assert fetching.pass_once(T0) == 1
    assert photo(store).state == RowState.DONE
    assert shelf.kept == {photo(store).token: JPEG} and len(photo(store).token) >= 32
    assert fetching.pass_once(T0) == 0


def test_the_same_message_twice_is_one_photo(store: Store) -> None:
    first = noted(store)
    with store.writing() as unit:
        owner = unit.session.query(Person).one()
        assert photos.take(unit, owner, "555", "before", None, NOW).id == first


def test_without_consent_nothing_is_taken_or_fetched(store: Store, fetching: PhotoFetch) -> None:
    noted(store)
    with store.writing() as unit:
        owner = unit.session.query(Person).one()
        owner.consent = None
        with pytest.raises(ValueError, match="consent"):
            photos.take(unit, owner, "556", "before", None, NOW)
    assert fetching.pass_once(T0) == 0


def test_messages_wait_for_their_photo_and_go_when_it_is_ready(store: Store, fetching: PhotoFetch) -> None:
    held = noted(store)
    letter(store, MALI, "with a picture", NOW, photo_id=held)
    assert outbox_rows(store)[0].state == RowState.HELD
    fetching.pass_once(T0)
    assert outbox_rows(store)[0].state == RowState.WAITING


def test_a_photo_that_is_not_ready_is_asked_for_again_and_again_for_ten_minutes(
    store: Store, shelf: Shelf, fetching: PhotoFetch
) -> None:
    letter(store, MALI, "with a picture", NOW, photo_id=noted(store))
    shelf.answers = [Fetched(FetchState.NOT_YET)] * 20
    at, pauses = T0, []
    while photo(store).state == RowState.WAITING:
        assert fetching.pass_once(at) == 1
        pauses.append(photo(store).next_at - at)
        at = photo(store).next_at or at
    assert pauses[:4] == [1, 2, 4, 8] and 500 < at - T0 <= 600
    assert (photo(store).state, shelf.failed) == (RowState.FAILED, [(photo(store).id, "not_fetched")])
    assert outbox_rows(store)[0].state == RowState.WAITING


def test_when_the_data_host_is_down_messages_stop_waiting_but_the_photo_comes_later(
    store: Store, shelf: Shelf, fetching: PhotoFetch
) -> None:
    letter(store, MALI, "with a picture", NOW, photo_id=noted(store))
    shelf.answers = [Fetched(FetchState.RETRY)] * MOST_TRIES
    at = T0
    for _ in range(MOST_TRIES):
        fetching.pass_once(at)
        at = photo(store).next_at
    assert photo(store).state == RowState.WAITING
    assert outbox_rows(store)[0].state == RowState.WAITING
    fetching.pass_once(at)
    assert photo(store).state == RowState.DONE


def test_after_a_day_the_photo_is_given_up(store: Store, shelf: Shelf, fetching: PhotoFetch) -> None:
    noted(store)
    with store.writing() as unit:
        unit.session.query(Photo).one().attempts = LAST_TRY - 1
    shelf.answers = [Fetched(FetchState.RETRY)]
    fetching.pass_once(T0)
    assert (photo(store).state, photo(store).reason) == (RowState.FAILED, "not_fetched")


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (Fetched(FetchState.GONE), RowState.REMOVED, "gone"),
        (Fetched(FetchState.TOO_BIG), RowState.FAILED, "too_big"),
        (Fetched(FetchState.READY, b"words"), RowState.FAILED, "not_a_picture"),
    ],
)
def test_what_will_never_be_a_picture_is_told_and_held_messages_go(
    store: Store, shelf: Shelf, fetching: PhotoFetch, answer: Fetched, state: RowState, why: str
) -> None:
    number = noted(store)
    letter(store, MALI, "with a picture", NOW, photo_id=number)
    shelf.answers = [answer]
    fetching.pass_once(T0)
    assert (photo(store).state, shelf.failed) == (state, [(number, why)])
    assert outbox_rows(store)[0].state == RowState.WAITING


def test_a_full_disk_is_a_reason_to_try_again(store: Store, shelf: Shelf, fetching: PhotoFetch) -> None:
    noted(store)

    def full() -> None:
        raise OSError("no space left")

    shelf.on_keep = full
    fetching.pass_once(T0)
    assert (photo(store).state, photo(store).reason) == (RowState.WAITING, "OSError")


def test_an_unsent_photo_is_removed_with_its_files_and_nobody_waits_for_it(
    store: Store, shelf: Shelf, fetching: PhotoFetch
) -> None:
    letter(store, MALI, "with a picture", NOW, photo_id=noted(store))
    fetching.pass_once(T0)
    with store.writing() as unit:
        photos.remove(unit, unit.session.query(Photo).one())
    assert shelf.kept != {}
    assert fetching.pass_once(T0) == 1
    assert shelf.kept == {} and photo(store).reason == rows.DELETED
    assert outbox_rows(store)[0].state == RowState.WAITING
    assert fetching.pass_once(T0) == 0


def test_a_photo_unsent_while_it_is_fetched_leaves_no_file(
    store: Store, shelf: Shelf, fetching: PhotoFetch
) -> None:
    noted(store)

    def unsend() -> None:
        with store.writing() as unit:
            photos.remove(unit, unit.session.query(Photo).one())

    shelf.on_keep = unsend
    fetching.pass_once(T0)
    fetching.pass_once(T0)
    assert photo(store).state == RowState.REMOVED and shelf.kept == {}


def test_a_fetch_that_died_is_taken_up_again_when_its_lease_ends(
    store: Store, shelf: Shelf, fetching: PhotoFetch
) -> None:
    noted(store)
    with store.writing() as unit:
        assert len(rows.claim(unit, T0, LEASE_S, 5)) == 1
    assert fetching.pass_once(T0 + LEASE_S - 1) == 0
    assert fetching.pass_once(T0 + LEASE_S + 1) == 1
    assert photo(store).state == RowState.DONE
