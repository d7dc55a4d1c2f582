"""What people sent is fetched from LINE, as far as it can be had."""

from __future__ import annotations

import socket

from bot.line.media import LineMedia
from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from handlers.ports import FetchState
from tests.bot.line.serving import answering, closed_port, response, served

MALI, TOKEN = "U" + "a" * 32, "a-token"


def test_content_is_ready_not_yet_or_gone() -> None:
    sim = LineSimulator("s" * 32, TOKEN)
    photo = sim.photo(MALI, b"\xff\xd8\xff picture")["message"]["id"]
    unsent = sim.photo(MALI, b"\xff\xd8\xff secret")["message"]["id"]
    sim.unsend(MALI, unsent)
    sim.faults.content_not_ready(times=1)
    with served(create_line_app(sim)) as address:
        media = LineMedia(address, TOKEN)
        assert media.fetch(photo).state == FetchState.NOT_YET
        got = media.fetch(photo)
        assert (got.state, got.content) == (FetchState.READY, b"\xff\xd8\xff picture")
        assert media.fetch(unsent).state == FetchState.GONE
        assert media.fetch("404404").state == FetchState.GONE
        assert LineMedia(address, "wrong").fetch(photo).state == FetchState.RETRY


def test_what_is_too_big_is_not_read_to_its_end() -> None:
    sent: list[int] = []

    def endless(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n")
        try:
            for _ in range(10_000):
                connection.sendall(b"x" * 65536)
                sent.append(65536)
        except OSError:
            return

    with answering(endless) as address:
        assert LineMedia(address, TOKEN, max_bytes=1_000_000).fetch("1").state == FetchState.TOO_BIG
    assert sum(sent) < 50_000_000


def test_a_body_that_breaks_off_is_fetched_again() -> None:
    broken = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"
    with answering(lambda connection, _: connection.sendall(broken)) as address:
        assert LineMedia(address, TOKEN).fetch("1").state == FetchState.RETRY


def test_a_server_fault_or_no_server_means_again_later() -> None:
    with answering(lambda connection, _: connection.sendall(response(503))) as address:
        assert LineMedia(address, TOKEN).fetch("1").state == FetchState.RETRY
    assert LineMedia(f"http://127.0.0.1:{closed_port()}", TOKEN).fetch("1").state == FetchState.RETRY


def test_an_id_can_not_leave_its_place_in_the_address() -> None:
    paths: list[bytes] = []

    def note(connection: socket.socket, request: bytes) -> None:
        paths.append(request.split(b" ")[1])
        connection.sendall(response(404))

    with answering(note) as address:
        LineMedia(address, TOKEN).fetch("../../profile?x")
    assert paths == [b"/v2/bot/message/..%2F..%2Fprofile%3Fx/content"]
