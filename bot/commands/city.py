"""`saan migrate` and `saan seed`: the schema, and the city as data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import store
from bot.commands.common import Fault, opened, wired

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from handlers.rules.city_check import Finding

DEMO = Path(store.__file__).parent / "demo_city"

_WORDS = {
    "city.delegated_lead": "{lead} is {sector} and may not lead {category}: it is delegated by the state",
    "city.no_power": "{lead} has no power by law for {category}",
    "city.lead_elsewhere": "{lead} does not work in area {area}, so it can't lead {category} there",
    "city.unroutable": "nobody leads {category} in area {area}: the coordination centre will get it",
    "city.no_network": "no network covers {category} in area {area}",
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
    load(wiring, Path(args.folder) if args.folder else DEMO)
    return 0


def load(wiring: Wiring, folder: Path) -> None:
    """Read, judge and save; says what was loaded and what is left uncovered."""
    from handlers.services.seed import CityRefused, load_city
    from store.city_folder import CityFolderError, read_city

    if not folder.is_dir():
        raise Fault(f"{folder}: no such folder")
    try:
        data = read_city(folder)
        with wiring.store.writing() as unit:
            changed, warnings = load_city(unit, data)
    except CityFolderError as error:
        raise Fault(str(error)) from None
    except CityRefused as refused:
        raise Fault("; ".join(sentence(f, folder) for f in refused.findings)) from None
    state = "loaded" if changed else "is loaded already"
    print(f"{data.city.name_en} {state}: {len(data.agencies)} agencies, {len(data.routing)} routing rows")
    _warn(warnings)


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
