"""Leaders take turns: somebody is asked, says yes or no by a tap, leads until a day, and hands over."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from handlers.rules import terms
from handlers.services import network_show
from handlers.services.showcase import Viewer
from store import Store
from store.models import Appointment, Membership, Poll, Role
from store.words import RoleName
from tests.town import MONDAY, Town

ZONE = ZoneInfo("Asia/Bangkok")


@pytest.fixture
def town(store: Store) -> Town:
    """A representative, a coordinator, and three members who show their names."""
    town = Town(store)
    town.settle("ประสาน", RoleName.COORDINATOR, agency=integrator(town))
    town.settle("ป้าแก้ว", RoleName.REPRESENTATIVE, network=net(town))
    for name in ("ครูแดง", "ลุงคำ", "น้าสา"):
        town.settle(name)
        joins(town, name)
    town.seen.clear()
    return town


def joins(town: Town, name: str, listed: bool = True) -> None:
    town.taps_data(name, f"do=network.join&network={net(town)}")
    if listed:
        town.taps_data(name, f"do=dir.join&network={net(town)}&position=leader&skill=none")
        town.says(name, name)


def book(town: Town):  # type: ignore[no-untyped-def]
    with town.store.reading() as unit:
        return town.house.book(unit)


def net(town: Town) -> str:
    return next(iter(book(town).networks))


def integrator(town: Town) -> str:
    return str(book(town).data.city.integrator)


def member(town: Town, name: str) -> Membership:
    with town.store.reading() as unit:
        person = town.person(name)
        assert person is not None
        query = select(Membership).where(Membership.person_id == person.id, Membership.network == net(town))
        return unit.session.scalars(query).one()


def runs(town: Town, name: str) -> bool:
    """Whether she represents the network now."""
    with town.store.reading() as unit:
        person = town.person(name)
        assert person is not None
        query = select(Role).where(Role.person_id == person.id, Role.name == RoleName.REPRESENTATIVE)
        return any(role.runs(town.now) for role in unit.session.scalars(query))


def asks(town: Town, who: str, name: str, role: str = "ผู้นำร่วม") -> None:
    town.taps_data(who, f"do=lead.new&network={net(town)}")
    town.taps(who, role)
    town.taps(who, name)
    town.taps(who, "12")


def page(town: Town) -> network_show.NetworkPage:
    with town.store.reading() as unit:
        found = network_show.network_page(Viewer(unit, book(town), town.now, "th"), net(town))
        assert found is not None
        return found


def test_l3_a_coordinator_asks_and_the_member_leads_with_her_yes(town: Town) -> None:
    asks(town, "ประสาน", "ครูแดง")
    assert not runs(town, "ครูแดง"), "asking gives nothing yet"
    town.taps("ครูแดง", "ยินดี")
    assert runs(town, "ครูแดง") and member(town, "ครูแดง").role == "colead"
    assert any("ครูแดงรับหน้าที่" in seen.text for seen in town.seen if seen.to == town.line_id("ประสาน"))
    assert [one.role for one in page(town).leaders] == ["colead", "representative"]


def test_nobody_is_named_on_the_page_without_her_yes(town: Town) -> None:
    asks(town, "ประสาน", "ครูแดง")
    town.taps("ครูแดง", "ยินดี")
    assert all(one.name == "" for one in page(town).leaders)
    town.taps("ครูแดง", "ลงชื่อได้")
    assert [one.name for one in page(town).leaders] == ["ครูแดง", ""]
    town.taps_data("ครูแดง", f"do=dir.hide&network={net(town)}")
    assert all(one.name == "" for one in page(town).leaders), (
        "without a name in the directory there is none here"
    )


def test_a_no_needs_no_reason_and_changes_nothing(town: Town) -> None:
    asks(town, "ประสาน", "ครูแดง")
    town.taps("ครูแดง", "ยังไม่สะดวก")
    assert not runs(town, "ครูแดง")
    assert any("ยังไม่สะดวก" in seen.text for seen in town.seen if seen.to == town.line_id("ประสาน"))
    town.taps("ครูแดง", "ยินดี")
    assert not runs(town, "ครูแดง"), "the question has been answered"


@pytest.mark.parametrize("name", ["ลุงคำ", "คนนอก"])
def test_nobody_answers_or_asks_for_others(town: Town, name: str) -> None:
    if name == "คนนอก":
        town.settle(name)
    asks(town, "ประสาน", "ครูแดง")
    with town.store.reading() as unit:
        ref = unit.session.scalars(select(Appointment.ref)).one()
    town.taps_data(name, f"do=lead.answer&ref={ref}&a=yes")
    town.taps_data(
        name, f"do=lead.new&network={net(town)}&role=lead&member={member(town, 'น้าสา').id}&months=12"
    )
    with town.store.reading() as unit:
        assert [one.state for one in unit.session.scalars(select(Appointment))] == ["asked"]


def test_only_members_who_show_their_names_can_be_chosen(town: Town) -> None:
    town.settle("เงียบ")
    joins(town, "เงียบ", listed=False)
    hidden = member(town, "เงียบ").id
    town.taps_data("ประสาน", f"do=lead.new&network={net(town)}&role=lead&member={hidden}&months=12")
    with town.store.reading() as unit:
        assert unit.session.scalars(select(Appointment)).all() == []


def test_a_new_lead_relieves_the_one_before_and_finds_what_waits(town: Town) -> None:
    asks(town, "ประสาน", "ครูแดง", "ผู้นำหลัก")
    town.taps("ครูแดง", "ยินดี")
    asks(town, "ประสาน", "ลุงคำ", "ผู้นำหลัก")
    said = town.taps("ลุงคำ", "ยินดี")
    assert member(town, "ลุงคำ").role == "lead" and member(town, "ครูแดง").role == "member"
    assert runs(town, "ลุงคำ") and not runs(town, "ครูแดง")
    assert any("รับช่วงต่อ" in seen.text for seen in said if seen.to == town.line_id("ครูแดง"))
    assert runs(town, "ป้าแก้ว"), "a representative goes on beside her"


def test_the_network_itself_decides_when_a_representative_proposes(town: Town) -> None:
    asks(town, "ป้าแก้ว", "ครูแดง")
    town.taps("ครูแดง", "ยินดี")
    assert not runs(town, "ครูแดง")
    with town.store.reading() as unit:
        poll = unit.session.scalars(select(Poll)).one()
        number, statement = poll.id, poll.statements[0].id
    for name in ("ป้าแก้ว", "ครูแดง", "ลุงคำ", "น้าสา"):
        town.taps_data(name, f"do=vote&poll={number}&statement={statement}&a=agree")
    town.wait(days=15)
    assert runs(town, "ครูแดง") and member(town, "ครูแดง").role == "colead"


def test_what_the_members_do_not_agree_to_is_told_kindly(town: Town) -> None:
    asks(town, "ป้าแก้ว", "ครูแดง")
    town.taps("ครูแดง", "ยินดี")
    town.wait(days=15)
    assert not runs(town, "ครูแดง")
    assert any("ขอบคุณมากที่ยินดีช่วย" in seen.text for seen in town.seen if seen.to == town.line_id("ครูแดง"))


def test_l3_a_term_that_ends_is_told_a_month_before_and_ends_while_somebody_else_stands(town: Town) -> None:
    asks(town, "ประสาน", "ครูแดง")
    town.taps("ครูแดง", "ยินดี")
    town.wait(days=340)
    told = [seen for seen in town.seen if seen.to == town.line_id("ครูแดง") and "หาคนรับช่วงต่อ" in seen.text]
    assert len(told) == 1
    town.wait(days=30)
    assert not runs(town, "ครูแดง") or not runs(town, "ป้าแก้ว")
    assert runs(town, "ครูแดง") or runs(town, "ป้าแก้ว"), "the last one goes on until somebody follows"


def test_a_question_nobody_answers_is_taken_back_after_two_weeks(town: Town) -> None:
    asks(town, "ประสาน", "ครูแดง")
    town.wait(days=15)
    assert any("พักคำชวน" in seen.text for seen in town.seen if seen.to == town.line_id("ประสาน"))
    town.taps("ครูแดง", "ยินดี")
    assert not runs(town, "ครูแดง")


def test_who_leaves_or_is_forgotten_leads_no_more_and_is_named_nowhere(town: Town) -> None:
    asks(town, "ป้าแก้ว", "ครูแดง")
    town.taps("ครูแดง", "ยินดี")
    town.says("ครูแดง", "ลบข้อมูล")
    town.taps("ครูแดง", "ลบ")
    with town.store.reading() as unit:
        poll = unit.session.scalars(select(Poll)).one()
        assert "ครูแดง" not in poll.question + "".join(one.text for one in poll.statements)
        assert unit.session.scalars(select(Appointment.state)).one() == "void"
    town.wait(days=15)
    assert [one.role for one in page(town).leaders] == ["representative"]


@pytest.mark.parametrize(("months", "last"), [(6, "2027-05-23"), (12, "2027-11-23"), (24, "2028-11-23")])
def test_a_term_ends_with_the_same_day_of_its_last_month(months: int, last: str) -> None:
    found = terms.until(MONDAY, months, ZONE)
    assert (found - timedelta(seconds=1)).astimezone(ZONE).date().isoformat() == last
    assert terms.until(MONDAY.replace(month=8, day=31), 6, ZONE).date().isoformat() == "2027-03-01"


def test_running_the_clock_again_changes_nothing(town: Town) -> None:
    asks(town, "ประสาน", "ครูแดง")
    town.taps("ครูแดง", "ยินดี")
    town.wait(days=370)
    town.run_jobs()
    assert town.wait(until=town.now) == []
