"""Being forgotten, looked at from the database: no table keeps who she is or what she said."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from handlers.incoming import Kind
from handlers.services import privacy
from store import Store
from store.models import Case, Inbox, Outbox
from store.queries import outbox
from store.words import RoleName, RowState
from tests.kept import kept
from tests.town import MONDAY, Town, words

SECRETS = ("99/123", "081-234-5678", "สมหญิง", "ประตูเขียว")
SAID = "ไฟทางดับหน้าวัดโพนงาม ข้างบ้านเลขที่ 99/123 โทร 081-234-5678 คุณสมหญิง ใจดี"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, names={"ยายสี": "U" + "e" * 32})


def told(town: Town) -> None:
    """Her case is taken, she is asked and answers; the official has seen her words in cards of several kinds."""
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ยายสี")
    town.says("ยายสี", SAID)
    town.taps_data("ยายสี", "do=report.confirm")
    town.taps_data("ช่างต้น", "do=case.accept&case=LOE69-0001")
    town.taps_data("ช่างต้น", "do=case.ask&case=LOE69-0001")
    town.says("ช่างต้น", "หลังไหนคะ")
    town.says("ยายสี", "บ้านประตูเขียว 99/123")
    town.taps_data("ช่างต้น", "do=case.show&case=LOE69-0001")
    town.says("ยายสี", "ขยะล้นถังหน้าตลาด")


def _arrive(town: Town) -> None:
    """Everything in the outbox reaches LINE."""
    with town.store.writing() as unit:
        claimed = outbox.claim(unit, "w1", town.now.timestamp(), town.now, 60.0, 1000)
        while claimed:
            done = [(letter, outbox.Outcome(RowState.DONE, how="push")) for letter in claimed]
            outbox.write(unit, done, town.now.timestamp())
            claimed = outbox.claim(unit, "w1", town.now.timestamp(), town.now, 60.0, 1000)


def test_no_table_keeps_what_she_said(town: Town) -> None:
    told(town)
    _arrive(town)
    with town.store.reading() as unit:
        assert all(kept(unit, secret) for secret in SECRETS)
    town.taps_data("ยายสี", "do=me.forget&sure=1")
    with town.store.reading() as unit:
        assert {secret: kept(unit, secret) for secret in SECRETS} == {secret: [] for secret in SECRETS}


def test_taking_a_message_back_also_blanks_the_answers_that_showed_it_to_officials(town: Town) -> None:
    town.settle("ช่างต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ยายสี")
    town.does("ยายสี", Kind.TEXT, text=SAID, message_id="taken-back")
    town.taps_data("ยายสี", "do=report.confirm")
    town.taps_data("ช่างต้น", "do=case.accept&case=LOE69-0001")
    _arrive(town)
    town.does("ยายสี", Kind.UNSEND, message_id="taken-back")
    with town.store.reading() as unit:
        assert kept(unit, "081-234-5678") == []


def test_no_table_keeps_her_line_id_once_the_farewell_arrived(town: Town) -> None:
    told(town)
    with town.store.writing() as unit:
        decided = {"at_ms": 1, "kind": "message", "received_at": 1.0, "state": "done"}
        unit.add(Inbox(event_id="decided", conversation=town.line_id("ยายสี"), raw=None, **decided))
    _arrive(town)
    farewell = town.taps_data("ยายสี", "do=me.forget&sure=1")
    assert farewell and farewell[0].to == town.line_id("ยายสี")
    _arrive(town)
    with town.store.reading() as unit:
        assert kept(unit, town.line_id("ยายสี")) == []
        assert unit.session.scalars(select(Outbox.state)).all().count(RowState.REMOVED) == 0


def test_who_was_forgotten_may_come_back_as_somebody_new(town: Town) -> None:
    told(town)
    town.taps_data("ยายสี", "do=me.forget&sure=1")
    assert "ยินยอม" in words(town.says("ยายสี", "ถนนเป็นหลุมหน้าโรงเรียนเทศบาล 1"))
    assert "ถนน" in words(town.taps_data("ยายสี", "do=consent&ok=1"))


def test_somebody_who_called_is_forgotten_by_the_cases_code(town: Town) -> None:
    told(town)
    with town.store.writing() as unit:
        case = unit.session.scalars(select(Case)).one()
        report = case.reports[0]
        report.channel, report.contact_name, report.contact_phone = "phone", "สมปอง", "089-111-2222"
        report.contact_consented_at = MONDAY
        assert privacy.export_without_line(unit, case)["reports"][0]["phone"] == "089-111-2222"
        privacy.forget_without_line(unit, case)
    with town.store.reading() as unit:
        assert kept(unit, "สมปอง") == kept(unit, "089-111-2222") == []
        assert "report" not in kept(unit, "081-234-5678") and "case" not in kept(unit, "081-234-5678")
        assert unit.session.scalars(select(Case.status)).one() != "closed"
