"""Checks of LINE's action objects, which are limited differently by the place they stand in."""

from __future__ import annotations

from collections.abc import Mapping

from bot.line.shapes import Check, Faults, anything, every, graphemes, one_of, shape, tagged, text, url

LINKS = ("http", "https", "line", "tel")

_POSTBACK: dict[str, Check] = {
    "displayText": text(1, 300),
    "text": text(1, 300),
    "inputOption": one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
    "fillInText": text(1, 300),
}
_PICKER: dict[str, Check] = {"initial": text(1, 16), "max": text(1, 16), "min": text(1, 16)}
_URI_EXTRA: dict[str, Check] = {"altUri": shape({}, {"desktop": url(1000, LINKS)})}


def _postback_sense(value: object, at: str, faults: Faults) -> None:
    assert isinstance(value, dict)
    if "text" in value and "displayText" in value:
        faults.append((f"{at}.text", "may not be used together with displayText"))
    if "fillInText" in value and value.get("inputOption") != "openKeyboard":
        faults.append((f"{at}.fillInText", "needs inputOption openKeyboard"))


def actions(limit: int, named: bool, *more: str) -> Check:
    """Check of an action whose label has at most `limit` grapheme clusters and is required if `named`.

    `more` allows the kinds that LINE accepts in some places only: camera, cameraRoll, location
    (quick replies) and richmenuswitch (rich menus).
    """
    label: Mapping[str, Check] = {"label": text(1, limit, graphemes)}
    must, may = (label, {}) if named else ({}, label)
    kinds: dict[str, Check] = {
        "message": shape({"type": anything, "text": text(1, 300), **must}, may),
        "uri": shape({"type": anything, "uri": url(1000, LINKS), **must}, {**_URI_EXTRA, **may}),
        "postback": every(
            shape({"type": anything, "data": text(1, 300), **must}, {**_POSTBACK, **may}), _postback_sense
        ),
        "datetimepicker": shape(
            {"type": anything, "data": text(1, 300), "mode": one_of("date", "time", "datetime"), **must},
            {**_PICKER, **may},
        ),
        "clipboard": shape({"type": anything, "clipboardText": text(1, 1000), **must}, may),
    }
    rare: dict[str, Check] = {
        name: shape({"type": anything, **must}, may) for name in ("camera", "cameraRoll")
    }
    rare["location"] = shape({"type": anything, **must}, may)
    rare["richmenuswitch"] = shape(
        {"type": anything, "richMenuAliasId": text(1, 32), "data": text(1, 300)}, {"label": label["label"]}
    )
    return tagged({**kinds, **{name: rare[name] for name in more}})


IN_QUICK_REPLY = actions(20, True, "camera", "cameraRoll", "location")
IN_TEMPLATE = actions(20, True)
IN_IMAGE_CAROUSEL = actions(12, False)
IN_FLEX_BUTTON = actions(40, True)
ON_FLEX_PART = actions(40, False)
ON_TEMPLATE_IMAGE = actions(20, False)
IN_RICH_MENU = actions(20, False, "richmenuswitch")
