"""Over real sockets: the SDK's client, a webhook address, and a connection that breaks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from flask import Flask, request
from werkzeug.serving import make_server

from bot.web.simulator.poster import http_poster
from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from tests.bot.simulator.kit import KEY, MALI, TOKEN


def _serve(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def address(sim: LineSimulator) -> Iterator[str]:
    yield from _serve(create_line_app(sim))


def _push(address: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request(
        "POST",
        f"{address}/v2/bot/message/push",
        json={"to": MALI, "messages": [{"type": "text", "text": "ก"}]},
        headers={"authorization": f"Bearer {TOKEN}", "x-line-retry-key": KEY},
        retries=False,
        timeout=1.0,
    )


def test_the_official_client_can_talk_to_it(sim: LineSimulator, address: str) -> None:
    from linebot.v3 import messaging

    event, photo = sim.say(MALI, "ก"), sim.photo(MALI, b"\xff\xd8\xff")
    with messaging.ApiClient(messaging.Configuration(host=address, access_token=TOKEN)) as client:
        api, blob = messaging.MessagingApi(client), messaging.MessagingApiBlob(client)
        message: Any = messaging.TextMessage(text="ข")
        api.reply_message(messaging.ReplyMessageRequest(replyToken=event["replyToken"], messages=[message]))
        api.push_message(messaging.PushMessageRequest(to=MALI, messages=[message]), x_line_retry_key=KEY)
        assert api.get_message_quota().value == 300
        assert api.get_profile(MALI).display_name == "มะลิ"
        assert bytes(blob.get_message_content(photo["message"]["id"])) == b"\xff\xd8\xff"
    assert [send["how"] for send in sim.sent] == ["reply", "push"]


def test_a_dropped_connection_gives_no_answer_though_the_message_arrived(
    sim: LineSimulator, address: str
) -> None:
    sim.faults.fail_next(1, status=0, accepted=True)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        _push(address)
    assert len(sim.sent) == 1
    assert _push(address).status == 409


def test_a_slow_answer_comes_after_the_message_is_accepted(sim: LineSimulator, address: str) -> None:
    sim.faults.delay(1.5)
    with pytest.raises(urllib3.exceptions.TimeoutError):
        _push(address)
    assert len(sim.sent) == 1


def test_webhooks_go_to_an_address(sim: LineSimulator) -> None:
    got: list[bytes] = []
    bot = Flask("bot")

    @bot.post("/line/webhook")
    def webhook() -> tuple[str, int]:
        got.append(request.get_data())
        return "", 503 if len(got) == 1 else 200

    for address in _serve(bot):
        sim.post_to(http_poster(f"{address}/line/webhook"))
        event = sim.say(MALI, "ก")
        assert sim.redeliver(event) == 200
    assert [body.count(b'"isRedelivery":true') for body in got] == [0, 1]
