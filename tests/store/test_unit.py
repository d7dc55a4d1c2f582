"""Units of work: what several decisions share, and connections that outlive their server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from store import Store, Unit
from store.models import Membership, Person
from store.queries import cases, networks, people
from store.words import Member

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def person(unit: Unit, line_id: str) -> Person:
    row = unit.add(Person(line_id=line_id, created_at=NOW, seen_at=NOW))
    unit.flush()
    return row


def test_case_numbers_taken_for_several_decisions_leave_no_gap(store: Store) -> None:
    with store.writing() as unit:
        unit.decisions = 5
        first = [cases.next_number(unit, 2569) for _ in range(2)]
    with store.writing() as unit:
        unit.decisions = 2
        more = [cases.next_number(unit, 2569) for _ in range(3)]
    with store.writing() as unit:
        alone = cases.next_number(unit, 2569)
    assert [*first, *more, alone] == [1, 2, 3, 4, 5, 6]


def test_case_numbers_of_a_unit_that_failed_are_used_again(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing() as unit:
        unit.decisions = 3
        cases.next_number(unit, 2569)
        raise RuntimeError
    with store.writing() as unit:
        assert cases.next_number(unit, 2569) == 1


def test_a_membership_made_in_a_unit_is_found_in_it_after_looking_up(store: Store) -> None:
    with store.writing() as unit:
        her = person(unit, "Ua")
        networks.look_up(unit, [her.id])
        assert networks.membership(unit, "lights", her.id) is None
        made = networks.enter(
            unit, Membership(network="lights", person_id=her.id, state=Member.INVITED, steps=[])
        )
        assert networks.membership(unit, "lights", her.id) is made


def test_people_looked_up_together_have_the_same_cases_and_networks_as_one_by_one(store: Store) -> None:
    with store.writing() as unit:
        people_ids = [person(unit, name).id for name in ("Ua", "Ub")]
        unit.add(Membership(network="lights", person_id=people_ids[0], state=Member.ACTIVE, steps=[]))
    with store.writing() as together, store.reading() as alone:
        assert sorted(people.look_up(together, ["Ua", "Ub", "Unknown"], [])) == people_ids
        networks.look_up(together, people_ids)
        cases.look_up_open(together, people_ids)
        for number in people_ids:
            one = networks.membership(alone, "lights", number)
            both = networks.membership(together, "lights", number)
            assert (one and one.id) == (both and both.id)
            assert [case.id for case in cases.open_of(together, number)] == [
                case.id for case in cases.open_of(alone, number)
            ]


def test_a_connection_whose_server_cut_it_off_while_it_rested_is_replaced(store: Store) -> None:
    if store.sqlite:
        pytest.skip("a file has no server")
    long_ago = float("-inf")
    event.listen(store.engine, "checkin", lambda _c, entry: entry.info.update(rested_since=long_ago))
    with store.reading() as unit:
        resting = unit.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = Store(store.url)
    with other.reading() as unit:
        unit.session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": resting})
    other.close()
    with store.reading() as unit:
        assert unit.session.execute(text("SELECT pg_backend_pid()")).scalar_one() != resting
