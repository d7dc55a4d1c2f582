"""The page: it loads only from its own server, shows what happens, and lets people act."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.web.simulator import page, pictures, server, site
from tests.bot.simulator.kit import GROUP, MALI, SECRET, SOMCHAI, TOKEN, Clock, Line, words

_STATIC = Path(page.__file__).with_name("static")
_PLACES = [{"title": "ตลาด", "address": "เมือง", "lat": 18.79, "lon": 98.98}]


class City:
    """An installation behind the page, whose clock may be held."""

    def __init__(self) -> None:
        self.days, self.held = 0, False

    def look(self) -> dict[str, Any]:
        return {"clock": f"day {self.days}"}

    def tomorrow(self) -> dict[str, Any]:
        if self.held:
            raise RuntimeError("another process runs the clock")
        self.days += 1
        return self.look()


class Browser:
    """What the page's scripts do, and the bot that answers 200 or what it is told."""

    def __init__(self) -> None:
        self.sim = server.LineSimulator(SECRET, TOKEN, None, Clock(), bot_name="สาน")
        self.got: list[dict[str, Any]] = []
        self.status = 200
        app = Flask("test")
        people = [{"id": MALI, "name": "มะลิ", "role_label": "ประชาชน"}, {"id": SOMCHAI, "name": "สมชาย"}]
        self.city = City()
        settings = page.PageSettings(
            people, _PLACES, lambda: {SOMCHAI: "ABCD-EFGH"}, "city.example", "เมืองสาธิต", self.city
        )
        app.register_blueprint(site.blueprint(self.sim, self.bot, settings))
        self.client: FlaskClient = app.test_client()
        self.line = Line(self.client)

    def bot(self, body: bytes, headers: dict[str, str]) -> int:
        self.got.extend(json.loads(body)["events"])
        return self.status

    def get(self, path: str) -> Any:
        return self.client.get(f"/simulator/api/{path}").json

    def act(self, verb: str, /, **body: Any) -> int:
        answer = self.client.post(f"/simulator/api/{verb}", json=body, headers={"x-simulator": "1"})
        return answer.status_code


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_the_page_names_the_city_and_brings_a_strict_policy(browser: Browser) -> None:
    answer = browser.client.get("/simulator")
    assert "เมืองสาธิต" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy


def test_nothing_on_the_page_comes_from_elsewhere_or_is_inline(browser: Browser) -> None:
    html = browser.client.get("/simulator").text
    assert not re.search(r"style=|<style|\son[a-z]+=|<script(?![^>]*src=)", html)
    for address in re.findall(r'(?:src|href)="([^"]+)"', html):
        assert browser.client.get(address).status_code == 200
    for script in _STATIC.glob("*.js"):
        text = script.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"innerHTML|insertAdjacentHTML|eval\(|https?://[a-z]", text), script.name


def test_both_languages_say_the_same_things() -> None:
    thai, english = page.texts()["th"], page.texts()["en"]
    assert thai.keys() == english.keys()
    same = [(step["who"], step.get("do", {}).keys()) for step in thai["tour_steps"]]
    assert same == [(step["who"], step.get("do", {}).keys()) for step in english["tour_steps"]]
    used = {
        name
        for script in _STATIC.glob("*.js")
        for name in re.findall(r'\bt\("(\w+)"\)', script.read_text("utf-8"))
    }
    assert used <= thai.keys()
    assert {f"scene_{kind}" for kind in pictures.SCENES} <= thai.keys()


def test_the_start_tells_everything(browser: Browser) -> None:
    browser.sim.say(MALI, "ไฟดับ")
    start = browser.get("start")
    assert [person["name"] for person in start["people"]] == ["มะลิ", "สมชาย"]
    assert start["people"][1]["hint"] == "ABCD-EFGH"
    assert start["entries"][0]["messages"][0]["text"] == "ไฟดับ"
    assert (start["places"], start["host"], start["bot"]) == (_PLACES, "city.example", "สาน")


def test_news_wait_until_something_happens(browser: Browser) -> None:
    start = browser.get("start")
    threading.Timer(0.2, browser.sim.say, (MALI, "ไฟดับ")).start()
    began = time.monotonic()
    news = browser.get(f"news?boot={start['boot']}&after={start['version']}")
    assert 0.1 < time.monotonic() - began < 5
    assert [entry["messages"][0]["text"] for entry in news["entries"]] == ["ไฟดับ"]


def test_a_page_from_before_a_restart_gets_everything(browser: Browser) -> None:
    browser.sim.say(MALI, "ไฟดับ")
    assert len(browser.get("news?boot=old&after=999")["entries"]) == 1


def test_people_act_and_the_bot_hears_it(browser: Browser) -> None:
    assert browser.act("follow", person=MALI) == 200
    assert browser.act("say", person=MALI, text="ไฟดับ") == 200
    assert browser.act("tap", person=MALI, data="do=menu", displayText="เมนู") == 200
    assert browser.act("location", person=MALI, lat=18.79, lon=98.98, title="ตลาด") == 200
    assert browser.act("sticker", person=MALI, package="446", sticker="1988") == 200
    assert browser.act("sample", person=MALI, kind="hole") == 200
    assert browser.act("unsend", person=MALI, message=browser.got[1]["message"]["id"]) == 200
    assert browser.act("unfollow", person=MALI) == 200
    kinds = [event.get("message", event)["type"] for event in browser.got]
    assert kinds == ["follow", "text", "postback", "location", "sticker", "image", "unsend", "unfollow"]


def test_an_uploaded_photo_is_kept_and_shown(browser: Browser) -> None:
    jpeg = pictures.draw("lamp", 7)
    headers = {"x-simulator": "1", "content-type": "image/jpeg"}
    path = f"/simulator/api/photo?person={MALI}&chat={MALI}"
    assert browser.client.post(path, data=jpeg, headers=headers).status_code == 200
    shown = browser.client.get(f"/simulator/api/content/{browser.got[0]['message']['id']}")
    assert (shown.content_type, shown.data) == ("image/jpeg", jpeg)
    assert browser.client.post(path, data=b"no picture", headers=headers).status_code == 400


def test_a_refused_webhook_shows_and_can_be_sent_again(browser: Browser) -> None:
    browser.status = 503
    browser.act("say", person=MALI, text="ไฟดับ")
    entry = browser.get("start")["entries"][0]
    assert entry["delivered"] is False
    browser.status = 200
    assert browser.act("redeliver", event=entry["id"]) == 200
    assert browser.get("start")["entries"][0]["delivered"] is True
    assert browser.got[1]["deliveryContext"]["isRedelivery"] is True


def test_groups_are_open_to_their_members_only(browser: Browser) -> None:
    browser.sim.group(GROUP, [MALI], "ตลาด")
    assert browser.act("say", person=MALI, chat=GROUP, text="ไฟดับ", mention=True) == 200
    assert browser.act("say", person=SOMCHAI, chat=GROUP, text="ไฟดับ") == 400
    assert browser.got[0]["source"] == {"type": "group", "groupId": GROUP, "userId": MALI}


def test_acts_of_strangers_and_nonsense_are_refused(browser: Browser) -> None:
    assert browser.act("say", person="U" + "9" * 32, text="ก") == 400
    assert browser.act("say", person=MALI, text="  ") == 400
    assert browser.act("tap", person=MALI, data="a" * 301) == 400
    assert browser.act("location", person=MALI, lat=91, lon=0) == 400
    assert browser.act("sample", person=MALI, kind="castle") == 400
    assert browser.client.post("/simulator/api/say", json={"person": MALI, "text": "ก"}).status_code == 403
    assert browser.got == []


def test_a_person_can_be_added(browser: Browser) -> None:
    assert browser.act("person", name="ตาคำ") == 200
    assert browser.get("start")["people"][2]["name"] == "ตาคำ"


def test_faults_can_be_switched_from_the_page(browser: Browser) -> None:
    assert browser.act("faults", fault="monthly_limit") == 200
    assert browser.get("start")["faults"]["monthly_limit"] is True
    assert browser.line.push(MALI, words()).status_code == 429
    assert browser.act("faults", fault="none") == 200
    assert browser.line.push(MALI, words()).status_code == 200
    assert browser.act("faults", fault="earthquake") == 400


def test_line_stays_down_until_all_is_well_again(browser: Browser) -> None:
    assert browser.act("faults", fault="down") == 200
    assert [browser.line.push(MALI, words()).status_code for _ in range(3)] == [503, 503, 503]
    assert browser.get("start")["faults"]["down"] is True
    assert browser.act("faults", fault="none") == 200
    assert browser.line.push(MALI, words()).status_code == 200


def test_a_day_forward_is_asked_of_the_installation_and_only_by_the_page(browser: Browser) -> None:
    assert browser.act("tomorrow") == 200
    assert browser.get("inside") == {"clock": "day 1"}
    assert browser.client.get("/simulator/api/tomorrow").status_code == 405
    assert browser.client.post("/simulator/api/tomorrow").status_code == 403
    browser.city.held = True
    assert browser.act("tomorrow") == 409
    assert browser.city.days == 1


def test_every_sample_is_a_small_picture(browser: Browser) -> None:
    for kind in pictures.SCENES:
        answer = browser.client.get(f"/simulator/api/sample/{kind}")
        assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
        assert len(answer.data) < 200_000
    assert browser.client.get("/simulator/api/sample/castle").status_code == 404
