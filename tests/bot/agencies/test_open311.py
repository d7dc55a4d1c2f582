"""Cases on another city's Open311 server: sent once, read in both formats, followed by updates."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.agencies.open311 import Open311Gateway, Open311Reader
from bot.agencies.open311_client import Open311Client
from bot.agencies.open311_format import Unreadable, errors, records
from handlers.services import notify
from handlers.services.bridge_health import scene_of
from store import Store
from store.city_data import ServiceCodeRow
from store.queries import cases
from store.words import OPEN311, RowState
from tests.bot.agencies.bridged import Bridged, town_with
from tests.bot.agencies.open311_fake import KEY, FakeOpen311
from tests.bot.line.serving import served

CODES = (ServiceCodeRow("HIGHWAY", "road", "pothole"), ServiceCodeRow("HIGHWAY", "*", "general"))


class Bench(Bridged):
    fake: FakeOpen311


Make = Callable[..., Bench]


@pytest.fixture
def make(store: Store, tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as stack:

        def made(fake: FakeOpen311 | None = None, key: str = KEY) -> Bench:
            fake = fake or FakeOpen311()
            endpoint = stack.enter_context(served(fake.app())) + "/v2"
            way = {"gateway": "open311", "endpoint": endpoint, "remote_id": "loei.example"}
            town = town_with(store, OPEN311, CODES, HIGHWAY=way)
            client = Open311Client(endpoint, "loei.example", key)
            client_of = lambda _agency: client
            bench = Bench(
                town,
                {OPEN311: Open311Gateway(store, town.house, client_of)},
                {OPEN311: Open311Reader(client_of)},
                tmp_path,
            )
            bench.fake = fake
            stack.callback(bench.delivery.close)
            return bench

        yield made


def say(bench: Bench, words: str) -> None:
    with bench.town.store.writing() as unit:
        case = cases.by_code(unit, bench.town.case().code)
        assert case is not None
        notify.to_agency(scene_of(bench.town.house, unit), case, "headline.words", words=words)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_case_is_worked_on_there_from_open_to_closed(make: Make, form: str) -> None:
    bench = make(FakeOpen311(forms=(form,)))
    bench.report()
    bench.run()
    (request,) = bench.fake.requests.values()
    assert request["service_code"] == "pothole" and bench.town.case().code in request["description"]
    assert "081-234" not in request["description"] and bench.remote().number == "REQ-1"
    bench.fake.says("REQ-1", "ช่างกำลังไป", "in_progress")
    bench.run(minutes=20)
    assert bench.town.case().status == "in_progress"
    request["status"], request["status_notes"] = "closed", "ปิดหลุมแล้ว"
    for _ in range(3):
        bench.run(minutes=20)
    case = bench.town.case()
    assert case.status == "done" and [r.kind for r in case.history].count("done") == 1
    assert len([t for t in bench.heard("มี") if "ปิดหลุมแล้ว" in t]) == 1
    assert len(bench.rows(OPEN311)) == 1 and bench.undecided() == []


def test_a_token_becomes_a_number_and_what_we_say_meanwhile_waits(make: Make) -> None:
    bench = make(FakeOpen311(tokens=True))
    bench.report()
    bench.run()
    assert bench.remote().token == "t-REQ-1" and bench.remote().number is None
    say(bench, "น้ำเริ่มขัง")
    bench.run(minutes=2)
    assert bench.fake.updates == [] and "no number" in bench.rows(OPEN311)[-1].reason
    bench.fake.waiting["t-REQ-1"] = "REQ-1"
    bench.run(minutes=20)
    bench.run(minutes=20)
    assert bench.remote().number == "REQ-1" and "น้ำเริ่มขัง" in bench.fake.updates[0]["description"]


def test_answers_that_are_lost_make_no_second_request_and_no_second_update(make: Make) -> None:
    bench = make()
    bench.report()
    bench.fake.lost = 1
    bench.run()
    bench.run(minutes=10)
    assert list(bench.fake.requests) == ["REQ-1"] and bench.remote().number == "REQ-1"
    say(bench, "ลึกขึ้นอีก")
    bench.fake.lost = 1
    bench.run(minutes=1)
    bench.run(minutes=30)
    assert len(bench.fake.updates) == 1 and bench.rows(OPEN311)[-1].state == RowState.DONE
    assert [row.kind for row in bench.town.case().history] == ["reported", "offered"], "no echo"


def test_a_refusal_is_told_in_the_servers_words(make: Make) -> None:
    bench = make(key="wrong")
    bench.report()
    bench.run()
    (row,) = bench.rows(OPEN311)
    assert row.state == RowState.PARKED and "403 api_key is invalid" in row.reason
    assert any("ยังไม่ถึง" in text for text in bench.heard("ศูนย์"))


def test_a_server_without_updates_still_tells_its_states(make: Make) -> None:
    bench = make(FakeOpen311(updates_known=False))
    bench.report()
    bench.run()
    bench.fake.requests["REQ-1"]["status"] = "closed"
    bench.run(minutes=20)
    assert bench.town.case().status == "done"
    assert any("แก้ไขเสร็จแล้ว" in text for text in bench.heard("มี"))


def test_an_hour_of_503_loses_nothing(make: Make) -> None:
    bench = make()
    bench.fake.broken = True
    bench.report()
    for _ in range(6):
        bench.run(minutes=10)
    bench.fake.broken = False
    bench.run(minutes=20)
    assert list(bench.fake.requests) == ["REQ-1"]
    assert len([t for t in bench.heard("ศูนย์") if "ไม่ได้มาสักพัก" in t]) == 1


def test_the_key_is_in_no_log_and_no_row(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = make()
    bench.report()
    bench.run()
    assert KEY not in caplog.text + str([vars(row) for row in bench.rows(OPEN311)])


def test_xml_that_could_grow_or_read_files_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><requests><request><id>&a;</id></request></requests>'
    for body in (bomb, b"<requests", b"\xff\xfe<", b"{", b'"words"', b"[" * 100_000):
        with pytest.raises(Unreadable):
            records(body)


def test_errors_are_read_in_both_forms() -> None:
    assert errors(b'[{"code":400,"description":"lat is missing"}]') == "400 lat is missing"
    assert (
        errors(b"<errors><error><code>403</code><description>no</description></error></errors>") == "403 no"
    )
    assert errors(b"<html><body>down</body></html>") is None
