"""Figures of networks whose answers are known by hand."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import networkx
import pytest

from handlers.rules import meetings, network_graph, network_health, ties
from handlers.rules.meetings import Work
from handlers.rules.network_health import Counts
from handlers.rules.sampled_betweenness import sampled
from handlers.rules.ties import Deed
from tests.town import MONDAY

STAR = {("agency:A", f"agency:{c}"): 1.0 for c in "BCDEF"}


def test_a_star_is_as_central_as_can_be_and_a_ring_not_at_all() -> None:
    star = network_graph.shape(STAR)
    assert star.degree_centralisation == pytest.approx(1.0)
    assert star.between_centralisation == pytest.approx(1.0)
    assert star.stage == network_graph.HUB and star.brokers == ("agency:A",)
    ring = network_graph.shape({tuple(sorted((c, d))): 1.0 for c, d in zip("ABCDEF", "BCDEFA", strict=True)})  # type: ignore[misc]
    assert ring.degree_centralisation == ring.between_centralisation == 0.0
    assert ring.density == pytest.approx(6 / 15) and ring.stage == network_graph.MULTI_HUB


def test_pairs_that_know_nobody_else_are_scattered() -> None:
    found = network_graph.shape({("A", "B"): 1.0, ("C", "D"): 1.0, ("E", "F"): 1.0})
    assert (found.components, found.stage) == (3, network_graph.SCATTERED)


def test_a_tight_core_with_a_wide_ring_is_recognised_l8() -> None:
    core = {(a, b): 1.0 for a in "ABCD" for b in "ABCD" if a < b}
    ring = {("ABCD"[i % 4], f"p{i}"): 1.0 for i in range(8)} | {
        ("ABCD"[(i + 1) % 4], f"p{i}"): 1.0 for i in range(8)
    }
    found = network_graph.shape(core | ring)
    assert set(found.core) == set("ABCD") and found.stage == network_graph.CORE


def test_nothing_is_nothing() -> None:
    found = network_graph.shape({})
    assert (found.actors, found.ties, found.density, found.stage) == (0, 0, 0.0, network_graph.SCATTERED)


def test_betweenness_over_arrays_is_that_of_networkx_when_everybody_is_a_pivot() -> None:
    made = networkx.relabel_nodes(networkx.barabasi_albert_graph(80, 2, seed=5), str)
    made.add_node("alone")
    exact = networkx.betweenness_centrality(made)
    assert sampled(made, 80, seed=1) == pytest.approx(exact)


def test_a_tie_counts_half_after_its_half_life() -> None:
    old = MONDAY - timedelta(days=ties.HALF_LIFE_DAYS)
    fresh = ties.weigh([Deed("joint", ("x", "y"), MONDAY)], MONDAY)
    assert ties.weigh([Deed("joint", ("y", "x"), old)], MONDAY)["x", "y"] == pytest.approx(
        fresh["x", "y"] / 2
    )


def test_a_crowd_around_one_case_is_a_star_and_not_a_clique() -> None:
    crowd = Deed("same_case", tuple(f"person:{i}" for i in range(40)), MONDAY)
    assert len(ties.weigh([crowd], MONDAY)) == 39


def test_nobody_is_shown_alone() -> None:
    found = {("agency:A", f"person:{i}"): 1.0 for i in range(9)}
    homes = {f"person:{i}": "X" if i < 6 else "Y" for i in range(9)}
    shown, sizes = ties.grouped(found, homes)
    assert shown == {("agency:A", "area:X"): 6.0} and sizes == {"area:X": 6}


def test_small_areas_are_shown_together_when_they_are_many_enough() -> None:
    found = {("agency:A", f"person:{i}"): 1.0 for i in range(6)}
    shown, sizes = ties.grouped(found, {f"person:{i}": f"area{i % 2}" for i in range(6)})
    assert sizes == {"area:": 6} and set(shown) == {("agency:A", "area:")}


def test_a_figure_of_fewer_than_five_is_not_given() -> None:
    assert network_health.share(4, 4) is None
    assert network_health.share(4, 5) == 0.8
    few = Counts(members=4, active_members=4, cases=4, declined=4, answer_hours=[1, 2, 3, 4])
    assert set(network_health.collaboration(few).values()) == {None}
    assert network_health.network_government(few)["speed_hours"] is None
    assert all(signal.warns is None for signal in network_health.six_causes(few))


@pytest.mark.parametrize(
    ("cause", "bad"),
    [
        ("goals", {"cases": 10, "declined": 3}),
        ("supervision", {"open": 10, "late": 2}),
        ("communication", {"asked": 10, "answered": 5}),
        ("coordination", {"cases": 10, "handed_twice": 1, "reopened": 1}),
        ("data", {"cases": 10, "placeless": 3}),
        ("size", {"members": 300, "representatives": 2}),
    ],
)
def test_each_cause_of_failure_has_its_signal_l23(cause: str, bad: dict[str, int]) -> None:
    signals = {s.cause: s.warns for s in network_health.six_causes(Counts(**bad))}  # type: ignore[arg-type]
    assert [name for name, warns in signals.items() if warns] == [cause]


def test_pairs_work_on_the_same_and_have_no_tie() -> None:
    def work(*places: tuple[str, str]) -> Work:
        return Work(Counter(places))

    here = ("drainage", "KP")
    actors = {"agency:A": work(here), "agency:B": work(here), "agency:C": work(here), "person:1": work(here)}
    found = meetings.choose(actors, {("agency:A", "agency:B"): 1.0})
    assert [(p.a, p.b, p.category, p.area) for p in found] == [("agency:A", "agency:C", *here)]
    assert meetings.choose(actors, {}, known=[("agency:A", "agency:B")])[0].b == "agency:C"
    assert meetings.choose({"agency:A": work(here), "agency:B": work(("waste", "NO"))}, {}) == []
