"""Sends to LINE end in one of eight ways, and each is told apart from the others."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.line.messenger import LineMessenger
from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from handlers.ports import Sent
from tests.bot.line.serving import answering, closed_port, response, served

MALI, TOKEN = "U" + "a" * 32, "a-token"
KEY = "123e4567-e89b-12d3-a456-426614174000"
WORDS: list[dict[str, Any]] = [{"type": "text", "text": "สวัสดี"}]


@pytest.fixture
def sim() -> LineSimulator:
    made = LineSimulator("s" * 32, TOKEN)
    made.person(MALI, "มะลิ")
    return made


@pytest.fixture
def line(sim: LineSimulator) -> Iterator[LineMessenger]:
    with served(create_line_app(sim)) as address:
        yield LineMessenger(address, TOKEN)


def test_a_reply_is_taken_once(sim: LineSimulator, line: LineMessenger) -> None:
    token = sim.say(MALI, "ไฟดับ")["replyToken"]
    assert line.reply(token, WORDS).kind == Sent.OK
    again = line.reply(token, WORDS)
    assert (again.kind, again.detail) == (Sent.TOKEN_DEAD, "400 Invalid reply token")
    assert [(send["how"], send["messages"]) for send in sim.sent] == [("reply", WORDS)]


def test_a_push_is_taken_once_per_key(sim: LineSimulator, line: LineMessenger) -> None:
    assert line.push(MALI, WORDS, KEY).kind == Sent.OK
    assert line.push(MALI, WORDS, KEY).kind == Sent.DUPLICATE
    assert len(sim.sent) == 1


def test_the_two_meanings_of_429_are_told_apart(sim: LineSimulator, line: LineMessenger) -> None:
    sim.faults.rate_limit(1)
    assert line.push(MALI, WORDS, KEY).kind == Sent.RATE
    sim.faults.monthly_limit(True)
    assert line.push(MALI, WORDS, KEY).kind == Sent.MONTHLY


def test_a_server_fault_leaves_it_open_whether_the_message_arrived(
    sim: LineSimulator, line: LineMessenger
) -> None:
    sim.faults.fail_next(1, status=500, accepted=True)
    assert line.push(MALI, WORDS, KEY).kind == Sent.UNSURE
    assert line.push(MALI, WORDS, KEY).kind == Sent.DUPLICATE
    sim.faults.fail_next(1, status=0, accepted=True)
    assert line.reply(sim.say(MALI, "x")["replyToken"], WORDS).kind == Sent.UNSURE


def test_what_is_wrong_with_a_message_is_told(line: LineMessenger) -> None:
    refused = line.push(MALI, [{"type": "text", "text": ""}], KEY)
    assert refused.kind == Sent.REFUSED
    assert "messages[0].text" in refused.detail and refused.detail.startswith("400")


def test_a_wrong_access_token_waits_for_the_operator(sim: LineSimulator) -> None:
    with served(create_line_app(sim)) as address:
        assert LineMessenger(address, "wrong").push(MALI, WORDS, KEY).kind == Sent.NOT_SENT


def test_where_nobody_listens_nothing_was_sent() -> None:
    result = LineMessenger(f"http://127.0.0.1:{closed_port()}", TOKEN).push(MALI, WORDS, KEY)
    assert (result.kind, result.detail) == (Sent.NOT_SENT, "NewConnectionError")


def test_an_answer_that_never_comes_is_waited_for_only_so_long() -> None:
    with answering(lambda connection, _: time.sleep(1.0)) as address:
        assert LineMessenger(address, TOKEN, read_s=0.2).push(MALI, WORDS, KEY).kind == Sent.UNSURE


@pytest.mark.parametrize("body", [b"", b"odd", b"[]", b"\xff\xfe", b"null"])
def test_any_body_of_a_2xx_means_taken(body: bytes) -> None:
    with answering(lambda connection, _: connection.sendall(response(200, body))) as address:
        assert LineMessenger(address, TOKEN).reply("t", WORDS).kind == Sent.OK


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, b"\xff\xfe", Sent.UNSURE),
        (503, b"<html>", Sent.UNSURE),
        (408, b"", Sent.UNSURE),
        (409, b"", Sent.DUPLICATE),
        (429, b"", Sent.RATE),
        (400, b"[1]", Sent.REFUSED),
        (400, b'{"message":null,"details":[1,{"property":5}]}', Sent.REFUSED),
        (404, b"", Sent.REFUSED),
        (302, b"", Sent.REFUSED),
        (403, b"", Sent.NOT_SENT),
    ],
)
def test_odd_refusals_have_a_meaning_too(status: int, body: bytes, expected: Sent) -> None:
    with answering(lambda connection, _: connection.sendall(response(status, body))) as address:
        assert LineMessenger(address, TOKEN).push(MALI, WORDS, KEY).kind == expected


def test_a_broken_answer_leaves_it_open() -> None:
    with answering(lambda connection, _: connection.sendall(b"HTTP/")) as address:
        assert LineMessenger(address, TOKEN).push(MALI, WORDS, KEY).kind == Sent.UNSURE


def test_only_pushes_carry_a_retry_key() -> None:
    requests: list[bytes] = []

    def note(connection: Any, request: bytes) -> None:
        requests.append(request.lower())
        connection.sendall(response(200))

    with answering(note) as address:
        line = LineMessenger(address, TOKEN)
        line.reply("t", WORDS)
        line.push(MALI, WORDS, KEY)
    reply, push = requests
    assert b"x-line-retry-key" not in reply and b"/v2/bot/message/reply" in reply
    assert f"x-line-retry-key: {KEY}".encode() in push
    assert b"authorization: bearer a-token" in push and b"content-type: application/json" in push


def test_names_and_the_quota_are_asked_for(sim: LineSimulator, line: LineMessenger) -> None:
    assert line.profile(MALI) == "มะลิ"
    assert line.profile("U" + "9" * 32) is None
    line.push(MALI, WORDS, KEY)
    assert line.quota() == (15_000, 1)


def test_questions_without_an_answer_are_none() -> None:
    line = LineMessenger(f"http://127.0.0.1:{closed_port()}", TOKEN)
    assert (line.profile(MALI), line.members("C" + "1" * 32), line.quota()) == (None, None, (None, None))


def test_many_threads_send_side_by_side(sim: LineSimulator, line: LineMessenger) -> None:
    results: list[Sent] = []

    def send(number: int) -> None:
        results.append(line.push(MALI, WORDS, f"123e4567-e89b-12d3-a456-4266141740{number:02d}").kind)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [Sent.OK] * 12 and len(sim.sent) == 12


def test_the_sdk_is_not_loaded_before_the_first_send() -> None:
    code = "import sys, bot.worker, bot.line.messenger; print([m for m in sys.modules if m.startswith('linebot')])"
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"[]"
