"""LINE's webhook: 200 only after every event is stored, and a polite no to everything else."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.line.inbox_writer import InboxWriter
from bot.line.raw_events import NotJson, new_events
from bot.line.webhook import LineWebhook
from bot.web.simulator.events import sign
from store import Store
from tests.bot.line.serving import closed_port
from tests.pipes import MALI, SOMCHAI, T0, body_of, inbox_rows, text_event

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


def elsewhere(environ: Any, start_response: Any) -> Iterable[bytes]:
    start_response("404 Not Found", [])
    return [b"somewhere else"]


class Caller:
    """Speaks WSGI to the webhook."""

    def __init__(self, store: Store) -> None:
        self.wakes = 0
        self.app = LineWebhook(elsewhere, SECRET, InboxWriter(store, self._woken), clock=lambda: T0)

    def _woken(self) -> None:
        self.wakes += 1

    def post(self, body: bytes, signature: str | None = None, /, **environ: Any) -> int:
        given = sign(SECRET, body) if signature is None else signature
        return self.call(
            {
                "PATH_INFO": "/line/webhook",
                "REQUEST_METHOD": "POST",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
                "HTTP_X_LINE_SIGNATURE": given,
                **environ,
            }
        )

    def call(self, environ: dict[str, Any]) -> int:
        answers: list[str] = []
        list(self.app(environ, lambda status, headers: answers.append(status)))  # type: ignore[arg-type]
        return int(answers[0].split()[0])


@pytest.fixture
def caller(store: Store) -> Caller:
    return Caller(store)


@pytest.fixture(scope="module")
def one_caller(new_database: Any) -> Iterator[Caller]:
    store = Store(new_database("sqlite"))
    yield Caller(store)
    store.close()


def test_every_event_of_a_body_is_stored_before_200_is_said(caller: Caller, store: Store) -> None:
    group = {"type": "group", "groupId": "C" + "1" * 32, "userId": MALI}
    events = [text_event(1), text_event(2, SOMCHAI), text_event(3, source=group)]
    assert caller.post(body_of(*events)) == 200
    rows = inbox_rows(store)
    assert [row.conversation for row in rows] == [MALI, SOMCHAI, "C" + "1" * 32]
    assert [json.loads(row.raw or "") for row in rows] == events
    assert {(row.state, row.kind, row.at_ms, row.received_at) for row in rows} == {
        ("waiting", "message", int(T0 * 1000), T0)
    }
    assert caller.wakes == 1


def test_the_published_test_vector_is_accepted(caller: Caller) -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert caller.post(body, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=") == 200


@pytest.mark.parametrize(
    "wrong", ["", "x", "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=", "สวัสดี", "\xff" * 44]
)
def test_a_missing_or_wrong_signature_is_refused(caller: Caller, store: Store, wrong: str) -> None:
    body = body_of(text_event(1))
    assert caller.post(body, wrong) == 401
    assert caller.post(b"{not json", wrong) == 401
    assert inbox_rows(store) == []


def test_a_request_without_the_header_is_refused(caller: Caller) -> None:
    assert (
        caller.call({"PATH_INFO": "/line/webhook", "REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO()})
        == 401
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"1",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b'{"events":[NaN]}',
        b"[" * 100_000,
        b"1" * 9999,
    ],
)
def test_signed_nonsense_is_a_bad_request(one_caller: Caller, body: bytes) -> None:
    assert one_caller.post(body) == 400


@pytest.mark.parametrize("body", [b"{}", b'{"events":[]}', b'{"events":null}', b'{"events":{"a":1}}'])
def test_an_object_without_events_is_fine(one_caller: Caller, body: bytes) -> None:
    assert one_caller.post(body) == 200


def test_a_body_over_a_mebibyte_is_refused_unread(caller: Caller) -> None:
    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    large = {"CONTENT_LENGTH": str(1024 * 1024 + 1), "wsgi.input": Unreadable()}
    assert caller.post(b"", **large) == 413
    unknown_length = b"x" * (1024 * 1024 + 1)
    assert caller.post(unknown_length, CONTENT_LENGTH="", **{"wsgi.input_terminated": True}) == 413


def test_a_large_body_with_many_events_is_taken(caller: Caller, store: Store) -> None:
    body = body_of(*[text_event(number, text="น้ำท่วม" * 20) for number in range(600)])
    assert 300_000 < len(body) < 1024 * 1024
    assert caller.post(body) == 200
    assert len(inbox_rows(store)) == 600


def test_a_body_that_breaks_off_is_a_bad_request(caller: Caller, store: Store) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    assert caller.post(body_of(text_event(1)), CONTENT_LENGTH="100000") == 400
    assert caller.post(b"x", **{"wsgi.input": Broken()}) == 400
    assert caller.post(b"{}", CONTENT_LENGTH="-3") == 400
    assert inbox_rows(store) == []


def test_other_methods_are_refused_and_other_paths_passed_on(caller: Caller) -> None:
    assert caller.call({"PATH_INFO": "/line/webhook", "REQUEST_METHOD": "GET"}) == 405
    assert caller.call({"PATH_INFO": "/line/webhook/", "REQUEST_METHOD": "POST"}) == 404


def test_an_event_delivered_again_is_stored_once(caller: Caller, store: Store) -> None:
    event = text_event(1)
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    assert [caller.post(body_of(event)), caller.post(body_of(again, event))] == [200, 200]
    assert len(inbox_rows(store)) == 1


def test_odd_events_are_stored_under_a_stable_made_up_id_and_spoil_no_other(
    caller: Caller, store: Store
) -> None:
    odd: list[Any] = [
        None,
        7,
        "text",
        [],
        {},
        {"type": 5, "timestamp": "soon", "source": "me"},
        {"type": "message", "webhookEventId": "", "message": {"text": "\x00"}},
        {"type": "message", "webhookEventId": "a\x00b", "message": {"text": "\ud800"}},
        {"type": "x" * 100, "webhookEventId": "y" * 500, "timestamp": 10**30},
        {"type": "message", "timestamp": -5, "source": {"userId": "U\x00"}},
        {"type": "message", "timestamp": True, "source": {"userId": 5, "groupId": ["C"]}},
    ]
    body = body_of(*odd, text_event(1))
    assert caller.post(body) == 200
    rows = inbox_rows(store)
    assert len(rows) == len(odd) + 1
    assert [json.loads(row.raw or "") for row in rows][:-1] == odd
    assert {row.at_ms for row in rows} == {int(T0 * 1000)}
    assert all(row.conversation.startswith("?") for row in rows[:-1]) and rows[-1].conversation == MALI
    assert caller.post(body) == 200
    assert len(inbox_rows(store)) == len(odd) + 1


def test_a_store_that_can_not_be_reached_means_deliver_again(caller: Caller, store: Store) -> None:
    with store.writing_connection() as connection:
        connection.execute(text("ALTER TABLE inbox RENAME TO inbox_gone"))
    assert caller.post(body_of(text_event(1))) == 503
    assert caller.post(b'{"events":[]}') == 200
    with store.writing_connection() as connection:
        connection.execute(text("ALTER TABLE inbox_gone RENAME TO inbox"))
    assert caller.post(body_of(text_event(1))) == 200
    assert len(inbox_rows(store)) == 1


def test_without_a_database_server_line_is_told_to_deliver_again() -> None:
    nowhere = Store(f"postgresql+psycopg://saan@127.0.0.1:{closed_port()}/saan")
    assert Caller(nowhere).post(body_of(text_event(1))) == 503


def test_requests_side_by_side_share_commits_and_lose_nothing(caller: Caller, store: Store) -> None:
    statuses: list[int] = []

    def send(first: int) -> None:
        statuses.extend(caller.post(body_of(text_event(number))) for number in range(first, first + 25))

    threads = [threading.Thread(target=send, args=(number * 25,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 200
    assert len(inbox_rows(store)) == 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_server_process_has_its_own_writer(caller: Caller, store: Store) -> None:
    assert caller.post(body_of(text_event(1))) == 200
    store.engine.dispose()
    child = os.fork()
    if child == 0:
        os._exit(0 if caller.post(body_of(text_event(2))) == 200 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(inbox_rows(store)) == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(["type", "webhookEventId", "timestamp", "source", "message", "replyToken", "mode"])


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON | st.dictionaries(FIELDS, JSON, max_size=7), max_size=3))
def test_no_signed_object_makes_the_server_fail(one_caller: Caller, events: list[Any]) -> None:
    body = json.dumps({"events": events}).encode()
    try:
        rows = new_events(body, T0)
    except NotJson:  # a number that JSON does not know
        assert one_caller.post(body) == 400
        return
    assert len(rows) == len(events)
    assert one_caller.post(body) == 200
