"""The Traffy bridge against a Traffy at the wire: told once, heard once, never an echo, never lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.agencies.traffy import TraffyGateway, TraffyReader
from bot.agencies.traffy_client import TraffyClient
from store import Store
from store.models import Outbox
from store.queries import outbox
from store.words import TRAFFY, RoleName, RowState
from tests.bot.agencies.bridged import Bridged, town_with
from tests.bot.agencies.traffy_fake import PASSWORD, USER, FakeTraffy
from tests.bot.line.serving import served

ORGS = {
    "HIGHWAY": {"gateway": "traffy", "remote_id": "77"},
    "RURAL": {"gateway": "traffy", "remote_id": "88"},
    "CENTER": {"remote_id": "10", "intake": True},
}


class Bench(Bridged):
    fake: FakeTraffy


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Iterator[Bench]:
    fake, town = FakeTraffy(), town_with(store, TRAFFY, **ORGS)
    fake.now = lambda: town.now.timestamp()
    with served(fake.app()) as fake.origin:
        client = TraffyClient(fake.origin, USER, PASSWORD, town.house.clock)
        gateway, reader = TraffyGateway(store, town.house, client), TraffyReader(client)
        made = Bench(town, {TRAFFY: gateway}, {TRAFFY: reader}, tmp_path)
        made.fake = fake
        yield made
        made.delivery.close()


def hint_of(number: str, more: str = "") -> bytes:
    return json.dumps({"ticket_id": number, "status": "เสร็จสิ้น", "note": more}).encode()


def told(bench: Bench) -> str:
    bench.report()
    bench.run()
    (number,) = bench.fake.tickets
    return number


def test_a_case_becomes_one_ticket_with_masked_words_and_our_code(bench: Bench) -> None:
    ticket = bench.fake.tickets[told(bench)]
    assert ticket["client"] == bench.town.case().code and ticket["client"] in ticket["description"]
    assert "081-234" not in str(bench.fake.tickets) and ticket["kind"] == "ถนน"
    assert bench.remote().number == ticket["ticket_id"] and bench.rows(TRAFFY)[0].state == RowState.DONE


def test_what_the_hint_says_is_not_believed(bench: Bench) -> None:
    number = told(bench)
    assert bench.hint(hint_of(number))
    bench.run(minutes=5)
    assert bench.town.case().status == "offered" and bench.undecided() == []


def test_the_agency_works_at_traffy_and_the_citizen_hears_of_it_once(bench: Bench) -> None:
    number = told(bench)
    bench.fake.says(number, "กำลังดำเนินการ", "ส่งช่างเข้าพื้นที่แล้ว โทร 089-111-2222")
    bench.hint(hint_of(number, "1"))
    bench.run(minutes=5)
    assert bench.town.case().status == "in_progress"
    assert not [text for text in bench.heard("มี") if "ส่งช่าง" in text], "a note is worth no push of its own"
    bench.town.taps_data("มี", "do=case.track")
    said = [text for text in bench.heard("มี") if "ส่งช่าง" in text]
    assert len(said) == 1 and "089-111" not in said[0]
    photo = f"{bench.fake.origin}/photo.jpg"
    bench.fake.says(number, "เสร็จสิ้น", "ลาดยางใหม่แล้ว", (photo,))
    for again in ("2", "2", "3"):
        bench.hint(hint_of(number, again))
        bench.run(minutes=5)
    case = bench.town.case()
    assert case.status == "done" and [p.role for p in case.photos] == ["after"]
    assert len([t for t in bench.heard("มี") if "ลาดยางใหม่" in t]) == 1
    assert [row.kind for row in case.history].count("done") == 1
    assert len(bench.rows(TRAFFY)) == 1, "its own news never goes back"


def test_not_theirs_goes_on_to_the_next_agency(bench: Bench) -> None:
    number = told(bench)
    bench.fake.says(number, "ไม่เกี่ยวข้อง", "เป็นถนนเทศบาล")
    bench.hint(hint_of(number))
    bench.run(minutes=5)
    assert bench.town.case().lead == "WORKS" and bench.town.case().declined_by == ["HIGHWAY"]


def test_new_words_go_as_a_comment_and_are_not_heard_as_news(bench: Bench) -> None:
    number = told(bench)
    bench.town.taps_data("มี", f"do=case.show&case={bench.town.case().code}")
    with bench.town.store.writing() as unit:
        from handlers.services import notify
        from handlers.services.bridge_health import scene_of
        from store.queries import cases

        case = cases.by_code(unit, bench.town.case().code)
        assert case is not None
        notify.to_agency(
            scene_of(bench.town.house, unit), case, "headline.words", words="น้ำเริ่มขังแล้ว 081-234-5678"
        )
    bench.run(minutes=1)
    (comment,) = bench.fake.comments
    assert "น้ำเริ่มขังแล้ว" in comment["comment"] and "081-234" not in comment["comment"]
    bench.fake.says(number, "รอรับเรื่อง", comment["comment"])
    bench.hint(hint_of(number))
    bench.run(minutes=5)
    assert [row.kind for row in bench.town.case().history] == ["reported", "offered"]


def test_a_ticket_made_in_a_call_whose_answer_was_lost_is_found_again(bench: Bench) -> None:
    bench.report()
    bench.fake.lost = 1
    bench.run()
    bench.run(minutes=10)
    assert len(bench.fake.tickets) == 1 and bench.remote().number in bench.fake.tickets


def test_a_worker_that_died_after_the_call_makes_no_second_ticket(bench: Bench) -> None:
    bench.report()
    claimed = bench.rows(TRAFFY)[0]
    from tests.bot.agencies.kit import letter_to

    bench.gateways[TRAFFY].send(letter_to(bench.town, "77", TRAFFY))
    with bench.town.store.writing() as unit:
        row = unit.get(Outbox, claimed.id)
        assert row is not None
        row.attempts = 1
    bench.run()
    assert len(bench.fake.tickets) == 1 and bench.remote().number in bench.fake.tickets


def test_an_hour_of_500_loses_nothing_and_is_told_once(bench: Bench) -> None:
    bench.report()
    bench.fake.broken = True
    for _ in range(12):
        bench.run(minutes=5)
    down = [t for t in bench.heard("ศูนย์") if "Traffy Fondue ไม่ได้" in t]
    assert len(down) == 1 and bench.fake.tickets == {}
    assert bench.rows(TRAFFY)[0].reason == "answered 500"
    bench.fake.broken = False
    for _ in range(4):
        bench.run(minutes=10)
    assert len(bench.fake.tickets) == 1 and bench.rows(TRAFFY)[0].state == RowState.DONE
    assert len([t for t in bench.heard("ศูนย์") if "Traffy Fondue ได้แล้ว" in t]) == 1


def test_tokens_are_renewed_before_they_end_and_when_refused(bench: Bench) -> None:
    number = told(bench)
    bench.run(minutes=58)
    bench.hint(hint_of(number))
    bench.run(minutes=1)
    assert bench.fake.logins == 2
    bench.fake.tokens.clear()
    bench.hint(hint_of(number, "again"))
    bench.run(minutes=1)
    assert bench.fake.logins == 3 and bench.remote().tries == 0


def test_without_credit_it_stops_says_so_and_goes_on_next_month(bench: Bench) -> None:
    bench.fake.credit = 0
    bench.report()
    bench.run()
    (row,) = bench.rows(TRAFFY)
    assert row.state == RowState.PARKED and "credit" in row.reason
    assert len([t for t in bench.heard("ศูนย์") if "หมดแล้ว" in t]) == 1
    before = len(bench.fake.calls)
    bench.run(hours=3)
    assert len(bench.fake.calls) == before
    bench.fake.credit = 5000
    bench.town.wait(days=9)
    bench.run()
    assert len(bench.fake.tickets) == 1


def test_low_credit_is_told_once_a_month(bench: Bench) -> None:
    bench.fake.credit = 150
    number = told(bench)
    bench.hint(hint_of(number))
    bench.run(minutes=5)
    assert len([t for t in bench.heard("ศูนย์") if "เหลือ 149 ครั้ง" in t]) == 1
    assert len([t for t in bench.heard("ศูนย์") if "สิทธิ์เรียกใช้" in t]) == 1


def test_a_ticket_of_our_city_becomes_a_case_and_never_a_second_ticket(bench: Bench) -> None:
    bench.town.settle("ช่าง", RoleName.OFFICIAL, agency="WORKS")
    photo = f"{bench.fake.origin}/photo.jpg"
    bench.fake.add("2026-CITY01", orgs=[{"org_id": "10", "org": "เทศบาล"}], photo=[photo])
    for more in ("a", "a", "b"):
        bench.hint(hint_of("2026-CITY01", more))
        bench.run(minutes=5)
    assert bench.town.cases() == 1
    case = bench.town.case()
    assert (case.lead, case.category, len(case.photos)) == ("WORKS", "road", 1)
    assert list(bench.fake.tickets) == ["2026-CITY01"]
    bench.town.taps("ช่าง", "รับเรื่อง")
    bench.run(minutes=5)
    (entry,) = bench.fake.tickets["2026-CITY01"]["timeline"]
    assert entry["status"] == "กำลังดำเนินการ"
    history = len(bench.town.case().history)
    bench.hint(hint_of("2026-CITY01", "echo"))
    bench.run(minutes=5)
    assert len(bench.town.case().history) == history, "our own note is known as ours"


def test_a_ticket_of_somebody_else_is_left_alone_and_read_once(bench: Bench) -> None:
    bench.fake.add("2026-OTHER1", orgs=[{"org_id": "999", "org": "เมืองอื่น"}])
    for more in ("a", "b"):
        bench.hint(hint_of("2026-OTHER1", more))
        bench.run(minutes=5)
    assert bench.town.cases() == 0 and bench.fake.calls.count("/get-issue/v1") == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"ticket_id": "../x"}', b'{"ticket_id": {}}', b"\xff"])
def test_a_hint_that_names_no_ticket_is_refused(bench: Bench, body: bytes) -> None:
    assert not bench.hint(body)


def test_a_refused_call_is_parked_with_traffys_words_and_the_coordinator_hears_it(bench: Bench) -> None:
    number = told(bench)
    del bench.fake.tickets[number]
    with bench.town.store.writing() as unit:
        row = unit.session.scalars(select(Outbox).where(Outbox.channel == TRAFFY)).one()
        body = {**row.messages[0], "do": "comment"}
        row.messages, row.state = [body], RowState.WAITING
    bench.run(minutes=1)
    assert "ticket_id is not specified" in bench.rows(TRAFFY)[0].reason
    assert any("ยังไม่ถึง" in text for text in bench.heard("ศูนย์"))


def test_secrets_are_in_no_log_and_no_row(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench.fake.broken = True
    bench.report()
    bench.run()
    bench.fake.broken = False
    bench.run(minutes=10)
    kept = str([vars(row) for row in bench.rows(TRAFFY)])
    assert PASSWORD not in caplog.text + kept and "-secret" not in caplog.text + kept


def test_parked_rows_can_be_released(bench: Bench) -> None:
    bench.fake.credit = 0
    bench.report()
    bench.run()
    with bench.town.store.writing() as unit:
        assert outbox.release_parked(unit, bench.rows(TRAFFY)[0].reason) == 1
