"""Webhooks are made, signed, posted and repeated as LINE does it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.web.simulator.events import sign
from bot.web.simulator.server import LineSimulator
from tests.bot.simulator.kit import GROUP, MALI, SECRET, SOMCHAI

_SPEC = Path(__file__).resolve().parents[4] / "shared" / "line" / "webhook.strict.yml"


def everything(sim: LineSimulator) -> list[dict[str, Any]]:
    """One event of each kind that people can cause."""
    sim.group(GROUP, [MALI], "กลุ่มตลาด")
    photo = sim.photo(MALI, b"\xff\xd8\xff", {"id": "1", "index": 1, "total": 2})
    return [
        sim.follow(MALI),
        sim.say(MALI, "ถนนพัง"),
        sim.say(MALI, "ถนนพัง", group=GROUP, mention_bot=True),
        sim.tap(MALI, "do=menu", "เมนู", params={"date": "2026-11-21"}),
        photo,
        sim.locate(MALI, 18.79, 98.98, "ตลาด", "เชียงใหม่"),
        sim.locate(MALI, 18.79, 98.98),
        sim.sticker(MALI),
        sim.voice(MALI, b"voice"),
        sim.video(MALI, b"video"),
        sim.file(MALI, "แผน.pdf", b"%PDF"),
        sim.unsend(MALI, photo["message"]["id"]),
        sim.members_join(GROUP, [SOMCHAI]),
        sim.members_leave(GROUP, [SOMCHAI]),
        sim.leave(GROUP),
        sim.join(GROUP),
        sim.unfollow(MALI),
    ]


def test_the_signature_agrees_with_the_known_vector() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    expected = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
    assert sign("8c570fa6dd201bb328f1c1eac23a96d8", body) == expected


def test_events_are_posted_signed_over_their_raw_bytes(sim: LineSimulator) -> None:
    got: list[tuple[bytes, dict[str, str]]] = []

    def bot(body: bytes, headers: dict[str, str]) -> int:
        got.append((body, headers))
        return 200

    sim.post_to(bot)
    event = sim.say(MALI, "ถนนพัง")
    body, headers = got[0]
    assert headers["x-line-signature"] == sign(SECRET, body)
    assert json.loads(body) == {"destination": sim.bot_id, "events": [event]}
    assert sim.chat(MALI)[0]["delivered"] is True


def test_ids_look_like_those_of_line(sim: LineSimulator) -> None:
    event = sim.say(MALI, "ก")
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", event["webhookEventId"])
    assert event["message"]["id"].isdigit()
    assert event["timestamp"] == 1_790_000_000_000
    assert re.fullmatch(r"U[0-9a-f]{32}", sim.bot_id)


def test_a_refused_event_can_be_redelivered_under_its_id(sim: LineSimulator) -> None:
    answers, got = [503, 200], []

    def bot(body: bytes, headers: dict[str, str]) -> int:
        got.append(json.loads(body)["events"][0])
        return answers.pop(0)

    sim.post_to(bot)
    event = sim.say(MALI, "ก")
    assert sim.chat(MALI)[0]["delivered"] is False
    assert sim.redeliver(event) == 200
    assert sim.chat(MALI)[0]["delivered"] is True
    assert [e["webhookEventId"] for e in got] == [event["webhookEventId"]] * 2
    assert [e["deliveryContext"]["isRedelivery"] for e in got] == [False, True]
    assert got[1]["replyToken"] == event["replyToken"]


def test_nobody_listening_counts_as_not_delivered(sim: LineSimulator) -> None:
    def bot(body: bytes, headers: dict[str, str]) -> int:
        raise ConnectionRefusedError

    sim.post_to(bot)
    sim.say(MALI, "ก")
    assert sim.chat(MALI)[0]["delivered"] is False


def test_a_mention_is_measured_in_utf16_units(sim: LineSimulator) -> None:
    sim.bot_name = "สาน🧵"
    message = sim.say(MALI, "ไฟดับ", group=GROUP, mention_bot=True)["message"]
    whom = message["mention"]["mentionees"][0]
    assert message["text"] == "@สาน🧵 ไฟดับ"
    assert (whom["index"], whom["length"], whom["isSelf"]) == (0, 6, True)


def test_only_events_that_may_be_answered_have_a_reply_token(sim: LineSimulator) -> None:
    without = {event["type"] for event in everything(sim) if "replyToken" not in event}
    assert without == {"unsend", "memberLeft", "leave", "unfollow"}


def test_a_tap_shows_its_display_text_in_the_chat(sim: LineSimulator) -> None:
    sim.tap(MALI, "do=menu", "เมนู")
    sim.tap(MALI, "do=menu")
    assert [[m["text"] for m in e["messages"]] for e in sim.chat(MALI)] == [["เมนู"], []]


def test_an_unsent_message_vanishes_from_the_chat(sim: LineSimulator) -> None:
    event = sim.say(MALI, "ความลับ")
    sim.unsend(MALI, event["message"]["id"])
    assert sim.chat(MALI)[0]["unsent"] is True
    assert "ความลับ" not in json.dumps(sim.chat(MALI), ensure_ascii=False)


def test_ids_that_line_would_not_give_are_refused(sim: LineSimulator) -> None:
    with pytest.raises(ValueError):
        sim.person("mali", "มะลิ")
    with pytest.raises(ValueError):
        sim.group("C1", [])


def test_events_fit_the_published_webhook_description(sim: LineSimulator) -> None:
    if not _SPEC.exists():
        pytest.skip(f"{_SPEC.name} is not on this machine")
    openapi_core = pytest.importorskip("openapi_core")
    from openapi_core.testing import MockRequest

    api = openapi_core.OpenAPI.from_file_path(str(_SPEC))
    for event in everything(sim):
        body = sim.body(event)
        request = MockRequest(
            "https://example.com", "post", "/callback", data=body, content_type="application/json"
        )
        api.validate_request(request)
