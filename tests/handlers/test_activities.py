"""Activities in a whole town, on both databases."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from handlers.incoming import Kind
from handlers.services import activities, gatherings, reports
from handlers.talk import Scene
from store import Store
from store.models import Activity, Outbox, Person, Photo, Signup
from store.queries import activities as rows
from store.words import RoleName
from tests.town import MONDAY, Town, words

GREEN = "GREEN"
SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=MONDAY.tzinfo)


class Net:
    """A town with a network, its representative, and members."""

    def __init__(self, store: Store, members: int = 3) -> None:
        self.town, self.store = Town(store), store
        self.town.settle("ครูฝน", RoleName.REPRESENTATIVE, network=GREEN)
        self.members = [f"สมาชิก{i}" for i in range(1, members + 1)]
        for name in self.members:
            self.town.settle(name)
            self.town.taps_data(name, f"do=network.join&network={GREEN}")

    def call(self, most: str = "ไม่จำกัด", kind: str = "สภากาแฟ", case: str = "") -> int:
        """Prepare an activity and call the members; gives its id."""
        town = self.town
        town.taps_data("ครูฝน", f"do=activity.new&network={GREEN}" + (f"&case={case}" if case else ""))
        town.taps("ครูฝน", kind)
        for said in ("กาแฟคุยเรื่องขยะ", "เสาร์นี้ 9 โมง", "ศาลาวัด"):
            town.says("ครูฝน", said)
        town.taps("ครูฝน", most) if most == "ไม่จำกัด" else town.says("ครูฝน", most)
        town.taps("ครูฝน", "กองสาธารณสุข")
        town.taps("ครูฝน", "ชวนสมาชิก")
        return self.all()[0].id

    def all(self) -> list[Activity]:
        with self.store.reading() as unit:
            return rows.of_network(unit, GREEN)

    def states(self) -> dict[str, str]:
        with self.store.reading() as unit:
            query = select(Person.line_id, Signup.state).join(Signup, Signup.person_id == Person.id)
            return {self.town.name_of(line or ""): state for line, state in unit.session.execute(query)}

    def pushes(self, name: str, purpose: str = "activity") -> list[str]:
        to = self.town.line_id(name)
        return [s.text for s in self.town.seen if (s.to, s.how, s.purpose) == (to, "push", purpose)]

    def data(self) -> dict[str, object]:
        with self.store.reading() as unit:
            book = self.town.house.book(unit)
            return reports.network(unit, book, book.networks[GREEN], self.town.now)["activities"][0]


@pytest.fixture
def net(store: Store) -> Net:
    return Net(store)


# --- L15: forums and coffee councils, from the call to the minutes


def test_l15_members_are_called_once_each_as_often_as_they_want_to_hear(net: Net) -> None:
    net.town.taps_data("สมาชิก3", "do=digest.freq&network=GREEN&every=off")
    net.call()
    assert "ศาลาวัด" in net.pushes("สมาชิก1")[0] and "ส. 28 พ.ย. 09:00" in net.pushes("สมาชิก1")[0]
    net.town.wait(hours=1)
    net.town.wait(days=1)
    assert [len(net.pushes(name)) for name in net.members] == [1, 1, 0]
    net.town.says("สมาชิก3", "เครือข่าย")
    net.town.taps("สมาชิก3", "กิจกรรม: กาแฟ")
    net.town.taps("สมาชิก3", "ไปด้วย")
    assert net.states()["สมาชิก3"] == "going"


def test_l15_minutes_and_pictures_are_sent_back_with_thanks_to_those_who_came(net: Net) -> None:
    one = net.call()
    for name in ("สมาชิก1", "สมาชิก2"):
        net.town.taps_data(name, f"do=activity.join&activity={one}")
    net.town.wait(until=SATURDAY)
    net.town.taps_data("สมาชิก1", f"do=activity.here&activity={one}")
    net.town.wait(hours=3)
    net.town.taps("ครูฝน", "ส่งสรุปและรูป")
    net.town.says("ครูฝน", "ตกลงแยกขยะทุกวันพุธ สอบถาม 081-234-5678")
    net.town.sends("ครูฝน", Kind.PHOTO)
    net.town.taps("ครูฝน", "ส่งให้ทุกคน")
    came, missed = net.pushes("สมาชิก1")[-1], net.pushes("สมาชิก2")[-1]
    assert "ขอบคุณที่มา" in came and "แยกขยะทุกวันพุธ" in came and "081" not in came and "(รูป)" in came
    assert "มีคนมา 1 คน" in missed and "แยกขยะทุกวันพุธ" in missed
    assert net.pushes("สมาชิก3")[-1].startswith("ชวน"), "who did not sign up is not bothered"
    with net.store.reading() as unit:
        held = list(unit.session.scalars(select(Outbox.state).where(Outbox.photo_id.is_not(None))))
        assert (
            held
            and set(held) == {"held"}
            and unit.session.scalar(select(func.count()).select_from(Photo)) == 1
        )
    found = net.data()
    assert (found["state"], found["came"], found["photos"]) == ("done", 1, 1)


def test_l15_the_reminder_comes_the_day_before_at_five_to_those_who_have_a_place(net: Net) -> None:
    one = net.call("1")
    net.town.taps_data("สมาชิก1", f"do=activity.join&activity={one}")
    assert net.states() == {"ครูฝน": "going", "สมาชิก1": "waiting"}
    net.town.wait(until=SATURDAY.replace(day=27, hour=16, minute=59))
    assert not any("พรุ่งนี้เจอกัน" in said for said in net.pushes("ครูฝน"))
    net.town.wait(minutes=1)
    net.town.wait(hours=2)
    assert sum("พรุ่งนี้เจอกัน" in said for said in net.pushes("ครูฝน")) == 1
    assert not any("พรุ่งนี้เจอกัน" in said for said in net.pushes("สมาชิก1"))


def test_the_check_in_code_works_on_the_day_for_members_and_only_the_newest(net: Net) -> None:
    one = net.call()
    assert "สองชั่วโมงก่อน" in words(net.town.taps_data("ครูฝน", f"do=activity.code&activity={one}"))
    net.town.wait(until=SATURDAY - timedelta(hours=1))

    def code() -> str:
        said = words(net.town.taps_data("ครูฝน", f"do=activity.code&activity={one}"))
        return next(word for word in said.split() if len(word) == 4 and word.isdigit())

    old = code()
    new = code()
    while new == old:
        new = code()
    assert "ไม่ตรง" in words(net.town.says("สมาชิก1", old))
    assert "ยินดีที่มา" in words(net.town.says("สมาชิก1", new))
    assert "จดไว้แล้ว" in words(net.town.says("สมาชิก1", new))
    net.town.settle("คนนอก")
    assert "ยินดีที่มา" not in words(net.town.says("คนนอก", new))
    with net.store.reading() as unit:
        kept = unit.session.scalars(select(Activity.code_hash)).one()
        assert kept is not None and new not in kept
    assert net.data()["came"] == 1


def test_guessing_codes_is_slowed(net: Net) -> None:
    one = net.call()
    net.town.wait(until=SATURDAY)
    net.town.taps_data("ครูฝน", f"do=activity.code&activity={one}")
    with net.store.writing() as unit:
        unit.get(Activity, one).code_hash = "x"  # type: ignore[union-attr]
    said = [words(net.town.says("สมาชิก1", f"{n:04d}")) for n in range(7)]
    assert sum("ไม่ตรง" in text for text in said) == 5 and "พักหนึ่งชั่วโมง" in said[-1]


def test_four_digits_on_an_ordinary_day_are_an_ordinary_message(net: Net) -> None:
    net.call()
    assert "รหัส" not in words(net.town.says("สมาชิก1", "1234"))


# --- places


def test_the_waiting_list_moves_up_in_order_and_is_told(net: Net) -> None:
    one = net.call("2")
    for name in net.members:
        net.town.taps_data(name, f"do=activity.join&activity={one}")
    assert list(net.states().values()) == ["going", "going", "waiting", "waiting"]
    net.town.taps_data("สมาชิก1", f"do=activity.leave&activity={one}")
    assert net.states() == {"ครูฝน": "going", "สมาชิก1": "left", "สมาชิก2": "going", "สมาชิก3": "waiting"}
    assert "มีที่ว่างแล้ว" in net.pushes("สมาชิก2")[-1] and len(net.pushes("สมาชิก3")) == 1
    net.town.taps_data("สมาชิก2", "do=network.leave&network=GREEN")
    assert net.states()["สมาชิก3"] == "going"


def test_who_is_forgotten_gives_her_place_to_the_next(net: Net) -> None:
    one = net.call("2")
    for name in net.members[:2]:
        net.town.taps_data(name, f"do=activity.join&activity={one}")
    net.town.taps_data("สมาชิก1", "do=me.forget&sure=1")
    assert net.states()["สมาชิก2"] == "going" and "มีที่ว่างแล้ว" in net.pushes("สมาชิก2")[-1]


def test_two_who_sign_up_at_once_for_the_last_place_do_not_both_get_it(store: Store) -> None:
    net = Net(store, 6)
    one = net.call("3")
    with store.reading() as unit:
        ids = [
            unit.session.scalar(select(Person.id).where(Person.line_id == net.town.line_id(name)))
            for name in net.members
        ]
    barrier = threading.Barrier(len(ids))

    def sign_up(person_id: int) -> None:
        barrier.wait()
        with store.writing() as unit:
            scene = Scene(net.town.house, unit, net.town.now, net.town.now.timestamp())
            found, person = rows.activity(unit, one), unit.get(Person, person_id)
            assert found and person
            activities.join(scene, found, person)

    threads = [threading.Thread(target=sign_up, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = list(net.states().values())
    assert (states.count("going"), states.count("waiting")) == (3, 4)


# --- changes, cancelling, odd things


def test_a_change_and_a_cancellation_are_told_once_to_those_on_the_list(net: Net) -> None:
    one = net.call()
    net.town.taps_data("สมาชิก1", f"do=activity.join&activity={one}")
    net.town.taps_data("ครูฝน", f"do=activity.change&activity={one}&what=when")
    net.town.says("ครูฝน", "อาทิตย์นี้ บ่ายสอง")
    assert "อา. 29 พ.ย. 14:00" in net.pushes("สมาชิก1")[-1] and len(net.pushes("สมาชิก2")) == 1
    net.town.taps_data("ครูฝน", f"do=activity.cancel&activity={one}")
    assert net.all()[0].state == "open", "it is asked once more"
    net.town.taps("ครูฝน", "งดกิจกรรม")
    net.town.taps_data("ครูฝน", f"do=activity.cancel&activity={one}&sure=1")
    assert sum("งดแล้ว" in said for said in net.pushes("สมาชิก1")) == 1
    assert "งดแล้ว" in words(net.town.taps_data("สมาชิก2", f"do=activity.join&activity={one}"))
    net.town.wait(days=6)
    assert not any("พรุ่งนี้เจอกัน" in said for said in net.pushes("สมาชิก1"))


@pytest.mark.parametrize(
    ("step", "said", "answer"),
    [
        (1, "เมื่อไรดี", "อ่านวันไม่ออก"),
        (1, "เสาร์หน้า", "กี่โมง"),
        (1, "1/1/2560 9.00", "ผ่านไปแล้ว"),
        (3, "สิบกว่าคน", "เป็นตัวเลข"),
        (3, "99999999", "เป็นตัวเลข"),
        (0, "ก" * 121, "ยาวไปนิด"),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_for_again(net: Net, step: int, said: str, answer: str) -> None:
    net.town.taps_data("ครูฝน", "do=activity.new&network=GREEN")
    net.town.taps("ครูฝน", "สภากาแฟ")
    for good in ("กาแฟ", "เสาร์นี้ 9 โมง", "ศาลาวัด")[:step]:
        net.town.says("ครูฝน", good)
    assert answer in words(net.town.says("ครูฝน", said))


FOREIGN = """
activity.show&activity={one} activity.join&activity={one} activity.leave&activity={one}
activity.here&activity={one} activity.start&activity={one} activity.panel&activity={one}
activity.change&activity={one}&what=when activity.cancel&activity={one}&sure=1 activity.code&activity={one}
activity.report&activity={one} activity.finish&activity={one} activity.solved&activity={one}&ok=1
activity.drop&activity={one} activity.join&activity=x activity.show
"""


def test_nobody_outside_sees_inside_or_changes_anything(net: Net) -> None:
    one = net.call()
    net.town.settle("คนนอก")
    net.town.settle("ตัวแทนอื่น", RoleName.REPRESENTATIVE, network="ROADS")
    before = net.states()
    for who in ("คนนอก", "ตัวแทนอื่น"):
        for data in FOREIGN.split():
            seen = net.town.taps_data(who, "do=" + data.format(one=one))
            assert len(seen) == 1 and "ไม่พบกิจกรรมนี้" in words(seen), (who, data)
        assert "ตัวแทน" in words(net.town.taps_data(who, "do=activity.new&network=GREEN"))
        assert "เก่า" in words(net.town.taps_data(who, f"do=activity.set&activity={one}&most=1"))
    assert net.states() == before and net.all()[0].state == "open"


def test_a_member_cannot_do_what_the_representative_does(net: Net) -> None:
    one = net.call()
    for do in ("cancel&sure=1", "change&what=when", "code", "report", "finish", "panel", "solved&ok=1"):
        name, _, more = do.partition("&")
        said = words(net.town.taps_data("สมาชิก1", f"do=activity.{name}&activity={one}&{more}"))
        assert "ไม่พบกิจกรรมนี้" in said, do
    assert net.all()[0].state == "open"


# --- L16: communities act by themselves


def test_l16_an_activity_can_solve_a_case_and_its_lead_agency_hears_it(net: Net) -> None:
    net.town.settle("พี่กวาด", RoleName.OFFICIAL, agency="CLEAN")
    net.town.says("สมาชิก1", "ขยะล้นถังหน้าวัดโพนงามส่งกลิ่นเหม็นมาก")
    net.town.taps("สมาชิก1", "ส่งเรื่อง")
    case = net.town.case()
    assert (case.network, case.lead) == (GREEN, "CLEAN")
    one = net.call(kind="ช่วยกันทำ", case=case.code)
    net.town.wait(until=SATURDAY + timedelta(hours=1))
    net.town.taps_data("ครูฝน", f"do=activity.report&activity={one}")
    net.town.says("ครูฝน", "เก็บหมดแล้ว")
    net.town.taps("ครูฝน", "ส่งให้ทุกคน")
    net.town.taps("ครูฝน", "แก้เสร็จแล้ว")
    told = [said for said in net.pushes("พี่กวาด", "card") if "ชุมชนช่วยกันแก้แล้ว" in said]
    assert len(told) == 1 and "เก็บหมดแล้ว" in told[0]
    net.town.taps_data("ครูฝน", f"do=activity.solved&activity={one}&ok=1")
    assert [row.kind for row in net.town.case(case.code).history].count("activity") == 1
    assert net.town.case(case.code).status == "offered", "only the agency and the reporter close a case"


# --- L19: at least twice a year, with rotating hosts


def test_l19_a_network_that_did_nothing_for_half_a_year_hears_whose_turn_it_is(net: Net) -> None:
    net.town.wait(days=181)
    assert not any("ครึ่งปี" in said for said in net.pushes("ครูฝน", "reminder"))
    net.town.wait(days=2)
    net.town.wait(days=1)
    (said,) = [said for said in net.pushes("ครูฝน", "reminder") if "ครึ่งปี" in said]
    assert "กองสาธารณสุข" in said
    assert "อยากชวนทำอะไร" in words(net.town.taps("ครูฝน", "ชวนทำกิจกรรม"))


def test_l19_an_activity_within_the_half_year_keeps_the_reminder_away(net: Net) -> None:
    net.call()
    net.town.wait(days=183)
    assert not any("ครึ่งปี" in said for said in net.pushes("ครูฝน", "reminder"))


def test_l19_after_one_has_hosted_the_next_is_proposed(net: Net) -> None:
    net.call()
    net.town.taps_data("ครูฝน", "do=activity.new&network=GREEN")
    net.town.taps("ครูฝน", "สภากาแฟ")
    for said in ("อีกครั้ง", "เสาร์หน้า 9 โมง", "ศาลาวัด", "20"):
        seen = net.town.says("ครูฝน", said)
    assert "ถึงคิว ครูฝน" in words(seen)


def test_running_the_clock_twice_at_one_instant_does_nothing_more(net: Net) -> None:
    one = net.call()
    net.town.taps_data("สมาชิก1", f"do=activity.join&activity={one}")
    for days in (0.5, 4.4, 5.2, 20, 200):
        with net.store.writing() as unit:
            now = MONDAY + timedelta(days=days)
            scene = Scene(net.town.house, unit, now, now.timestamp())
            gatherings.run(scene)
            unit.flush()
            assert gatherings.run(scene) == 0
    assert net.all()[0].state == "done", "without a word it ends by itself"
