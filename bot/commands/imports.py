"""`saan import traffy`: the city's past from the public table of Traffy Fondue."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import FAILED, Fault, opened

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from bot.traffy_table import Ticket
    from handlers.city import CityBook
    from handlers.services.past import Words

SOURCE = "traffy"
BATCH = 500
"""Rows of one transaction: a running service waits for it at most some hundredths of a second."""


def traffy(args: argparse.Namespace) -> int:
    """Read everything once to find every fault, then store; the same file again changes nothing."""
    from handlers.services import past
    from handlers.services import usual as usual_times
    from store.traffy_words import traffy_words

    if not Path(args.file).is_file():
        raise Fault(f"{args.file}: no such file")
    wiring = opened()
    bad = _judge(args.file, args.skip_bad)
    with wiring.store.reading() as unit:
        if not wiring.clockwork.has_city():
            raise Fault("no city is loaded: run `saan seed`", FAILED)
        book = wiring.house.book(unit)
    table = traffy_words()
    words = past.words_of(book, table.types, table.states)
    counted = _store(wiring, args.file, book, words)
    with wiring.store.writing() as unit:
        usual = usual_times.compute_past(unit)
    _say(counted, bad, usual)
    return 0


def _judge(path: str, skip: bool) -> int:
    """How many rows are bad; without ``skip`` the first one is a fault."""
    from bot.traffy_table import BadRow, tickets

    bad = 0
    for number, found in tickets(path):
        if isinstance(found, BadRow):
            bad += 1
            if not skip:
                raise Fault(
                    f"{path} line {number}: {found} (nothing was imported; --skip-bad leaves such rows out)"
                )
    return bad


def _store(wiring: Wiring, path: str, book: CityBook, words: Words) -> Counter[tuple[str, str]]:
    """Store in batches; what was counted: (what, which) → rows."""
    from handlers.services import past

    counted: Counter[tuple[str, str]] = Counter()
    good = _good(path)
    while batch := list(islice(good, BATCH)):
        rows = [past.row_of(book, words, SOURCE, ticket) for ticket in batch]
        with wiring.store.writing() as unit:
            counted["new", ""] += past.save(unit, rows)
        counted["read", ""] += len(batch)
        counted["teach", ""] += sum(row["clear"] for row in rows)
        counted.update(("unknown", name) for ticket in batch for name in words.categories(ticket.types)[1])
        counted.update(("state", row["state"]) for row in rows)
    return counted


def _good(path: str) -> Iterator[Ticket]:
    from bot.traffy_table import Ticket, tickets

    for _, found in tickets(path):
        if isinstance(found, Ticket):
            yield found


def _say(counted: Counter[tuple[str, str]], bad: int, usual: int) -> None:
    read, new = counted["read", ""], counted["new", ""]
    print(f"{read} rows read: {new} new, {read - new} known before; {bad} bad ones left out")
    print(f"{counted['teach', '']} have one clear category: `saan train` learns from them")
    print("states: " + _list(counted, "state"))
    if any(what == "unknown" for what, _ in counted):
        print("kinds not known here: " + _list(counted, "unknown"))
    print(f"usual times known for {usual} categories")


def _list(counted: Counter[tuple[str, str]], what: str, most: int = 12) -> str:
    found = Counter({which: n for (kind, which), n in counted.items() if kind == what})
    return ", ".join(f"{which} {n}" for which, n in found.most_common(most))
