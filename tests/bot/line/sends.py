"""Good and bad sends, by what is good or bad about them."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]

_URL = "https://example.org/photo.jpg"


def tap(label: str = "รับเรื่อง", **more: Any) -> Json:
    return {"type": "postback", "label": label, "data": "do=case.accept&case=7", **more}


def words(text: Any = "สวัสดี", **more: Any) -> Json:
    return {"type": "text", "text": text, **more}


def quick(*actions: Json) -> Json:
    return words(quickReply={"items": [{"type": "action", "action": action} for action in actions]})


def template(**fields: Any) -> Json:
    return {"type": "template", "altText": "เรื่องใหม่", "template": fields}


def buttons(**more: Any) -> Json:
    return template(**{"type": "buttons", "text": "ไฟดับ", "actions": [tap()], **more})


def confirm(**more: Any) -> Json:
    return template(**{"type": "confirm", "text": "ซ่อมแล้วหรือยัง", "actions": [tap(), tap()], **more})


def carousel(*columns: Json) -> Json:
    return template(type="carousel", columns=list(columns))


def column(**more: Any) -> Json:
    return {"text": "ไฟดับ", "actions": [tap()], **more}


def flex(contents: Any, alt: Any = "เรื่องใหม่") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def bubble(*parts: Any, **more: Any) -> Json:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": list(parts)}, **more}


def button(**more: Any) -> Json:
    return {"type": "button", "action": tap(), **more}


def image(**more: Any) -> Json:
    return {"type": "image", "originalContentUrl": _URL, "previewImageUrl": _URL, **more}


def place(**more: Any) -> Json:
    return {
        "type": "location",
        "title": "ตลาด",
        "address": "เมือง",
        "latitude": 18.8,
        "longitude": 99.0,
        **more,
    }


def without(value: Json, *path: str) -> Json:
    changed = copy.deepcopy(value)
    inside = changed
    for name in path[:-1]:
        inside = inside[name]
    del inside[path[-1]]
    return changed


GOOD: dict[str, list[Json]] = {
    "plain words": [words()],
    "five messages": [words()] * 5,
    "the longest text": [words("ก" * 5000)],
    "all quick replies": [
        quick(
            tap(),
            {"type": "message", "label": "เมนู", "text": "เมนู"},
            {"type": "uri", "label": "เว็บ", "uri": "tel:1669"},
            {"type": "camera", "label": "ถ่ายรูป"},
            {"type": "cameraRoll", "label": "เลือกรูป"},
            {"type": "location", "label": "ส่งตำแหน่ง"},
            {"type": "datetimepicker", "label": "วัน", "data": "do=day", "mode": "date"},
            {"type": "clipboard", "label": "คัดลอก", "clipboardText": "ABCD-EFGH"},
        )
    ],
    "thai label of twenty letters with marks": [quick(tap("กี่" * 20))],
    "buttons": [
        buttons(title="เรื่องใหม่", thumbnailImageUrl=_URL, imageAspectRatio="square", defaultAction=tap())
    ],
    "confirm": [confirm()],
    "carousel": [carousel(column(), column())],
    "image carousel": [template(type="image_carousel", columns=[{"imageUrl": _URL, "action": tap("ดู")}])],
    "image": [image()],
    "place": [place()],
    "sticker": [{"type": "sticker", "packageId": "446", "stickerId": "1988"}],
    "video": [{**image(), "type": "video"}],
    "audio": [{"type": "audio", "originalContentUrl": _URL, "duration": 1000}],
    "mention": [
        {
            "type": "textV2",
            "text": "{who} มาแล้ว",
            "substitution": {"who": {"type": "mention", "mentionee": {"type": "all"}}},
        }
    ],
    "imagemap": [
        {
            "type": "imagemap",
            "baseUrl": "https://example.org/map",
            "altText": "แผนที่",
            "baseSize": {"width": 1040, "height": 520},
            "actions": [
                {"type": "message", "text": "เมนู", "area": {"x": 0, "y": 0, "width": 520, "height": 520}}
            ],
        }
    ],
    "a full bubble": [
        flex(
            {
                "type": "bubble",
                "size": "mega",
                "hero": {
                    "type": "image",
                    "url": _URL,
                    "size": "full",
                    "aspectRatio": "20:13",
                    "aspectMode": "cover",
                },
                "body": {
                    "type": "box",
                    "layout": "vertical",
                    "spacing": "md",
                    "paddingAll": "16px",
                    "background": {
                        "type": "linearGradient",
                        "angle": "90deg",
                        "startColor": "#ffffff",
                        "endColor": "#eeeeee",
                    },
                    "contents": [
                        {
                            "type": "box",
                            "layout": "baseline",
                            "contents": [
                                {"type": "icon", "url": _URL},
                                {"type": "text", "text": "ด่วน", "flex": 0},
                            ],
                        },
                        {
                            "type": "text",
                            "wrap": True,
                            "contents": [
                                {"type": "span", "text": "ไฟ", "weight": "bold"},
                                {"type": "span", "text": "ดับ"},
                            ],
                        },
                        {"type": "separator", "margin": "lg"},
                        {
                            "type": "box",
                            "layout": "horizontal",
                            "contents": [],
                            "height": "6px",
                            "action": tap("ดู"),
                        },
                        {"type": "filler"},
                    ],
                },
                "footer": {
                    "type": "box",
                    "layout": "vertical",
                    "contents": [button(style="primary", color="#0b6e69")],
                },
                "styles": {"footer": {"separator": True}},
            }
        )
    ],
    "twelve bubbles": [flex({"type": "carousel", "contents": [bubble(words())] * 12})],
}

_LONG_URI = "https://example.org/" + "a" * 981

REFUSED_BY_BOTH: dict[str, list[Any]] = {
    "no message": [],
    "six messages": [words()] * 6,
    "a message that is a string": ["สวัสดี"],
    "no type": [{"text": "สวัสดี"}],
    "unknown type": [{"type": "poem", "text": "สวัสดี"}],
    "no text": [{"type": "text"}],
    "empty text": [words("")],
    "text of 5001": [words("ก" * 5001)],
    "text that is a number": [words(5)],
    "no quick reply": [words(quickReply={"items": []})],
    "fourteen quick replies": [quick(*[tap()] * 14)],
    "quick reply without an action": [words(quickReply={"items": [{"type": "action"}]})],
    "quick reply of an unknown action": [quick({"type": "dance", "label": "ก"})],
    "empty postback data": [quick(tap(data=""))],
    "postback data of 301": [quick(tap(data="a" * 301))],
    "postback without data": [quick(without(tap(), "data"))],
    "displayText of 301": [quick(tap(displayText="a" * 301))],
    "unknown input option": [quick(tap(inputOption="openWindow"))],
    "message action without text": [quick({"type": "message", "label": "ก"})],
    "message action of 301": [quick({"type": "message", "label": "ก", "text": "a" * 301})],
    "uri action without uri": [quick({"type": "uri", "label": "ก"})],
    "uri of 1001": [quick({"type": "uri", "label": "ก", "uri": _LONG_URI})],
    "clipboard of 1001": [quick({"type": "clipboard", "label": "ก", "clipboardText": "a" * 1001})],
    "picker of an unknown mode": [
        quick({"type": "datetimepicker", "label": "ก", "data": "d", "mode": "year"})
    ],
    "image without preview": [without(image(), "previewImageUrl")],
    "image over plain http": [image(originalContentUrl="http://example.org/a.jpg")],
    "image address of 2001": [image(originalContentUrl="https://example.org/" + "a" * 1981)],
    "place without longitude": [without(place(), "longitude")],
    "place without title": [place(title="")],
    "place with a title of 101": [place(title="ก" * 101)],
    "place with words as latitude": [place(latitude="18.8")],
    "sticker without package": [{"type": "sticker", "stickerId": "1"}],
    "audio without duration": [{"type": "audio", "originalContentUrl": _URL}],
    "template without alternative text": [without(buttons(), "altText")],
    "empty alternative text": [flex(bubble(words()), "")],
    "alternative text of 1501": [flex(bubble(words()), "ก" * 1501)],
    "unknown template": [template(type="table", text="ก")],
    "buttons without text": [without(buttons(), "template", "text")],
    "buttons with a text of 161": [buttons(text="ก" * 161)],
    "buttons with a title of 41": [buttons(title="ก" * 41)],
    "five buttons": [buttons(actions=[tap()] * 5)],
    "no buttons": [buttons(actions=[])],
    "confirm with three actions": [confirm(actions=[tap()] * 3)],
    "confirm with a text of 241": [confirm(text="ก" * 241)],
    "eleven columns": [carousel(*[column()] * 11)],
    "column with a text of 121": [carousel(column(text="ก" * 121))],
    "column with four actions": [carousel(column(actions=[tap()] * 4))],
    "image column without image": [template(type="image_carousel", columns=[{"action": tap("ดู")}])],
    "flex without contents": [without(flex(bubble()), "contents")],
    "unknown flex container": [flex({"type": "balloon"})],
    "unknown bubble size": [flex(bubble(words(), size="huge"))],
    "thirteen bubbles": [flex({"type": "carousel", "contents": [bubble(words())] * 13})],
    "carousel of nothing": [flex({"type": "carousel", "contents": []})],
    "unknown flex component": [flex(bubble({"type": "table"}))],
    "box without layout": [flex(bubble({"type": "box", "contents": []}))],
    "box of an unknown layout": [flex(bubble({"type": "box", "layout": "grid", "contents": []}))],
    "box without contents": [flex(bubble({"type": "box", "layout": "vertical"}))],
    "button without action": [flex(bubble({"type": "button"}))],
    "button of an unknown style": [flex(bubble(button(style="loud")))],
    "flex image without address": [flex(bubble({"type": "image"}))],
    "flex text of an unknown weight": [flex(bubble(words(weight="heavy")))],
    "header that is a text": [flex({**bubble(), "header": words()})],
    "flex colour that is a number": [flex(bubble(words(color=5)))],
    "wrap that is a string": [flex(bubble(words(wrap="yes")))],
}

REFUSED_HERE: dict[str, list[Any]] = {
    "an emoji counts two units": [words("🧵" * 2501)],
    "half an emoji": [words("\ud83e")],
    "quick reply label of 21": [quick(tap("ก" * 21))],
    "quick reply without label": [quick(without(tap(), "label"))],
    "displayText beside text": [quick(tap(displayText="ก", text="ก"))],
    "unknown scheme": [quick({"type": "uri", "label": "ก", "uri": "ftp://example.org"})],
    "javascript": [quick({"type": "uri", "label": "ก", "uri": "javascript:alert(1)"})],
    "address with a space": [quick({"type": "uri", "label": "ก", "uri": "https://example.org/a b"})],
    "address in thai letters": [quick({"type": "uri", "label": "ก", "uri": "https://example.org/ก"})],
    "camera outside a quick reply": [buttons(actions=[{"type": "camera", "label": "ก"}])],
    "button label of 21": [buttons(actions=[tap("ก" * 21)])],
    "long text beside a title": [buttons(title="ก", text="ก" * 61)],
    "long text beside an image": [carousel(column(thumbnailImageUrl=_URL, text="ก" * 61))],
    "columns with different numbers of actions": [carousel(column(), column(actions=[tap(), tap()]))],
    "columns with and without title": [carousel(column(title="ก"), column())],
    "image carousel label of 13": [
        template(type="image_carousel", columns=[{"imageUrl": _URL, "action": tap("ก" * 13)}])
    ],
    "place off the earth": [place(latitude=91)],
    "flex label of 41": [flex(bubble(button(action=tap("ก" * 41))))],
    "bubble over 30 KB": [flex(bubble(*[words("ก" * 1000)] * 11))],
    "carousel over 50 KB": [flex({"type": "carousel", "contents": [bubble(*[words("ก" * 900)] * 8)] * 3})],
    "bubbles of different sizes": [
        flex({"type": "carousel", "contents": [bubble(words(), size="kilo"), bubble(words())]})
    ],
    "bubble without a block": [flex({"type": "bubble"})],
    "empty flex text": [flex(bubble(words("")))],
    "flex text without text": [flex(bubble({"type": "text"}))],
    "colour by name": [flex(bubble(words(color="red")))],
    "size in points": [flex(bubble(words(size="12pt")))],
    "icon outside a baseline box": [flex(bubble({"type": "icon", "url": _URL}))],
    "button in a baseline box": [flex(bubble({"type": "box", "layout": "baseline", "contents": [button()]}))],
    "span outside a text": [flex(bubble({"type": "span", "text": "ก"}))],
    "image of an impossible ratio": [flex(bubble({"type": "image", "url": _URL, "aspectRatio": "1:4"}))],
    "flex image over plain http": [flex(bubble({"type": "image", "url": "http://example.org/a.jpg"}))],
    "misspelt field": [flex(bubble(words(colour="#ffffff")))],
    "nothing as text": [words(None)],
}
