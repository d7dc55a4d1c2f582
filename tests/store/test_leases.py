"""Leases: one holder at a time, for a while."""

from __future__ import annotations

import threading

from store import Store
from store.queries import leases

T0 = 1_000_000.0


def take(store: Store, holder: str, now: float, name: str = "clock") -> bool:
    with store.writing() as unit:
        return leases.take(unit, name, holder, now, 10.0)


def test_only_one_holds_a_lease_until_it_ends(store: Store) -> None:
    assert take(store, "a", T0)
    assert not take(store, "b", T0 + 9)
    assert take(store, "b", T0 + 10)
    assert not take(store, "a", T0 + 11)


def test_the_holder_renews_it(store: Store) -> None:
    assert take(store, "a", T0) and take(store, "a", T0 + 9)
    assert not take(store, "b", T0 + 18)


def test_a_lease_given_back_is_free_at_once_but_only_by_its_holder(store: Store) -> None:
    take(store, "a", T0)
    with store.writing() as unit:
        leases.drop(unit, "clock", "b")
    assert not take(store, "b", T0)
    with store.writing() as unit:
        leases.drop(unit, "clock", "a")
    assert take(store, "b", T0)


def test_living_and_forgotten_leases_by_prefix(store: Store) -> None:
    for name, at in (("worker:1", T0), ("worker:2", T0 - 100), ("work_r:3", T0)):
        take(store, "a", at, name)
    with store.writing() as unit:
        assert leases.alive(unit, "worker:", T0) == ["worker:1"]
        leases.sweep(unit, "worker:", T0 - 50)
        assert leases.until(unit, "worker:2") is None
        assert leases.until(unit, "worker:1") == T0 + 10


def test_of_many_who_want_it_at_once_one_gets_it(store: Store) -> None:
    won: list[str] = []

    def want(name: str) -> None:
        if take(store, name, T0):
            won.append(name)

    threads = [threading.Thread(target=want, args=(f"h{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
