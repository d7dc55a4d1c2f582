"""The city in figures: what counts as open, overdue, fixed and kept, and what is too little to be told."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.rules import city_figures as rules
from handlers.rules.city_figures import CaseFacts, Promised
from handlers.services import city_figures
from handlers.talk import Scene
from scheduler.jobs import JOBS
from scheduler.steps import Clockwork
from store import Store
from store.queries import showcase
from store.words import Status
from tests import many_cases
from tests.town import BANGKOK, MONDAY, Town

DAY = timedelta(days=1)


def case(number: int, status: str = Status.ACCEPTED, **more: object) -> CaseFacts:
    plain = {
        "category": "road",
        "area": "420101",
        "lead": "WORKS",
        "network": "ROADS",
        "opened_at": MONDAY - 10 * DAY,
    }
    empty = dict.fromkeys(("accepted_at", "done_at", "rating", "lat", "lon"))
    return CaseFacts(id=number, status=status, **{**plain, **empty, **more})  # type: ignore[arg-type]


def fixed(number: int, hours: float, **more: object) -> CaseFacts:
    opened = MONDAY - 10 * DAY
    return case(
        number,
        Status.CLOSED,
        opened_at=opened,
        done_at=opened + timedelta(hours=hours),
        **{"rating": 4, **more},
    )


def told(*cases: CaseFacts, late: set[int] = frozenset(), promised: tuple[Promised, ...] = ()) -> dict:  # type: ignore[assignment,type-arg]
    return rules.figures(cases, late, promised, MONDAY, BANGKOK, {"road"})


def test_open_overdue_and_fixed_are_told_apart() -> None:
    found = told(case(1), case(2), fixed(3, 5), late={2, 3})
    assert (found["open"], found["overdue"], found["fixed"], found["reported"]) == (2, 1, 1, 3)


def test_what_was_fixed_more_than_a_year_ago_is_not_counted() -> None:
    long_ago = MONDAY - 500 * DAY
    found = told(case(1, Status.CLOSED, opened_at=long_ago, done_at=long_ago + DAY))
    assert (found["fixed"], found["reported"], found["open"]) == (0, 0, 0)


def test_the_median_and_the_time_of_nine_in_ten() -> None:
    found = told(*(fixed(n, hours=n) for n in range(1, 11)))
    assert found["fix"] == {"median": 5.5, "p90": 9.0, "n": 10}
    assert found["stars"] == 4.0


def test_fewer_than_five_cases_give_no_time_no_mean_and_no_share() -> None:
    ended = Promised(1, "kept", MONDAY - DAY)
    found = told(*(fixed(n, hours=n) for n in range(1, 5)), promised=(ended,) * 4)
    assert found["fix"] is None and found["stars"] is None and found["kept_share"] is None
    assert found["kept"] == 4


def test_promises_count_for_the_city_the_month_and_everything_the_case_belongs_to() -> None:
    ended = [Promised(1, state, MONDAY - DAY) for state in ("kept", "kept", "kept", "kept", "broken")]
    found = told(case(1), case(2, lead="POLICE"), promised=tuple(ended))
    assert found["kept_share"] == found["by"]["lead"]["WORKS"]["kept_share"] == 0.8
    assert found["by"]["lead"]["POLICE"]["kept"] == 0
    assert found["months"][-1]["kept"] == 4 and found["months"][-2]["kept"] == 0


def test_months_are_those_of_the_city_and_not_of_greenwich() -> None:
    last_evening = datetime(2026, 10, 31, 23, 30, tzinfo=BANGKOK)
    first_morning = datetime(2026, 11, 1, 0, 30, tzinfo=BANGKOK)
    found = told(case(1, opened_at=last_evening), case(2, opened_at=first_morning))
    assert [(row["month"], row["reported"]) for row in found["months"][-2:]] == [
        ("2026-10", 1),
        ("2026-11", 1),
    ]


def test_the_map_counts_places_and_leaves_out_what_is_told_in_confidence() -> None:
    here = {"lat": 17.4861, "lon": 101.7222}
    found = told(case(1, **here), fixed(2, 3, **here), case(3, category="drugs", **here), case(4))
    assert [cell[2:] for cell in found["cells"]] == [[1, 1]]
    assert abs(found["cells"][0][0] - here["lat"]) <= rules.CELL


def test_a_small_city_counts_at_once(store: Store) -> None:
    town = Town(store)
    many_cases.write(store, town.now, [{}, {"status": Status.REJECTED}, {"status": Status.MERGED}])
    with store.reading() as unit:
        at, found = city_figures.current(unit, town.now, BANGKOK)
    assert (at, found["open"]) == (town.now, 1)


def test_a_large_city_is_counted_by_the_clock_once_in_a_while(store: Store) -> None:
    town = Town(store)
    many_cases.write(store, town.now, [{}] * 3, first=city_figures.COUNTED_AT_ONCE)
    many_cases.promise(store, city_figures.COUNTED_AT_ONCE, "running", town.now - DAY)
    job = next(job for job in JOBS if job.name == city_figures.JOB)

    def count(_go_on: object) -> int:
        return city_figures.count_ahead(store, town.house, lambda: True)

    work = Clockwork(store, town.house, "test", {city_figures.JOB: count})
    assert [work.run(job, town.now), work.run(job, town.now)] == [1, 0]
    many_cases.write(store, town.now, [{}], first=5_000)
    with store.reading() as unit:
        at, found = city_figures.current(unit, town.now, BANGKOK)
        assert (found["open"], found["overdue"], at) == (3, 1, town.now)
        later = Scene(town.house, unit, town.now + city_figures.FRESH, 0.0)
        assert city_figures.due(later) == 1
        assert showcase.summary(unit, "nothing") is None
