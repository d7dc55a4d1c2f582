"""`saan train` and `saan model`: learn from the city, see the versions, go back to an earlier one."""

from __future__ import annotations

import argparse
import math
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.commands.common import FAILED, Fault, opened, print_json, print_table
from bot.commands.files import numbered_lines, record
from bot.commands.understanding import at_data
from store.city_data import CATEGORY_CODES

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from bot.learning.lessons import Lessons
    from bot.learning.retraining import Result
    from bot.model_shelf import ModelShelf, Version
    from nlp import Row
    from store.queries.peek import Lessons as Given

MOST_ROWS = 300_000
"""Different texts of all added files together."""
MOST_TEXT = 5000
NICE = 10


def train(args: argparse.Namespace) -> int:
    """Retrain on the shipped corpus, corrections, the imported past and added files; promote what is not worse."""
    if args.nightly:
        os.nice(NICE)
    wiring = opened() if args.nightly else at_data(args.data)
    if args.if_missing:
        wiring.shelf.load()
        return 0
    from bot.learning import retraining
    from bot.learning.lessons import MOST_JUDGED
    from store.queries.peek import lessons_if_there

    files = added_rows(args.add)
    if not args.fresh:
        files += kept_rows(wiring)
    given = lessons_if_there(wiring.settings.database_url, MOST_JUDGED)
    try:
        result = retraining.retrain(wiring.shelf, _lessons(given, files))
    except retraining.TrainingBusy as error:
        raise Fault(str(error), FAILED) from None
    if given.newest is not None and not args.data:
        _record(wiring, given.newest, result)
    print(result.words())
    return 0


def added_rows(paths: list[str]) -> list[Row]:
    """The rows of all files, each text once with the category that most of its rows give; a bad row is a fault."""
    votes: dict[str, Counter[tuple[str, float]]] = {}
    for path in paths:
        found = 0
        last, row = "", ("", "", 0.0)
        for number, line in numbered_lines(path):
            if not line.strip():
                continue
            if line != last:  # exports repeat themselves: a row that stands there often is read once
                last, row = line, _row(record(line, f"{path} line {number}"), f"{path} line {number}")
            text, category, weight = row
            votes.setdefault(text, Counter())[category, weight] += 1
            found += 1
            if len(votes) > MOST_ROWS:
                raise Fault(
                    f"{path} line {number}: more than {MOST_ROWS} different texts; take a part of them"
                )
        if not found:
            raise Fault(f"{path}: no rows")
    return [row for text, counted in votes.items() for row in _most(text, counted)]


def _row(given: dict[str, Any], where: str) -> tuple[str, str, float]:
    text, category, weight = given.get("text"), given.get("category"), given.get("weight", 1.0)
    if not isinstance(text, str) or not isinstance(category, str):
        raise Fault(f'{where}: a row needs the strings "text" and "category"')
    if category not in CATEGORY_CODES:
        raise Fault(f"{where}: unknown category {category[:40]!r}")
    if not text.strip():
        raise Fault(f"{where}: the text is empty")
    fine = isinstance(weight, int | float) and not isinstance(weight, bool) and math.isfinite(weight)
    if not fine or not 0 < weight <= 1:
        raise Fault(f'{where}: "weight" must be above 0 and at most 1')
    return text.strip()[:MOST_TEXT].encode("utf-8", "ignore").decode("utf-8"), category, float(weight)


def _most(text: str, counted: Counter[tuple[str, float]]) -> list[Row]:
    """The row of a text; none when its rows contradict each other evenly."""
    from nlp import Row

    by_category: Counter[str] = Counter()
    for (category, _), count in counted.items():
        by_category[category] += count
    (best, n), *others = by_category.most_common(2)
    if others and others[0][1] == n:
        return []
    return [Row(text, best, weight=max(weight for (category, weight) in counted if category == best))]


def kept_rows(wiring: Wiring) -> list[Row]:
    """Rows of files that the version in use learnt from."""
    from nlp import Row

    rows = []
    for number, given in enumerate(wiring.shelf.rows(), 1):
        text, category, weight = _row(given, f"kept row {number}")
        rows.append(Row(text, category, weight=weight))
    return rows


def _lessons(given: Given, files: list[Row]) -> Lessons:
    """What the database gives and the rows of files, in the words of training."""
    from bot.learning.lessons import Lessons, Taught
    from nlp import Row

    return Lessons(
        corrections=[Taught(*row) for row in given.corrections if row.category in CATEGORY_CODES],
        files=files,
        history=[Row(text, category) for text, category in given.past if category in CATEGORY_CODES],
    )


def _record(wiring: Wiring, newest: int, result: Result) -> None:
    """Note that everything up to the correction ``newest`` has been learnt from (or was not worth it)."""
    from store.models import Training

    at = wiring.clockwork.city_now()
    with wiring.store.writing() as unit:
        unit.add(Training(at=at, up_to=newest, version=result.version, words=result.words()))


# --- versions


def versions(args: argparse.Namespace) -> int:
    """Every version with its figures; the one in use has a star."""
    shelf = at_data(args.data).shelf
    used = shelf.in_use()
    found = [{"version": "shipped", "in_use": used == "shipped", "state": "", "what": "the corpus alone"}]
    found += [_version(shelf, one, used) for one in shelf.versions()]
    if args.json:
        print_json(found)
        return 0
    titles = ("", "version", "when", "score", "before", "state", "learnt from")
    print_table([titles, *(_table_row(row) for row in found)])
    return 0


def _version(shelf: ModelShelf, one: Version, used: str) -> dict[str, Any]:
    about = one.about
    state = "rolled back" if about.get("withdrawn") else "" if shelf.fits(one.name) else "of another release"
    return {
        "version": one.name,
        "in_use": one.name == used,
        "at": about.get("at"),
        "score": about.get("score"),
        "score_before": about.get("score_before"),
        "state": state,
        "what": (
            f"{about.get('corpus_rows', '?')} corpus, {about.get('corrections', 0)} corrections,"
            f" {about.get('file_rows', 0)} of files, {about.get('history_rows', 0)} of the past"
        ),
    }


def _table_row(row: dict[str, Any]) -> tuple[object, ...]:
    figures = [
        row.get(name) if row.get(name) is not None else "-" for name in ("at", "score", "score_before")
    ]
    return ("*" if row["in_use"] else " ", row["version"], *figures, row["state"] or "-", row["what"])


def rollback(args: argparse.Namespace) -> int:
    """Use an earlier version again; running services take it up by themselves."""
    from bot.model_shelf import UnknownVersion

    try:
        name = at_data(args.data).shelf.roll_back(args.version)
    except UnknownVersion as error:
        raise Fault(str(error)) from None
    print(f"in use: {name}")
    return 0
