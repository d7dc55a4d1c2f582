"""A load generator: processes with kept-alive connections, each of which always has one request under way."""

from __future__ import annotations

import json
import multiprocessing
import os
import selectors
import socket
import sys
import time
import uuid
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bot.web.simulator.events import sign

SECRET = "s" * 32


def bodies(count: int) -> list[bytes]:
    """Webhook bodies as LINE sends them: one text message each, with ids of their own."""
    return [_body(number) for number in range(count)]


def _body(number: int) -> bytes:
    event = {
        "type": "message",
        "message": {"type": "text", "id": str(10**17 + number), "quoteToken": "q" * 40, "text": "ไฟดับทั้งซอย"},
        "webhookEventId": uuid.uuid4().hex[:26],
        "deliveryContext": {"isRedelivery": False},
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": f"U{number % 500:032x}"},
        "replyToken": uuid.uuid4().hex,
        "mode": "active",
    }
    destination = "U" + "0" * 32
    return json.dumps({"destination": destination, "events": [event]}, ensure_ascii=False).encode()


def request(path: str, body: bytes) -> bytes:
    """A whole signed HTTP request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"User-Agent: LineBotWebhook/2.0\r\nX-Line-Signature: {sign(SECRET, body)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(frozen=True)
class Measured:
    """What one run gave."""

    requests: int
    seconds: float
    refused: int
    slowest_ms: float
    median_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def run(port: int, path: str, total: int, processes: int = 2, connections: int = 8) -> Measured:
    """Send ``total`` requests, in all, from ``processes`` × ``connections`` connections."""
    share = total // processes
    pairs = [multiprocessing.Pipe() for _ in range(processes)]
    workers = [
        multiprocessing.Process(target=_work, args=(theirs, port, path, share, connections))
        for _, theirs in pairs
    ]
    for worker in workers:
        worker.start()
    for ours, _ in pairs:
        ours.recv()  # requests are made, connections open
    started = time.perf_counter()
    for ours, _ in pairs:
        ours.send("go")
    results = [ours.recv() for ours, _ in pairs]
    seconds = time.perf_counter() - started
    for worker in workers:
        worker.join()
    times = sorted(time_ms for _, part in results for time_ms in part)
    refused = sum(refused for refused, _ in results)
    return Measured(share * processes, seconds, refused, times[-1], times[len(times) // 2])


def _work(pipe: Connection, port: int, path: str, count: int, connections: int) -> None:
    requests = [request(path, body) for body in bodies(count)]
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
    selector = selectors.DefaultSelector()
    for each in sockets:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(each, selectors.EVENT_READ)
    pipe.send("ready")
    pipe.recv()
    pipe.send(_pump(selector, sockets, requests))
    os._exit(0)


def _pump(
    selector: selectors.BaseSelector, sockets: list[socket.socket], requests: list[bytes]
) -> tuple[int, list[float]]:
    """Requests refused, and the milliseconds of each."""
    sent_at: dict[socket.socket, float] = {}
    got: dict[socket.socket, bytes] = dict.fromkeys(sockets, b"")
    left = iter(requests)
    for each in sockets:
        _send_next(each, left, sent_at)
    refused, times = 0, []
    while sent_at:
        for key, _ in selector.select(30):
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            part = connection.recv(65536)
            if not part:
                sys.exit("the server hung up")
            got[connection] += part
            if not _whole(got[connection]):
                continue
            times.append((time.perf_counter() - sent_at.pop(connection)) * 1000)
            refused += not got[connection].startswith(b"HTTP/1.1 200")
            got[connection] = b""
            _send_next(connection, left, sent_at)
    return refused, times


def _whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    _, named, length = head.lower().partition(b"content-length:")
    return bool(found and named) and len(body) >= int(length.split(b"\r\n", 1)[0])


def _send_next(each: socket.socket, left: object, sent_at: dict[socket.socket, float]) -> None:
    following = next(left, None)  # type: ignore[call-overload]
    if following is not None:
        sent_at[each] = time.perf_counter()
        each.sendall(following)
