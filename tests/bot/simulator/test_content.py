"""The data host gives out what people sent, not ready at first if told so, and nothing after an unsend."""

from __future__ import annotations

import io

from PIL import Image

from bot.web.simulator import pictures
from bot.web.simulator.server import LineSimulator
from tests.bot.simulator.kit import GROUP, MALI, SOMCHAI, Clock, Line


def _path(event: dict[str, dict[str, str]], more: str = "") -> str:
    return f"/v2/bot/message/{event['message']['id']}/content{more}"


def test_a_photo_can_be_downloaded_whole_and_small(sim: LineSimulator, line: Line) -> None:
    jpeg = pictures.draw("hole", 1)
    event = sim.photo(MALI, jpeg)
    whole = line.get(_path(event))
    assert (whole.status_code, whole.content_type, whole.data) == (200, "image/jpeg", jpeg)
    small = Image.open(io.BytesIO(line.get(_path(event, "/preview")).data))
    assert max(small.size) <= 240


def test_content_is_not_ready_as_often_as_told(sim: LineSimulator, line: Line, clock: Clock) -> None:
    event = sim.photo(MALI, b"\xff\xd8\xff")
    sim.faults.content_not_ready(times=2)
    assert [line.get(_path(event)).status_code for _ in range(3)] == [202, 202, 200]
    sim.faults.content_not_ready(seconds=5)
    assert line.get(_path(event)).status_code == 202
    clock.at += 5
    assert line.get(_path(event)).status_code == 200


def test_unknown_content_is_404_and_unsent_content_410(sim: LineSimulator, line: Line) -> None:
    event = sim.photo(MALI, b"\xff\xd8\xff")
    sim.unsend(MALI, event["message"]["id"])
    assert line.get(_path(event)).status_code == 410
    assert line.get("/v2/bot/message/123/content").status_code == 404
    assert line.get(_path(sim.say(MALI, "ก"))).status_code == 404


def test_a_voice_has_content_but_no_preview_and_says_when_it_is_ready(sim: LineSimulator, line: Line) -> None:
    event = sim.voice(MALI, b"sound")
    assert line.get(_path(event)).data == b"sound"
    assert line.get(_path(event, "/preview")).status_code == 404
    sim.faults.content_not_ready(times=1)
    states = [line.get(_path(event, "/transcoding")).json for _ in range(2)]
    assert states == [{"status": "processing"}, {"status": "succeeded"}]


def test_profiles_are_those_of_friends_and_of_members(sim: LineSimulator, line: Line) -> None:
    sim.group(GROUP, [MALI])
    found = line.get(f"/v2/bot/profile/{MALI}").json
    assert found == {"userId": MALI, "displayName": "มะลิ", "language": "th"}
    assert line.get(f"/v2/bot/group/{GROUP}/member/{MALI}").status_code == 200
    assert line.get(f"/v2/bot/group/{GROUP}/member/{SOMCHAI}").status_code == 404
    assert line.get(f"/v2/bot/group/{GROUP}/members/count").json == {"count": 1}
    sim.unfollow(MALI)
    assert line.get(f"/v2/bot/profile/{MALI}").status_code == 404
    assert line.get("/v2/bot/profile/U" + "9" * 32).status_code == 404


def test_the_bot_is_the_destination_of_its_webhooks(sim: LineSimulator, line: Line) -> None:
    info = line.get("/v2/bot/info").json
    assert info is not None
    assert info["userId"] == sim.bot_id


def test_the_webhook_address_can_be_set_and_tested(sim: LineSimulator, line: Line) -> None:
    path = "/v2/bot/channel/webhook/endpoint"
    headers = {"authorization": "Bearer a-token"}
    assert line.get(path).status_code == 404
    assert (
        line.client.put(path, json={"endpoint": "http://example.org/x"}, headers=headers).status_code == 400
    )
    assert (
        line.client.put(path, json={"endpoint": "https://example.org/x"}, headers=headers).status_code == 200
    )
    assert line.get(path).json == {"endpoint": "https://example.org/x", "active": True}
    test = "/v2/bot/channel/webhook/test"
    unheard = line.post(test).json
    assert unheard is not None and (unheard["success"], unheard["statusCode"]) == (False, 0)
    sim.post_to(lambda body, headers: 200 if b'"events":[]' in body else 400)
    heard = line.post(test).json
    assert heard is not None and heard["success"] is True
