"""Neutral messages become LINE's JSON, and what LINE would refuse never gets into the outbox."""

from __future__ import annotations

from typing import Any

import pytest

from bot.line.bubble import _TONES, GREY, INK, NAVY, PAPER, TEAL
from bot.line.flex import CAROUSEL_BYTES, size_in_bytes
from bot.line.limits import errors
from bot.line.render import render
from handlers.messages.neutral import Button, Card, Cards, Line, Picture, Text, tap
from handlers.ports import MessageRefused

CARD = Card(
    "ถนนพัง",
    "หลุมลึกหน้าวัด",
    (Line("ที่", "ซอย 3"), Line("ภายใน", "พรุ่งนี้ 16:00 น.")),
    (
        tap("รับเรื่อง", "case.accept", case="LOE69-0001", style="main"),
        tap("ไม่ใช่ของเรา", "case.decline", case="LOE69-0001"),
        Button("ดูหน้าเว็บ", "link", uri="https://saan.example/cases/LOE69-0001", style="quiet"),
    ),
    badge="เรื่องใหม่",
    tone="urgent",
)


def one(message: Any) -> dict[str, Any]:
    (made,) = render([message])
    return made


def test_words_stay_words() -> None:
    assert one(Text("สวัสดี")) == {"type": "text", "text": "สวัสดี"}


def test_a_card_is_a_bubble_with_everything_in_it() -> None:
    made = one(CARD)
    assert (made["type"], made["altText"], made["contents"]["type"]) == ("flex", "ถนนพัง", "bubble")
    texts = all_of(made, "text")
    assert ["เรื่องใหม่", "ถนนพัง", "หลุมลึกหน้าวัด", "ที่", "ซอย 3", "ภายใน", "พรุ่งนี้ 16:00 น."] == texts
    main, plain, quiet = made["contents"]["footer"]["contents"]
    assert [button["style"] for button in (main, plain, quiet)] == ["primary", "secondary", "link"]
    assert main["action"] == {
        "type": "postback",
        "label": "รับเรื่อง",
        "data": "do=case.accept&case=LOE69-0001",
        "displayText": "รับเรื่อง",
    }
    assert quiet["action"]["uri"] == "https://saan.example/cases/LOE69-0001"
    assert "hero" not in made["contents"]


def test_every_text_of_a_card_wraps() -> None:
    def look(part: Any) -> None:
        if isinstance(part, dict):
            assert part.get("type") != "text" or "contents" in part or part.get("wrap") is True
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            look(inner)

    look(one(CARD)["contents"])


def test_pictures_stand_on_top_and_before_stands_left_of_after() -> None:
    single = one(Card("x", image="https://saan.example/a.jpg"))["contents"]["hero"]
    assert (single["type"], single["url"]) == ("image", "https://saan.example/a.jpg")
    pair = one(Card("x", image="https://saan.example/a.jpg", image_before="https://saan.example/b.jpg"))
    assert [image["url"][-5:] for image in pair["contents"]["hero"]["contents"]] == ["b.jpg", "a.jpg"]


def test_cards_are_a_carousel_and_a_photo_an_image() -> None:
    many = one(Cards((CARD, CARD), "เรื่องของคุณ"))
    assert (many["contents"]["type"], len(many["contents"]["contents"]), many["altText"]) == (
        "carousel",
        2,
        "เรื่องของคุณ",
    )
    photo = one(Picture("https://saan.example/full.jpg", "https://saan.example/small.jpg"))
    assert photo == {
        "type": "image",
        "originalContentUrl": "https://saan.example/full.jpg",
        "previewImageUrl": "https://saan.example/small.jpg",
    }


def test_quick_answers_hang_on_the_last_message() -> None:
    buttons = (Button("ส่งตำแหน่ง", "place"), Button("ถ่ายรูป", "camera"), Button("เลือกรูป", "album"))
    more = (Button("เมนู", "say"), tap("ข้าม", "report.skip", shown="ไม่มีรูป"))
    first, last = render([Text("หนึ่ง", buttons), Text("สอง", more)])
    assert "quickReply" not in first
    actions = [item["action"] for item in last["quickReply"]["items"]]
    assert [action["type"] for action in actions] == [
        "location",
        "camera",
        "cameraRoll",
        "message",
        "postback",
    ]
    assert actions[3]["text"] == "เมนู" and actions[4]["displayText"] == "ไม่มีรูป"


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [Text("")],
        [Text("ก" * 5001)],
        [Text("\ud800")],
        [Text("x")] * 6,
        [Card("")],
        [Card("x", buttons=(Button("l" * 41, "tap", "do=x"),))],
        [Card("x", buttons=(Button("l", "tap", "d" * 301),))],
        [Card("x", buttons=(Button("ที่", "place"),))],
        [Card("x", image="http://saan.example/a.jpg")],
        [Cards((CARD,) * 13, "x")],
        [Text("x", tuple(Button(f"b{n}", "say") for n in range(14)))],
        [Text("x", (Button("ก" * 21, "say"),))],
        [Picture("https://saan.example/a b.jpg", "https://saan.example/b.jpg")],
    ],
)
def test_what_line_would_refuse_is_refused_with_its_place(messages: list[Any]) -> None:
    with pytest.raises(MessageRefused, match="messages"):
        render(messages)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(MessageRefused, match=r"messages\[0\].*messages\[1\]"):
        render([Text(""), Text("ก" * 5001)])


def test_twenty_thai_letters_fit_a_quick_answer_however_many_marks_they_carry() -> None:
    label = "ที่" * 20
    assert errors(render([Text("x", (Button(label, "say"),))])) == []


@pytest.mark.parametrize(
    "pair", [(NAVY, PAPER), (INK, PAPER), (GREY, PAPER), (PAPER, TEAL), *_TONES.values()]
)
def test_letters_stand_out_from_their_ground(pair: tuple[str, str]) -> None:
    light, dark = sorted((luminance(colour) for colour in pair), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, WCAG 2.1."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def all_of(part: Any, name: str) -> list[Any]:
    """Every value of that name, in reading order, but for those inside actions."""
    if isinstance(part, list):
        return [found for inner in part for found in all_of(inner, name)]
    if not isinstance(part, dict):
        return []
    own = [part[name]] if isinstance(part.get(name), str) else []
    return own + [found for key, inner in part.items() if key != "action" for found in all_of(inner, name)]


def test_a_bar_shows_its_parts_as_wide_as_their_numbers_and_says_them_in_words() -> None:
    from handlers.messages.neutral import Bar

    bar = Bar("ติดไฟหน้าโรงเรียน", ((3, "good"), (0, "warn"), (1, "calm")), "เห็นด้วย 3 ข้าม 1")
    empty = Bar("ยังไม่มีใครตอบ", ((0, "good"), (0, "warn"), (0, "calm")), "0")
    (made,) = render([Card(title="ผล", bars=(bar, empty))])
    label, whole, caption = made["contents"]["body"]["contents"][-2]["contents"]
    assert (label["text"], caption["text"]) == ("ติดไฟหน้าโรงเรียน", "เห็นด้วย 3 ข้าม 1")
    assert [part["flex"] for part in whole["contents"]] == [3, 1]
    assert made["contents"]["body"]["contents"][-1]["contents"][1]["contents"] == []


def test_cards_too_big_for_one_carousel_become_several_in_the_same_order() -> None:
    cards = tuple(Card(title=f"เรื่องที่ {n}", body="ก" * 1800) for n in range(12))
    sent = render([Text("รายการ"), Cards(cards, alt="รายการ", quick=(tap("ต่อไป", "menu"),))])
    shown = [message for message in sent if message["type"] == "flex"]
    assert len(shown) > 1 and all(size_in_bytes(one["contents"]) <= CAROUSEL_BYTES for one in shown)
    titles = [text for text in strings(shown) if text.startswith("เรื่องที่")]
    assert titles == [card.title for card in cards]
    assert ["quickReply" in message for message in sent] == [False] * (len(sent) - 1) + [True]


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []
