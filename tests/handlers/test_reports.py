"""Plain data for operators and other programs: the names that others rely on, and nothing about people."""

from __future__ import annotations

import json
import re

import pytest

from handlers.services import reports
from store import Store
from store.words import RoleName
from tests.town import Town

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    made.settle("สมชาย", RoleName.OFFICIAL, agency="WORKS")
    made.settle("ครูฝน", RoleName.REPRESENTATIVE, network="ROADS")
    made.settle("ยายสี")
    made.says("ยายสี", "ไฟทางดับหน้าวัดโพนงาม มืดมาก โทร 081-234-5678")
    made.taps("ยายสี", "ส่งเรื่อง")
    made.taps("สมชาย", "รับเรื่อง")
    return made


def test_a_case_has_the_keys_that_others_rely_on(town: Town) -> None:
    with town.store.reading() as unit:
        (case,) = reports.cases(unit)
    wanted = "code status category network text lead helpers reporters followers place deadlines history rating reopened"
    assert set(wanted.split()) <= case.keys()
    assert (case["status"], case["category"], case["lead"], case["reporters"]) == (
        "accepted",
        "street_light",
        "WORKS",
        1,
    )
    assert case["helpers"][0].keys() >= {"agency", "task", "state", "since"}
    assert case["place"].keys() == {"text", "area", "lat", "lon"}
    assert case["deadlines"][0].keys() == {"agency", "kind", "due", "state", "rung"}
    assert case["history"][0].keys() == {
        "at",
        "kind",
        "from",
        "to",
        "role",
        "agency",
        "why",
        "text",
        "public",
    }
    assert all(ISO.fullmatch(row["at"]) for row in case["history"])
    assert json.loads(json.dumps(case)) == case
    assert town.line_id("ยายสี") not in json.dumps(case)


def test_cases_are_chosen_by_status(town: Town) -> None:
    with town.store.reading() as unit:
        assert len(reports.cases(unit, "accepted")) == 1
        assert reports.cases(unit, "closed") == []


def test_a_network_shows_members_with_their_steps_and_figures(town: Town) -> None:
    town.taps_data("ยายสี", "do=network.join&network=ROADS")
    with town.store.reading() as unit:
        found = next(
            n for n in reports.networks(unit, town.house.book(unit), town.now) if n["code"] == "ROADS"
        )
    assert found["metrics"]["members"] == 2 and found["metrics"]["open"] == 1
    steps = [{step["number"] for step in member["steps"]} for member in found["members"]]
    assert {1, 2, 3, 4, 5} in steps


def test_the_quota_counts_pushes_about_cases_per_closed_case(town: Town) -> None:
    from store.models import Outbox

    with town.store.writing() as unit:
        for row in unit.session.query(Outbox).filter(Outbox.reply_token.is_(None)):
            row.state, row.counted, row.sent_at = "done", 1, 1_800_000_000.0
    with town.store.reading() as unit:
        before = reports.quota(unit, 300, None, 0.0)
        assert before["pushes_per_closed_case"] is None and before["used"] == sum(before["pushes"].values())
        assert before["pushes"]["case"] == 0 and before["planned"] == 0
        assert reports.quota(unit, None, 7, 0.0)["used"] == 7
    town.taps("สมชาย", "เสร็จแล้ว")
    town.says("สมชาย", "เปลี่ยนหลอดแล้วครับ")
    town.taps("ยายสี", "เรียบร้อยแล้ว")
    with town.store.writing() as unit:
        for row in unit.session.query(Outbox).filter(Outbox.purpose == "case"):
            row.state, row.counted, row.sent_at = "done", 1, 1_800_000_000.0
    with town.store.reading() as unit:
        assert reports.quota(unit, 300, None, 0.0)["pushes_per_closed_case"] == 1.0


def test_mail_is_listed_without_its_words(town: Town) -> None:
    from store.queries import outbox

    with town.store.reading() as unit:
        rows = [reports.sent(row) for row in outbox.newest(unit)]
    assert rows and "วัดโพนงาม" not in json.dumps(rows, ensure_ascii=False)
    assert {"to", "purpose", "state", "how", "attempts", "reason"} <= rows[0].keys()
