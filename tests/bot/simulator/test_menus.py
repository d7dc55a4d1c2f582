"""Rich menus are made, pictured, linked, named and deleted as at LINE."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from bot.web.simulator.server import LineSimulator
from tests.bot.simulator.kit import MALI, SOMCHAI, Line

_MENU: dict[str, Any] = {
    "size": {"width": 1200, "height": 810},
    "selected": True,
    "name": "citizen",
    "chatBarText": "เมนู",
    "areas": [
        {
            "bounds": {"x": 0, "y": 0, "width": 600, "height": 810},
            "action": {"type": "postback", "label": "แจ้ง", "data": "do=report.start"},
        }
    ],
}


def _picture(width: int = 1200, height: int = 810) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0b6e69").save(out, "PNG")
    return out.getvalue()


def _upload(line: Line, menu: str, content: bytes, mime: str = "image/png") -> int:
    headers = {"authorization": "Bearer a-token", "content-type": mime}
    return line.client.post(f"/v2/bot/richmenu/{menu}/content", data=content, headers=headers).status_code


def _made(line: Line) -> str:
    made = line.post("/v2/bot/richmenu", _MENU).json
    assert made is not None
    return str(made["richMenuId"])


def test_a_menu_needs_its_picture_before_it_is_shown(sim: LineSimulator, line: Line) -> None:
    menu = _made(line)
    assert line.post(f"/v2/bot/user/all/richmenu/{menu}").status_code == 400
    assert _upload(line, menu, _picture()) == 200
    assert _upload(line, menu, _picture()) == 400
    assert line.post(f"/v2/bot/user/all/richmenu/{menu}").status_code == 200
    assert sim.menus.seen_by(MALI) == menu
    listed = line.get("/v2/bot/richmenu/list").json
    assert listed is not None and listed["richmenus"][0]["richMenuId"] == menu


def test_pictures_of_another_size_type_or_weight_are_refused(line: Line) -> None:
    menu = _made(line)
    assert _upload(line, menu, _picture(800, 540)) == 400
    assert _upload(line, menu, _picture(), "image/jpeg") == 400
    assert _upload(line, menu, _picture(), "text/plain") == 415
    assert _upload(line, menu, b"no picture") == 400
    assert _upload(line, menu, b"\0" * (1024 * 1024 + 1)) == 413
    assert _upload(line, "richmenu-unknown", _picture()) == 404


def test_menus_that_break_the_limits_are_refused(line: Line) -> None:
    area = _MENU["areas"][0]
    wrong = [
        {**_MENU, "size": {"width": 700, "height": 400}},
        {**_MENU, "size": {"width": 1200, "height": 900}},
        {**_MENU, "chatBarText": "ก" * 15},
        {**_MENU, "areas": [area] * 21},
        {**_MENU, "areas": [{**area, "bounds": {"x": 700, "y": 0, "width": 600, "height": 810}}]},
        {key: value for key, value in _MENU.items() if key != "name"},
    ]
    assert line.post("/v2/bot/richmenu/validate", _MENU).status_code == 200
    for menu in wrong:
        assert line.post("/v2/bot/richmenu/validate", menu).status_code == 400
        assert line.post("/v2/bot/richmenu", menu).status_code == 400


def test_a_users_own_menu_wins_until_it_is_unlinked(sim: LineSimulator, line: Line) -> None:
    first, second = _made(line), _made(line)
    for menu in (first, second):
        _upload(line, menu, _picture())
    line.post(f"/v2/bot/user/all/richmenu/{first}")
    assert line.post(f"/v2/bot/user/{MALI}/richmenu/{second}").status_code == 200
    assert (sim.menus.seen_by(MALI), sim.menus.seen_by(SOMCHAI)) == (second, first)
    assert line.get(f"/v2/bot/user/{MALI}/richmenu").json == {"richMenuId": second}
    line.client.delete(f"/v2/bot/richmenu/{second}", headers={"authorization": "Bearer a-token"})
    assert sim.menus.seen_by(MALI) == first
    assert line.get(f"/v2/bot/user/{MALI}/richmenu").status_code == 404


def test_aliases_are_unique_and_can_be_moved(line: Line) -> None:
    first, second = _made(line), _made(line)
    for menu in (first, second):
        _upload(line, menu, _picture())
    alias = {"richMenuAliasId": "citizen", "richMenuId": first}
    assert line.post("/v2/bot/richmenu/alias", alias).status_code == 200
    assert line.post("/v2/bot/richmenu/alias", alias).status_code == 400
    assert line.post("/v2/bot/richmenu/alias", {**alias, "richMenuAliasId": "No Good"}).status_code == 400
    assert line.post("/v2/bot/richmenu/alias/citizen", {"richMenuId": second}).status_code == 200
    listed = line.get("/v2/bot/richmenu/alias/list").json
    assert listed == {"aliases": [{"richMenuAliasId": "citizen", "richMenuId": second}]}
    gone = line.client.delete("/v2/bot/richmenu/alias/citizen", headers={"authorization": "Bearer a-token"})
    assert gone.status_code == 200
    assert line.get("/v2/bot/richmenu/alias/citizen").status_code == 404
