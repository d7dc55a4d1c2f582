"""Checks of flex messages: bubbles, carousels and their components."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.line.actions import IN_FLEX_BUTTON, ON_FLEX_PART
from bot.line.shapes import (
    Check,
    Faults,
    anything,
    every,
    flag,
    integer,
    listing,
    one_of,
    pattern,
    shape,
    tagged,
    text,
    url,
)

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
CAROUSEL_BUBBLES = 12
_MAX_DEPTH = 20

_PX = r"\d{1,5}(?:\.\d{1,3})?px"
_PERCENT = r"\d{1,3}(?:\.\d{1,3})?%"
_KEYWORDS = "none|xs|sm|md|lg|xl|xxl"
_FONT = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"
_SIZE_FAULT = "must be a keyword, pixels or a percentage that this property takes"

_COLOUR = pattern(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?", "must be #RRGGBB or #RRGGBBAA")
_SPACE = pattern(f"{_KEYWORDS}|{_PX}", _SIZE_FAULT)
_PADDING = pattern(f"{_KEYWORDS}|{_PX}|{_PERCENT}", _SIZE_FAULT)
_OFFSET = pattern(f"{_KEYWORDS}|-?{_PX}|-?{_PERCENT}", _SIZE_FAULT)
_LENGTH = pattern(f"{_PX}|{_PERCENT}", _SIZE_FAULT)
_BORDER = pattern(f"none|light|normal|medium|semi-bold|bold|{_PX}", _SIZE_FAULT)
_FONT_SIZE = pattern(f"{_FONT}|{_PX}", _SIZE_FAULT)
_ICON_SIZE = pattern(f"{_FONT}|{_PX}", _SIZE_FAULT)
_IMAGE_SIZE = pattern(f"{_FONT}|full|{_PX}|{_PERCENT}", _SIZE_FAULT)
_IMAGE_URL = url(2000, ("https",))
_FLEX = integer(0, 10_000)
_ALIGN = one_of("start", "end", "center")
_GRAVITY = one_of("top", "bottom", "center")


def _ratio(value: object, at: str, faults: Faults) -> None:
    width, _, height = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not (width.isascii() and height.isascii() and width.isdigit() and height.isdigit()):
        faults.append((at, "must be {width}:{height}"))
    elif not (0 < int(width) <= 100_000 and 0 < int(height) <= min(100_000, 3 * int(width))):
        faults.append((at, "must be 1 to 100000 with a height of at most three widths"))


_PLACED: dict[str, Check] = {
    "margin": _SPACE,
    "position": one_of("relative", "absolute"),
    **{f"offset{side}": _OFFSET for side in ("Top", "Bottom", "Start", "End")},
}
_LETTERS: dict[str, Check] = {
    "size": _FONT_SIZE,
    "color": _COLOUR,
    "weight": one_of("regular", "bold"),
    "style": one_of("normal", "italic"),
    "decoration": one_of("none", "underline", "line-through"),
}
_SPAN = tagged({"span": shape({"type": anything, "text": text(1, 2000)}, _LETTERS)})


def _text_or_spans(value: object, at: str, faults: Faults) -> None:
    assert isinstance(value, dict)
    if "contents" not in value and "text" not in value:
        faults.append((f"{at}.text", "text or contents is required"))


_TEXT = every(
    shape(
        {"type": anything},
        {
            **_PLACED,
            **_LETTERS,
            "text": text(1, 2000),
            "contents": listing(_SPAN, 1, 100),
            "flex": _FLEX,
            "align": _ALIGN,
            "gravity": _GRAVITY,
            "wrap": flag,
            "lineSpacing": pattern(_PX, "must be pixels"),
            "maxLines": integer(0, 10_000),
            "action": ON_FLEX_PART,
            "adjustMode": one_of("shrink-to-fit"),
            "scaling": flag,
        },
    ),
    _text_or_spans,
)
_BUTTON = shape(
    {"type": anything, "action": IN_FLEX_BUTTON},
    {
        **_PLACED,
        "flex": _FLEX,
        "color": _COLOUR,
        "style": one_of("primary", "secondary", "link"),
        "gravity": _GRAVITY,
        "height": one_of("md", "sm"),
        "adjustMode": one_of("shrink-to-fit"),
        "scaling": flag,
    },
)
_IMAGE = shape(
    {"type": anything, "url": _IMAGE_URL},
    {
        **_PLACED,
        "flex": _FLEX,
        "align": _ALIGN,
        "gravity": _GRAVITY,
        "size": _IMAGE_SIZE,
        "aspectRatio": _ratio,
        "aspectMode": one_of("fit", "cover"),
        "backgroundColor": _COLOUR,
        "action": ON_FLEX_PART,
        "animated": flag,
    },
)
_ICON = shape(
    {"type": anything, "url": _IMAGE_URL},
    {**_PLACED, "size": _ICON_SIZE, "aspectRatio": _ratio, "scaling": flag},
)
_SEPARATOR = shape({"type": anything}, {"margin": _SPACE, "color": _COLOUR})
_FILLER = shape({"type": anything}, {"flex": _FLEX})
_GRADIENT = tagged(
    {
        "linearGradient": shape(
            {
                "type": anything,
                "angle": pattern(
                    r"(?:[0-9]|[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9])(?:\.\d{1,3})?deg",
                    "must be 0deg to 359deg",
                ),
                "startColor": _COLOUR,
                "endColor": _COLOUR,
            },
            {"centerColor": _COLOUR, "centerPosition": pattern(_PERCENT, "must be a percentage")},
        )
    }
)
_BOX_FIELDS: dict[str, Check] = {
    **_PLACED,
    "flex": _FLEX,
    "spacing": _SPACE,
    "backgroundColor": _COLOUR,
    "borderColor": _COLOUR,
    "borderWidth": _BORDER,
    "cornerRadius": _SPACE,
    **{name: _LENGTH for name in ("width", "maxWidth", "height", "maxHeight")},
    **{f"padding{side}": _PADDING for side in ("All", "Top", "Bottom", "Start", "End")},
    "action": ON_FLEX_PART,
    "justifyContent": one_of(
        "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
    ),
    "alignItems": one_of("center", "flex-start", "flex-end"),
    "background": _GRADIENT,
}
_BOX_SHELL = shape(
    {
        "type": anything,
        "layout": one_of("horizontal", "vertical", "baseline"),
        "contents": listing(anything, 0, 1000),
    },
    _BOX_FIELDS,
)


def _box(value: object, at: str, faults: Faults) -> None:
    _BOX_SHELL(value, at, faults)
    # A box may hold boxes: the path says how deep we are, and a bound keeps hostile nesting cheap.
    if at.count(".contents[") > _MAX_DEPTH:
        faults.append((at, "is nested too deeply"))
    elif isinstance(value, dict) and isinstance(value.get("contents"), list):
        inside = _IN_BASELINE if value.get("layout") == "baseline" else _IN_BOX
        for index, part in enumerate(value["contents"][:1000]):
            inside(part, f"{at}.contents[{index}]", faults)


_IN_BASELINE = tagged({"text": _TEXT, "icon": _ICON, "filler": _FILLER})
_IN_BOX = tagged(
    {
        "box": _box,
        "text": _TEXT,
        "button": _BUTTON,
        "image": _IMAGE,
        "separator": _SEPARATOR,
        "filler": _FILLER,
    }
)
_ONLY_BOX = tagged({"box": _box})
_VIDEO = shape(
    {
        "type": anything,
        "url": _IMAGE_URL,
        "previewUrl": _IMAGE_URL,
        "altContent": tagged({"box": _box, "image": _IMAGE}),
    },
    {"aspectRatio": _ratio, "action": ON_FLEX_PART},
)
_BLOCK_STYLE = shape({}, {"backgroundColor": _COLOUR, "separator": flag, "separatorColor": _COLOUR})
_BLOCKS: Mapping[str, Check] = {
    "header": _ONLY_BOX,
    "hero": tagged({"box": _box, "image": _IMAGE, "video": _VIDEO}),
    "body": _ONLY_BOX,
    "footer": _ONLY_BOX,
}
_BUBBLE_SHAPE = shape(
    {"type": anything},
    {
        **_BLOCKS,
        "size": one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
        "direction": one_of("ltr", "rtl"),
        "styles": shape({}, {name: _BLOCK_STYLE for name in _BLOCKS}),
        "action": ON_FLEX_PART,
    },
)


def size_in_bytes(value: object) -> int:
    """How LINE counts a bubble or carousel: its JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _bubble_sense(value: object, at: str, faults: Faults) -> None:
    assert isinstance(value, dict)
    if not any(block in value for block in _BLOCKS):
        faults.append((at, "at least one block must be specified"))
    if size_in_bytes(value) > BUBBLE_BYTES:
        faults.append((at, f"must be at most {BUBBLE_BYTES // 1024} KB"))


def _carousel_sense(value: object, at: str, faults: Faults) -> None:
    assert isinstance(value, dict)
    if size_in_bytes(value) > CAROUSEL_BYTES:
        faults.append((at, f"must be at most {CAROUSEL_BYTES // 1024} KB"))
    if len({bubble.get("size", "mega") for bubble in value["contents"]}) > 1:
        faults.append((f"{at}.contents", "bubbles of one carousel must have the same size"))
    for index, bubble in enumerate(value["contents"]):
        if bubble.get("hero", {}).get("type") == "video":
            faults.append((f"{at}.contents[{index}].hero", "a carousel may not hold videos"))


_BUBBLE = every(_BUBBLE_SHAPE, _bubble_sense)
_CAROUSEL = every(
    shape({"type": anything, "contents": listing(tagged({"bubble": _BUBBLE}), 1, CAROUSEL_BUBBLES)}),
    _carousel_sense,
)
CONTAINER = tagged({"bubble": _BUBBLE, "carousel": _CAROUSEL})
