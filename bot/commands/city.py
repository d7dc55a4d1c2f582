"""`saan migrate` and `saan seed`: the schema, and the city as data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import store
from bot.commands.common import Fault, opened, wired

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from handlers.rules.city_check import Finding
    from handlers.services.seed import CityRefused
    from store.city_data import CityData

DEMO = Path(store.__file__).parent / "demo_city"

_WORDS = {
    "city.delegated_lead": "{lead} is {sector} and may not lead {category}: it is delegated by the state",
    "city.no_power": "{lead} has no power by law for {category}",
    "city.lead_elsewhere": "{lead} does not work in area {area}, so it can't lead {category} there",
    "city.unroutable": "nobody leads {category} in area {area}: the coordination centre will get it",
    "city.never_fits": "no category has the mandate {mandate}, so the row can never match",
    "city.no_network": "no network covers {category} in area {area}",
    "text.unknown": "texts.csv: there is no sentence {text}",
    "text.fixed": "texts.csv: {text} can't be worded anew: people type it or programs read it",
    "text.blank": "texts.csv: {text} may have only these blanks: {blanks}",
    "text.lost": "texts.csv: {text} does not show {blanks} any more",
    "text.long": "texts.csv: {text} has {n} letters, there is room for {most}",
}


def migrate(_args: argparse.Namespace) -> int:
    """Bring the database to the newest schema."""
    from store import schema

    schema.migrate(wired().settings.database_url)
    return 0


def seed(args: argparse.Namespace) -> int:
    """Load or update a city folder (default: the demo city); a bad one changes nothing."""
    wiring = opened()
    if args.if_none and wiring.clockwork.has_city():
        return 0
    folder = Path(args.folder) if args.folder else DEMO
    if args.preview:
        _say_effect(previewed(wiring, folder))
        return 0
    load(wiring, folder)
    return 0


def load(wiring: Wiring, folder: Path) -> None:
    """Read, judge and save; says what was loaded, what it moves, and what is left uncovered."""
    from handlers.services.seed import CityRefused, load_city

    data = _read(folder)
    effect = previewed(wiring, folder)
    try:
        with wiring.store.writing() as unit:
            changed, warnings = load_city(unit, data, wiring.clockwork.city_time(unit), wiring.settings.zone)
    except CityRefused as refused:
        raise _fault(refused, folder) from None
    state = "loaded" if changed else "is loaded already"
    print(f"{data.city.name_en} {state}: {len(data.agencies)} agencies, {len(data.routing)} routing rows")
    if changed and effect["cases"]:
        _say_effect(effect)
    _warn(warnings)


def previewed(wiring: Wiring, folder: Path) -> dict[str, Any]:
    """What loading the folder would move, with nothing changed; a folder that may not be loaded is a fault."""
    from handlers.services import routing
    from handlers.services.seed import CityRefused, checked

    data = _read(folder)
    try:
        checked(data)
    except CityRefused as refused:
        raise _fault(refused, folder) from None
    with wiring.store.reading() as unit:
        return routing.preview(unit, data, wiring.clockwork.city_time(unit), wiring.settings.zone)


def effect_lines(found: dict[str, Any]) -> list[str]:
    """A change of the rows in words: how many rows, how many cases, from whom to whom."""
    lines = [f"{found['changes']} routing rows change"]
    lines.append(
        f"of {found['cases']} cases of the last 90 days {found['moved']} would first have gone elsewhere"
    )
    return lines + [
        f"  {pair['from']} -> {pair['to']}: {pair['n']} ({', '.join(pair['codes'])})"
        for pair in found["pairs"]
    ]


def _say_effect(effect: dict[str, Any]) -> None:
    for line in effect_lines(effect):
        print(line)


def _read(folder: Path) -> CityData:
    from store.city_folder import CityFolderError, read_city

    if not folder.is_dir():
        raise Fault(f"{folder}: no such folder")
    try:
        return read_city(folder)
    except CityFolderError as error:
        raise Fault(str(error)) from None


def _fault(refused: CityRefused, folder: Path) -> Fault:
    return Fault("; ".join(sentence(f, folder) for f in refused.findings))


def sentence(finding: Finding, folder: Path) -> str:
    """A finding in words; one about a routing rule names file and row."""
    words = _WORDS[finding.key].format(**finding.data)
    if "position" not in finding.data:
        return words
    row = _row_of(folder / "routing.csv", finding.data["position"])
    return f"routing.csv row {row}: position {finding.data['position']}: {words}"


def _row_of(path: Path, position: str) -> int:
    """The row as a spreadsheet counts it."""
    from store.city_files import rows_of

    return next(
        row.number or 0 for row in rows_of(path.parent, path.name) if row.maybe("position") == position
    )


def _warn(warnings: Sequence[Finding], most: int = 5) -> None:
    for finding in warnings[:most]:
        print(f"warning: {_WORDS[finding.key].format(**finding.data)}", file=sys.stderr)
    if len(warnings) > most:
        print(f"warning: and {len(warnings) - most} more like these", file=sys.stderr)
