"""The list of cases, the map and decisions: filters, pages, what is told in confidence, and how much is sent."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.web.case_list import PER_PAGE
from bot.web.public import policy_of_map
from handlers.rules.consensus import Charter
from store import Store
from store.city_folder import read_city
from store.models import Membership, Person, Poll, Promise, Round, Statement, Vote
from store.words import Status
from tests import many_cases
from tests.installation import LINE, installed
from tests.many_cases import FIRST
from tests.town import DEMO_CITY, MONDAY

LIMIT_OF_THE_FIRST_VIEW = 150_000


@dataclass
class City:
    client: FlaskClient
    store: Store

    def cases(self, **rows: Any) -> list[str]:
        return many_cases.write(self.store, MONDAY, [rows])

    def codes(self, query: str = "") -> list[str]:
        answer = self.client.get(f"/cases{query}")
        assert answer.status_code == 200
        return re.findall(r'href="/cases/(LOE69-\d+)', answer.text)


@pytest.fixture
def city(tmp_path: Path, database_url: str) -> City:
    wiring = installed(tmp_path, DATABASE_URL=database_url, **LINE)
    wiring.house.clock = MONDAY.timestamp
    return City(create_app(wiring).test_client(), wiring.store)


def test_lists_show_what_was_asked_for(city: City) -> None:
    road, light, done, gone = many_cases.write(
        city.store,
        MONDAY,
        [
            {"area": "420101", "lead": "WORKS", "network": "ROADS"},
            {"category": "street_light"},
            {"status": Status.CLOSED, "done_at": MONDAY},
            {"status": Status.REJECTED},
        ],
    )
    many_cases.promise(city.store, FIRST + 1, "running", MONDAY - timedelta(hours=1))
    assert city.codes() == [light, road]
    assert city.codes("?which=overdue") == [light]
    assert city.codes("?which=fixed") == [done]
    assert city.codes("?which=all") == [done, light, road]
    for query in ("category=road", "area=420101", "agency=WORKS", "network=ROADS"):
        assert city.codes(f"?{query}") == [road], query
    assert city.codes("?category=nonsense&which=%00&area=1'--&before=x") == [light, road]
    assert gone not in city.client.get("/cases?which=all").text


def test_pages_follow_one_another_without_a_gap_or_a_double(city: City) -> None:
    written = many_cases.write(city.store, MONDAY, [{}] * (PER_PAGE * 2 + 3))
    seen, query = [], "/cases?lang=en"
    while query:
        page = city.client.get(query).text
        seen += re.findall(r'href="/cases/(LOE69-\d+)', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        query = found[1].replace("&amp;", "&") if found else ""
    assert seen == written[::-1]


def test_what_is_told_in_confidence_is_neither_listed_nor_on_the_map(city: City) -> None:
    here = {"lat": 17.48613, "lon": 101.72219}
    drugs, road = many_cases.write(city.store, MONDAY, [{"category": "drugs", **here}, here])
    assert city.codes("?which=all") == [road] == city.codes("?which=all&category=drugs")
    data = city.client.get("/map.json").get_json()
    assert [point[2] for point in data["points"]] == [road]
    assert drugs not in json.dumps(data) and len(data["cells"]) == 1 and data["cells"][0][2:] == [1, 0]


def test_the_map_knows_the_areas_and_what_is_open_late_and_fixed(city: City) -> None:
    here = {"lat": 17.486, "lon": 101.722}
    many_cases.write(
        city.store,
        MONDAY,
        [here, {**here, "overdue_at": MONDAY}, {**here, "status": Status.CLOSED, "done_at": MONDAY}, {}],
    )
    data = city.client.get("/map.json?lang=en").get_json()
    assert [point[4] for point in data["points"]] == [1, 0, 2]
    assert "Kut Pong" in {area[0] for area in data["areas"]} and data["places"]


def test_the_first_view_is_light(city: City) -> None:
    many_cases.write(city.store, MONDAY, [{"lat": 17.486, "lon": 101.722}] * 300)
    zipped = {"Accept-Encoding": "gzip"}
    page = city.client.get("/", headers=zipped)
    assert page.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(page.data).decode()
    parts = {*re.findall(r'(?:src|href)="(/static/[^"]+)"', text), "/static/weave.svg", "/map.json?lang=th"}
    sizes = {"/": len(page.data), **{part: len(city.client.get(part, headers=zipped).data) for part in parts}}
    assert len(sizes) >= 9 and sum(sizes.values()) <= LIMIT_OF_THE_FIRST_VIEW, sizes


def test_only_the_page_with_the_map_runs_scripts_and_only_tiles_that_the_city_chose_are_asked_for(
    city: City,
) -> None:
    assert "script-src 'self'" in city.client.get("/").headers["Content-Security-Policy"]
    assert "script-src" not in city.client.get("/cases").headers["Content-Security-Policy"]
    row = read_city(DEMO_CITY).city
    assert "http" not in policy_of_map(row)
    with_tiles = replace(row, tiles="https://{s}.tiles.example/{z}/{x}/{y}.png")
    assert "img-src 'self' https://*.tiles.example;" in policy_of_map(with_tiles)


# --- decisions


def decide(store: Store, state: str) -> int:
    """A decision with two statements and one voter; gives its number."""
    with store.writing() as unit:
        person = unit.add(Person(line_id="U" + "7" * 32, created_at=MONDAY, seen_at=MONDAY))
        unit.flush()
        unit.add(Membership(network="ROADS", person_id=person.id, state="active", joined_at=MONDAY))
        poll = unit.add(
            Poll(
                network="ROADS",
                person_id=person.id,
                question="ปิดถนนหน้าโรงเรียนตอนเช้าไหม โทร 081-234-5678",
                state=state,
                charter=vars(Charter(0.7, 0.2, 1, 2, 7)),
                created_at=MONDAY,
            )
        )
        poll.rounds.append(Round(number=1, opened_at=MONDAY, closes_at=MONDAY + timedelta(days=7)))
        poll.statements += [Statement(text=f"ข้อที่ {n}", created_at=MONDAY) for n in (1, 2)]
        unit.flush()
        one, two = poll.statements
        unit.add(Vote(poll_id=poll.id, statement_id=one.id, person_id=person.id, answer="agree", at=MONDAY))
        if state == "closed":
            rows = [
                {"id": one.id, "agree": 1, "disagree": 0, "pass": 0, "agreed": True},
                {"id": two.id, "agree": 0, "disagree": 1, "pass": 0, "agreed": False},
            ]
            poll.figures = {"members": 1, "voters": 1, "needed": 1, "groups": None, "statements": rows}
            poll.outcome, poll.closed_at = "agreed", MONDAY
            poll.promises.append(
                Promise(network="ROADS", what="ตั้งแผงกั้น", who="โรงเรียน", due_at=MONDAY, state="kept")
            )
        return poll.id


def test_a_closed_decision_shows_its_result_and_what_was_promised(city: City) -> None:
    number = decide(city.store, "closed")
    page = city.client.get(f"/decisions/{number}?lang=en").text
    assert "Agreed" in page and "agree 1" in page.lower() and "ตั้งแผงกั้น" in page and "ข้อที่ 2" in page
    assert "5678" not in page
    assert f"/decisions/{number}?lang=th" in city.client.get("/networks/ROADS").text


def test_an_open_decision_shows_no_numbers(city: City) -> None:
    page = city.client.get(f"/decisions/{decide(city.store, 'open')}").text
    assert "ข้อที่ 1" in page and "เห็นด้วย 1" not in page and 'class="parts"' not in page


@pytest.mark.parametrize("number", ["999", str(2**70), "-1", "x"])
def test_there_is_no_page_for_a_decision_that_is_not_there(city: City, number: str) -> None:
    assert city.client.get(f"/decisions/{number}").status_code == 404


def test_a_decision_that_is_being_prepared_is_nobodys_business(city: City) -> None:
    number = decide(city.store, "draft")
    assert city.client.get(f"/decisions/{number}").status_code == 404
    assert f"/decisions/{number}" not in city.client.get("/networks/ROADS").text
