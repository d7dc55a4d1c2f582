"""Who gets into the console and for how long: links that work once, sessions that end, roles that are read anew."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.web.console.visit import COOKIE
from handlers.services import doors, staff
from handlers.talk import Scene
from store.models import DoorLink, DoorSession, Outbox
from store.queries import people
from store.words import RoleName
from tests.bot.console.kit import ADMINISTRATOR, CITIZEN, OFFICIAL, REPRESENTATIVE, Desk, Place, place
from tests.installation import LINE


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return place(tmp_path)


def later(at: Place, **length: float) -> None:
    """Move the machine's clock of the installation."""
    moment = at.wiring.house.clock() + timedelta(**length).total_seconds()
    at.wiring.house.clock = lambda: moment


def test_looking_at_a_link_changes_nothing_and_its_button_works_once(at: Place) -> None:
    link = at.link(OFFICIAL)
    client = at.app.test_client()
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert client.post(link).headers["Location"] == "/console/home"
    assert "งานวันนี้" in client.get("/console/home", follow_redirects=True).text
    second = at.app.test_client()
    assert second.post(link).status_code == 410 and "ใช้ไปแล้ว" in second.get(link).text
    assert COOKIE not in str(second.post(link).headers)


def test_a_newer_link_voids_the_one_before(at: Place) -> None:
    first, second = at.link(OFFICIAL), at.link(OFFICIAL)
    client = at.app.test_client()
    assert client.post(first).status_code == 410
    assert client.post(second).status_code == 303


def test_a_link_ends_after_fifteen_minutes(at: Place) -> None:
    link = at.link(OFFICIAL)
    later(at, minutes=14)
    assert at.app.test_client().get(link).status_code == 200
    later(at, minutes=2)
    client = at.app.test_client()
    assert client.post(link).status_code == 410 and "หมดเวลา" in client.get(link).text


def test_a_form_on_another_site_signs_nobody_in(at: Place) -> None:
    link = at.link(OFFICIAL)
    client = at.app.test_client()
    for site in ("cross-site", "same-site"):
        assert client.post(link, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.get_cookie(COOKIE, path="/console") is None
    assert client.post(link, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_words_that_were_never_a_link_are_answered_kindly(at: Place) -> None:
    client = at.app.test_client()
    for word in ("x", "0" * 32, "%00", "a" * 500):
        assert client.post(f"/console/enter/{word}").status_code in (404, 410)
    assert "ไม่พบลิงก์นี้" in client.get("/console/enter/x").text


def test_only_hashes_are_stored_and_the_message_with_the_link_may_be_blanked(at: Place) -> None:
    link = at.link(OFFICIAL)
    desk = at.enter(OFFICIAL)
    cookie = desk.client.get_cookie(COOKIE, path="/console")
    assert cookie is not None
    with at.wiring.store.reading() as unit:
        hashes = {row.token_hash for kind in (DoorLink, DoorSession) for row in unit.session.query(kind)}
        sent = unit.session.query(Outbox).filter(Outbox.secret.is_(True)).count()
    assert link.rpartition("/")[2] not in hashes and cookie.value not in hashes
    assert doors.hashed(cookie.value) in hashes and sent >= 2


def test_a_cookie_is_shut_off_from_scripts_and_other_sites(tmp_path: Path) -> None:
    at = place(tmp_path, BASE_URL="https://town.example", **LINE)
    answer = at.app.test_client().post(at.link(OFFICIAL))
    cookie = answer.headers["Set-Cookie"]
    assert (
        "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" in cookie and "Path=/console" in cookie
    )
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_any_case(at: Place) -> None:
    desk = at.enter(OFFICIAL)
    for _ in range(7):
        later(at, hours=1.5)
        assert "งานวันนี้" in desk.get("/console/").text
    later(at, hours=1.6)
    assert "พิมพ์ เข้าเว็บ" in desk.get("/console/").text
    idle = at.enter(OFFICIAL)
    later(at, hours=2.1)
    assert "พิมพ์ เข้าเว็บ" in idle.get("/console/").text


def test_signing_out_ends_this_device_and_everywhere_ends_all(at: Place) -> None:
    one, two, three = (at.enter(OFFICIAL) for _ in range(3))
    one.post("/console/sign-out")
    assert "พิมพ์ เข้าเว็บ" in one.get("/console/").text and "งานวันนี้" in two.get("/console/").text
    waiting = at.link(OFFICIAL)
    two.post("/console/sign-out", everywhere="1")
    assert "พิมพ์ เข้าเว็บ" in three.get("/console/").text
    assert at.app.test_client().post(waiting).status_code == 410


def test_who_loses_her_role_is_out_at_once_and_her_link_is_void(at: Place) -> None:
    desk, waiting = at.enter(OFFICIAL), at.link(OFFICIAL)
    with at.wiring.store.writing() as unit:
        scene = Scene(at.wiring.house, unit, at.town.now, at.wiring.house.clock())
        person = people.by_line_id(unit, at.town.line_id(OFFICIAL))
        assert person is not None
        staff.end_role(scene, person.roles[0])
    assert "พิมพ์ เข้าเว็บ" in desk.get("/console/").text
    assert at.app.test_client().post(waiting).status_code == 410


def test_a_citizen_is_told_what_the_web_is_for(at: Place) -> None:
    seen = at.town.says(CITIZEN, "เข้าเว็บ")
    assert "สำหรับเจ้าหน้าที่" in seen[0].text and seen[0].buttons == []


def test_an_administrators_code_is_answered_with_the_first_link(at: Place) -> None:
    seen = at.town.says("ใหม่", at.town.code_for(RoleName.ADMINISTRATOR))
    addresses = [data for one in seen for _, data in one.buttons if "/console/enter/" in data]
    path = "/console/enter/" + addresses[0].rpartition("/")[2]
    client = at.app.test_client()
    assert client.post(path).status_code == 303
    assert "ข้อมูลเมือง" in Desk(client).get("/console/home").text


def test_a_form_without_the_sessions_own_word_changes_nothing(at: Place) -> None:
    desk = at.enter(OFFICIAL)
    for given in ({}, {"csrf": ""}, {"csrf": "x" * 32}, {"csrf": at.enter(ADMINISTRATOR).csrf()}):
        answer = desk.client.post("/console/sign-out", data=given)
        assert answer.status_code == 400 and "ยังไม่มีอะไรเปลี่ยน" in answer.text
    assert "งานวันนี้" in desk.get("/console/").text


def test_the_language_is_chosen_for_the_session_alone(at: Place) -> None:
    desk = at.enter(OFFICIAL)
    assert "Today" in desk.post("/console/language", language="en", back="/console/").text
    person = at.town.person(OFFICIAL)
    assert person is not None and person.language == "th"
    assert "งานวันนี้" in at.enter(OFFICIAL).get("/console/").text


def test_a_button_never_leads_to_another_site(at: Place) -> None:
    desk = at.enter(OFFICIAL)
    for back in (
        "https://evil.example/",
        "//evil.example",
        "/console/\\evil",
        "/console//evil.example",
        "/other",
    ):
        answer = desk.client.post(
            "/console/language", data={"csrf": desk.csrf(), "language": "th", "back": back}
        )
        assert answer.headers["Location"] == "/console/"


def test_each_role_starts_at_its_own_work(at: Place) -> None:
    assert "งานวันนี้" in at.enter(OFFICIAL).get("/console/home").text
    assert "เครือข่ายของฉัน" in at.enter(REPRESENTATIVE).get("/console/home").text
    assert "ข้อมูลเมือง" in at.enter(ADMINISTRATOR).get("/console/home").text
