"""`saan apikey …`: keys with which other systems write through Open311."""

from __future__ import annotations

import argparse
from typing import Any

from bot.commands.common import Fault, opened, print_json, print_table

_COLUMNS = ("id", "name", "answers", "created", "ended")


def new(args: argparse.Namespace) -> int:
    """Print a key, here and nowhere else; only its hash is kept."""
    from handlers.services import api_keys

    name = " ".join(args.name.split())
    if not 1 <= len(name) <= 100:
        raise Fault("--name: say in 1 to 100 letters which system it is for")
    wiring = opened()
    with wiring.store.writing() as unit:
        print(api_keys.new(unit, name, wiring.clockwork.city_now(), by_token=args.tokens))
    return 0


def listing(args: argparse.Namespace) -> int:
    """Every key by number and name, ended ones too."""
    from store.queries import api_keys

    with opened().store.reading() as unit:
        rows = [_row(key) for key in api_keys.listing(unit)]
    if args.json:
        print_json(rows)
    else:
        print_table([_COLUMNS, *([row[name] or "" for name in _COLUMNS] for row in rows)])
    return 0


def _row(key: Any) -> dict[str, Any]:
    from handlers.services.reports import iso

    return {
        "id": key.id,
        "name": key.name,
        "answers": "tokens" if key.by_token else "numbers",
        "created": iso(key.created_at),
        "ended": iso(key.ended_at),
    }


def remove(args: argparse.Namespace) -> int:
    """The key opens nothing from this moment; what it sent stays."""
    from handlers.services import api_keys

    wiring = opened()
    with wiring.store.writing() as unit:
        if not api_keys.end(unit, args.id, wiring.clockwork.city_now()):
            raise Fault(f"there is no key {args.id} in force")
    return 0
