"""`saan demo`: plays half a year of the demo city, and leaves a city worth exploring in the simulator."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.commands.common import FAILED, Fault, print_json, wired

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from bot.demo.play import Measure


def demo(args: argparse.Namespace) -> int:
    """Print what became of everything. The database must hold no case yet: a play is no place for real people."""
    from bot.commands.service import build_model
    from bot.demo.play import Play, today
    from store import schema

    wiring = wired()
    if not wiring.settings.simulator:
        raise Fault("the play needs the simulator: unset LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN")
    schema.migrate(wiring.settings.database_url)
    if not wiring.clockwork.has_city():
        from bot.commands.city import DEMO, load

        load(wiring, DEMO)
    _refuse_life(wiring)
    build_model(wiring)
    started = time.monotonic()
    measure = _measure(args)
    end = _instant(args.until, wiring) if args.until else today(wiring.settings.zone)
    play = Play(wiring, measure, args.seed, end, lambda line: print(line, file=sys.stderr, flush=True))
    sends = play.run()
    print_json(_summary(wiring, measure, args.seed, sends, datetime.fromtimestamp(end, UTC)))
    print(f"played in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return 0


def _instant(text: str, wiring: Wiring) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Fault(f"--until {text!r}: {error}") from None
    return (at if at.tzinfo else at.replace(tzinfo=wiring.settings.zone)).timestamp()


def _measure(args: argparse.Namespace) -> Measure:
    from bot.demo.play import Measure

    if not (1 <= args.days <= 730 and 1 <= args.citizens <= 20_000 and 0 < args.reports <= 100):
        raise Fault("--days 1 to 730, --citizens 1 to 20000, --reports above 0 to 100")
    return Measure(args.days, args.citizens, args.reports)


def _refuse_life(wiring: Wiring) -> None:
    from store.queries import demo as rows

    with wiring.store.reading() as unit:
        if rows.anybody(unit):
            raise Fault("somebody lives here already: use another DATABASE_URL and SAAN_DATA_DIR", FAILED)


def _summary(
    wiring: Wiring, measure: object, seed: int, sends: Counter[str], now: datetime
) -> dict[str, object]:
    from bot.demo.summary import summary

    return {"seed": seed, "played": vars(measure), "sends": dict(sends), **summary(wiring, now)}
