"""LINE's events in our words, forgivingly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.line.events import parse, postback_data
from bot.line.raw_events import new_events
from handlers.incoming import Incoming, Kind
from store.queries.inbox import ClaimedEvent
from tests.pipes import MALI, T0, body_of, text_event

EVENTS = Path(__file__).parents[4] / "shared" / "line" / "events.json"
BOT = {"isSelf": True, "type": "user", "userId": "Ubot"}


def read(event: Any) -> Incoming | None:
    (row,) = new_events(body_of(event), T0)
    return parse(ClaimedEvent(1, row.event_id, row.conversation, row.at_ms, row.kind, row.raw, T0, 1, "w"))


def reading(event: Any) -> Incoming:
    incoming = read(event)
    assert incoming is not None
    return incoming


def message(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return text_event(1, message={"id": "555", **content}, **more)


def test_a_text_has_its_words_and_a_reply_token_for_fifty_seconds() -> None:
    got = reading(text_event(7, text="ไฟดับ"))
    assert (got.kind, got.text, got.user, got.conversation, got.group) == (
        Kind.TEXT,
        "ไฟดับ",
        MALI,
        MALI,
        None,
    )
    assert (got.reply_token, got.reply_until) == ("token-7", T0 + 50)
    assert got.at.timestamp() == T0 and got.at.tzinfo is not None
    assert got.message_id == str(10**17 + 7) and not got.mentioned


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("sticker", Kind.STICKER),
        ("audio", Kind.VOICE),
        ("video", Kind.VIDEO),
        ("file", Kind.FILE),
        ("hologram", Kind.OTHER),
    ],
)
def test_kinds_of_messages(kind: str, expected: Kind) -> None:
    assert reading(message({"type": kind})).kind == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("follow", Kind.FOLLOW), ("unfollow", Kind.UNFOLLOW), ("join", Kind.JOIN), ("leave", Kind.LEAVE)],
)
def test_kinds_of_events(kind: str, expected: Kind) -> None:
    assert reading(text_event(1, type=kind)).kind == expected


@pytest.mark.parametrize(
    "kind",
    [
        "messageEdited",
        "memberJoined",
        "memberLeft",
        "videoPlayComplete",
        "beacon",
        "accountLink",
        "membership",
    ]
    + ["module", "activated", "deactivated", "botSuspended", "botResumed", "delivery", "somethingNew"],
)
def test_other_kinds_ask_for_nothing(kind: str) -> None:
    assert read(text_event(1, type=kind)) is None


def test_photos_say_whether_more_of_their_set_follow() -> None:
    line = {"contentProvider": {"type": "line"}, "type": "image"}
    first = reading(message({**line, "imageSet": {"id": "A", "index": 1, "total": 2}}))
    last = reading(message({**line, "imageSet": {"id": "A", "index": 2, "total": 2}}))
    assert (first.kind, first.message_id, first.more_follow, last.more_follow) == (
        Kind.PHOTO,
        "555",
        True,
        False,
    )
    assert not reading(message({**line, "imageSet": {"id": "A"}})).more_follow


def test_a_photo_that_lies_elsewhere_is_not_fetched_but_taken_for_a_file() -> None:
    outside = {
        "type": "image",
        "contentProvider": {"type": "external", "originalContentUrl": "https://x.example"},
    }
    assert reading(message(outside)).kind == Kind.FILE


def test_a_place_has_degrees_and_words() -> None:
    got = reading(
        message({"type": "location", "title": "วัด", "address": "ต.", "latitude": 17.4, "longitude": 101})
    )
    assert (got.kind, got.lat, got.lon, got.place) == (Kind.PLACE, 17.4, 101.0, "วัด ต.")


@pytest.mark.parametrize("lat", [None, "17", 91, -91, True, 10**400])
def test_a_place_without_usable_degrees_is_none(lat: Any) -> None:
    assert reading(message({"type": "location", "latitude": lat, "longitude": 101})).kind == Kind.OTHER


def test_a_tap_carries_its_keys_and_those_of_a_picker() -> None:
    data = {"data": "do=case.rate&case=LOE69-0001&stars=5&note=", "params": {"datetime": "2026-11-21T10:00"}}
    got = reading(text_event(1, type="postback", postback=data))
    assert got.kind == Kind.TAP
    assert got.data == {
        "do": "case.rate",
        "case": "LOE69-0001",
        "stars": "5",
        "note": "",
        "datetime": "2026-11-21T10:00",
    }


def test_of_repeated_keys_the_first_counts_and_hostile_data_is_empty() -> None:
    assert postback_data("do=a&do=b") == {"do": "a"}
    assert postback_data("x" * 3000) == postback_data("&".join(f"k{n}=1" for n in range(100))) == {}
    assert postback_data("no pairs") == {"no pairs": ""}
    assert postback_data("do=%00%ff") == {"do": "\ufffd"}


def test_the_bots_own_name_is_cut_out_in_utf16_units() -> None:
    words = "🙏🙏@สาน ไฟดับ"
    mention = {"mentionees": [{**BOT, "index": 4, "length": 4}]}
    got = reading(message({"type": "text", "text": words, "mention": mention}))
    assert (got.text, got.mentioned) == ("🙏🙏 ไฟดับ", True)


def test_naming_somebody_else_is_no_mention() -> None:
    mention = {"mentionees": [{"index": 0, "length": 4, "type": "user", "userId": "U1"}, {"type": "all"}, 5]}
    got = reading(message({"type": "text", "text": "@ลุง ไฟดับ", "mention": mention}))
    assert (got.text, got.mentioned) == ("@ลุง ไฟดับ", False)


@pytest.mark.parametrize("span", [(-1, 3), ("0", 2), (None, None), (99_999, 4), (3, 10**9)])
def test_a_mention_with_a_broken_place_does_no_harm(span: tuple[Any, Any]) -> None:
    mention = {"mentionees": [{**BOT, "index": span[0], "length": span[1]}]}
    got = reading(message({"type": "text", "text": "ไฟดับ", "mention": mention}))
    assert got.mentioned


def test_groups_and_rooms_are_conversations_of_their_own() -> None:
    for kind in ("group", "room"):
        chat = "C" + "1" * 32
        got = reading(text_event(1, source={"type": kind, f"{kind}Id": chat}))
        assert (got.conversation, got.group, got.user) == (chat, chat, None)


def test_in_standby_nothing_can_be_answered() -> None:
    got = reading(text_event(1, mode="standby"))
    assert (got.standby, got.reply_token, got.reply_until) == (True, None, None)


@pytest.mark.parametrize("token", [None, "", 5, "0" * 32, "f" * 32, "x" * 500, "a\x00"])
def test_a_token_that_is_none_is_not_tried(token: Any) -> None:
    assert reading(text_event(1, replyToken=token)).reply_token is None


def test_unsending_names_the_message_even_when_nobody_is_named() -> None:
    event = text_event(1, type="unsend", unsend={"messageId": "325708"})
    assert (reading(event).kind, reading(event).message_id) == (Kind.UNSEND, "325708")
    del event["source"]
    assert reading(event).message_id == "325708"
    assert read(text_event(1, type="unsend", unsend={})) is None


def test_without_a_source_there_is_nobody_to_talk_to() -> None:
    event = text_event(1)
    del event["source"]
    assert read(event) is None


def test_text_that_no_database_takes_is_cleaned() -> None:
    got = reading(message({"type": "text", "text": "ไฟ\x00ดับ\ud83d!"}))
    assert got.text == "ไฟดับ\ufffd!"
    got.text.encode()


def test_very_long_texts_are_bounded() -> None:
    assert len(reading(text_event(1, text="ก" * 50_000)).text) == 10_000


@pytest.mark.skipif(not EVENTS.exists(), reason="LINE's collected events are not beside the project")
def test_all_collected_events_of_line_are_read() -> None:
    for event in json.loads(EVENTS.read_text()):
        got = read(event)
        known = event["type"] in {"message", "postback", "unsend", "follow", "unfollow", "join", "leave"}
        somebody = event["type"] == "unsend" or any(key.endswith("Id") for key in event.get("source", {}))
        assert (got is not None) == (known and somebody), event


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
SHAPES = [
    text_event(1),
    message({"type": "location", "latitude": 1, "longitude": 1}),
    text_event(1, type="postback"),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SHAPES), st.sampled_from(sorted(text_event(1))), JSON, st.booleans())
def test_no_field_however_odd_makes_reading_fail(
    shape: dict[str, Any], field: str, odd: Any, inner: bool
) -> None:
    event = {
        **shape,
        field: {**shape[field], "x": odd} if inner and isinstance(shape.get(field), dict) else odd,
    }
    raw = json.dumps(event)
    got = parse(ClaimedEvent(1, "e", MALI, int(T0 * 1000), "message", raw, T0, 1, "w"))
    if got is not None:
        (got.text + got.place + "".join(got.data.values())).encode()
