"""What `saan evaluate` does once it is known which messages are measured with which model."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.common import Fault, numbered_lines, print_json, print_table, read_lines
from store.city_data import CATEGORY_CODES

if TYPE_CHECKING:
    from bot.report_card.page import About, Curve
    from nlp import Understanding
    from nlp.evaluation import Judged

    Understand = Callable[[str], Understanding]


def labelled_rows(path: str) -> list[dict[str, Any]]:
    """The labelled messages of a file; a fault names the first line that is wrong."""
    rows = [_labelled(row, f"{path} line {at}") for at, row in numbered_lines(read_lines(path), path)]
    if not rows:
        raise Fault(f"{path}: no rows")
    return rows


def _labelled(row: dict[str, Any], where: str) -> dict[str, Any]:
    from nlp.intent import INTENTS

    acceptable = row.get("acceptable", [])
    fine = isinstance(acceptable, list) and all(isinstance(code, str) for code in acceptable)
    if not isinstance(row.get("text"), str) or not isinstance(row.get("gold"), str) or not fine:
        raise Fault(f'{where}: needs the strings "text" and "gold", and may have a list "acceptable"')
    for code in (row["gold"], *acceptable):
        if code not in CATEGORY_CODES:
            raise Fault(f"{where}: unknown category {code[:40]!r}")
    if row.get("intent") is not None and row["intent"] not in INTENTS:
        raise Fault(f'{where}: "intent" must be one of {", ".join(INTENTS)}')
    if row.get("urgent") not in (None, 0, 1) or not isinstance(row.get("stratum", ""), str):
        raise Fault(f'{where}: "urgent" must be 0 or 1, "stratum" a string')
    return row


def measure(args: argparse.Namespace, understand: Understand, rows: Sequence[dict[str, Any]]) -> int:
    """Measure, print and, when asked, write the page."""
    from bot.report_card.page import About
    from nlp import corpus_version
    from nlp.evaluation import judge

    known = judge(understand, rows)
    return _tell(args, known, About(Path(args.file).name, _today(), corpus_version()))


def held_out(args: argparse.Namespace) -> int:
    """Learn without the held-out part of the corpus and measure on it."""
    from bot.report_card.page import About
    from nlp import corpus_version, read_corpus
    from nlp.evaluation import judge
    from nlp.held_out import labelled, split

    learnt, held = split(read_corpus())
    rows = [labelled(row) for row in held]
    known = judge(_learnt(learnt), rows)
    curve = _curve(learnt, rows, known) if args.report else None
    about = About("nlp/corpus (held-out sixth)", _today(), corpus_version(), len(learnt))
    return _tell(args, known, about, curve)


def _learnt(rows: Sequence[Any]) -> Understand:
    from nlp import Gazetteer, Understander, train

    return Understander(train(rows), Gazetteer([], [])).understand


def _curve(learnt: Sequence[Any], rows: Sequence[dict[str, Any]], all_known: Sequence[Judged]) -> Curve:
    """Trains on growing parts of the rows; the last part is all of them, measured already."""
    from bot.report_card.page import Curve
    from nlp.evaluation import judge
    from nlp.held_out import learning_parts

    parts = learning_parts(learnt)
    judged = [*(judge(_learnt(part), rows) for part in parts[:-1]), all_known]
    codes = sorted({str(row["gold"]) for row in rows})
    shares = {code: [_hits(one for one in known if one.gold == code) for known in judged] for code in codes}
    return Curve([len(part) for part in parts], [_hits(known) for known in judged], shares)


def _hits(known: Iterable[Judged]) -> float:
    hits = [one.hit for one in known]
    return sum(hits) / len(hits)


def _tell(args: argparse.Namespace, known: Sequence[Judged], about: About, curve: Curve | None = None) -> int:
    from bot.report_card.page import line, render
    from nlp.evaluation import figures, summary

    if args.report:
        _write(Path(args.report), render(known, about, args.lang, curve))
    if args.json:
        found = {name: round(value, 4) for name, value in summary(known).items()}
        print_json({**found, "n": len(known)})
    else:
        print_table([("n", len(known)), *map(line, figures(known))])
    return 0


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}") from None


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
