"""Looking for similar cases costs the same however many cases there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from store import Store, Unit
from store.models import Case, Trace
from store.queries import traces
from store.words import Status

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEYS = [f"{row}:{column}/road" for row in range(3) for column in range(3)]


def new_case(store: Store, code: str = "LOE69-0001", status: Status = Status.NEW) -> int:
    with store.writing() as unit:
        row = Case(
            code=code, status=status, category="road", text="", public_text="", opened_at=NOW, changed_at=NOW
        )
        unit.add(row)
        unit.flush()
        return row.id


def fill(store: Store, case_id: int, count: int) -> None:
    """``count`` traces: every hundredth under a key that is asked for, the rest elsewhere."""
    rows = [
        {
            "case_id": case_id,
            "kind": "place",
            "key": KEYS[n // 100 % len(KEYS)] if n % 100 == 0 else f"{n}:7/road",
            "ends_at": NOW - timedelta(hours=n % 5000),
        }
        for n in range(count)
    ]
    with store.writing() as unit:
        unit.session.execute(insert(Trace), rows)
    with store.writing() as unit:
        unit.session.execute(text("ANALYZE"))


def explained(store: Store, how: str) -> list[Any]:
    """What the engine says of the lookup that is really asked."""
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    with store.reading() as unit:
        traces.found(unit, KEYS, NOW - timedelta(days=180))
        words, values = next(pair for pair in asked if "trace" in pair[0])
        return list(unit.session.connection().exec_driver_sql(f"{how} {words}", values))


def steps(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(step for child in node.get("Plans", []) for step in steps(child))]


def test_only_a_few_rows_of_each_key_are_read(store: Store) -> None:
    fill(store, new_case(store), 30_000)
    if store.sqlite:
        words = [row[-1] for row in explained(store, "EXPLAIN QUERY PLAN")]
        read = [word for word in words if "trace" in word]
        assert len(read) == len(KEYS)
        assert all("INDEX ix_trace_key_ends (key=? AND ends_at>?)" in word for word in read)
        sorts = [word for word in words if "B-TREE" in word]
        assert len(sorts) <= 2, "the newest come out of the index; only the few found are grouped and sorted"
        return
    plan = explained(store, "EXPLAIN (ANALYZE, FORMAT JSON)")[0][0]
    read = [
        step
        for step in steps(plan[0]["Plan"])
        if step.get("Relation Name", step.get("Index Name")) == "trace"
    ]
    assert {step["Index Name"] for step in read} == {"ix_trace_key_ends"}
    rows = sum(step["Actual Rows"] * step["Actual Loops"] for step in read)
    assert rows <= len(KEYS) * traces.MOST_PER_KEY


def kept(unit: Unit, case_id: int) -> Case:
    case = unit.get(Case, case_id)
    assert case is not None
    return case


def test_one_question_finds_all_keys(store: Store) -> None:
    case_id = new_case(store)
    with store.writing() as unit:
        traces.lay(unit, kept(unit, case_id), "place", KEYS[4:5])
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    with store.reading() as unit:
        assert [c.id for c in traces.found(unit, KEYS, NOW)] == [case_id]
    assert len([words for words in asked if words.lstrip().startswith("SELECT")]) == 2


def test_of_many_alike_words_those_that_share_the_most_marks_are_compared(store: Store) -> None:
    marks = [f"-/road/{n}" for n in range(6)]
    numbers = [new_case(store, f"LOE69-{n:04}") for n in range(1, 31)]
    with store.writing() as unit:
        for at, number in enumerate(numbers):
            traces.lay(unit, kept(unit, number), "words", marks if at == 3 else marks[at % 6 : at % 6 + 1])
    with store.reading() as unit:
        found = [row.id for row in traces.found(unit, marks, NOW)]
    assert numbers[3] in found and len(found) == traces.MOST_BY_WORDS


def test_a_closed_case_is_found_for_a_while_and_an_open_one_always(store: Store) -> None:
    case_id = new_case(store, status=Status.CLOSED)
    with store.writing() as unit:
        traces.lay(unit, kept(unit, case_id), "place", KEYS[:1])
        traces.end(unit, case_id, NOW)

    def found(days: int) -> int:
        with store.reading() as unit:
            return len(traces.found(unit, KEYS, NOW + timedelta(days=days) - timedelta(days=30)))

    assert (found(29), found(31)) == (1, 0)
    with store.writing() as unit:
        traces.end(unit, case_id)
    assert found(3000) == 1


@pytest.mark.parametrize("status", [Status.REJECTED, Status.MERGED])
def test_a_rejected_or_merged_case_is_not_found(store: Store, status: Status) -> None:
    case_id = new_case(store, status=status)
    with store.writing() as unit:
        traces.lay(unit, kept(unit, case_id), "place", KEYS[:1])
    with store.reading() as unit:
        assert traces.found(unit, KEYS, NOW) == []


def test_traces_are_laid_anew_by_kind(store: Store) -> None:
    case_id = new_case(store)
    with store.writing() as unit:
        traces.lay(unit, kept(unit, case_id), "place", KEYS[:1])
        traces.lay(unit, kept(unit, case_id), "words", ["-/road/0abc"])
        traces.lay(unit, kept(unit, case_id), "place", KEYS[1:2])
    with store.reading() as unit:
        assert traces.found(unit, KEYS[:1], NOW) == []
        assert len(traces.found(unit, KEYS[1:2], NOW)) == len(traces.found(unit, ["-/road/0abc"], NOW)) == 1
    with store.writing() as unit:
        traces.drop(unit, case_id, "words")
    with store.reading() as unit:
        assert traces.found(unit, ["-/road/0abc"], NOW) == []
