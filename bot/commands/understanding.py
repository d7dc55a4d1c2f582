"""`saan classify` and `evaluate`: work without a database, too."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.common import Fault, json_lines, print_json, print_table, read_lines, wired

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from handlers.city import CityBook
    from nlp import Understander, Understanding


def classify(args: argparse.Namespace) -> int:
    """One JSON line out for each in, in order."""
    reader, book = _reader(at_data(args.data))
    for record in json_lines((line.decode("utf-8", "replace") for line in sys.stdin.buffer), "stdin"):
        text = record.get("text")
        if not isinstance(text, str):
            raise Fault('stdin: every line needs the string "text"')
        found = reader.understand(text)
        print_json({"id": record.get("id"), **_meaning(found, book)})
    return 0


def _meaning(found: Understanding, book: CityBook | None) -> dict[str, Any]:
    place = found.place
    area = place.area if place else None
    return {
        "category": found.category,
        "confidence": round(found.confidence, 4),
        "top": [{"category": code, "p": round(p, 4)} for code, p in found.top],
        "network": book.network_for(area, found.category) if book else None,
        "intent": found.intent,
        "urgent": found.urgent,
        "place": {"text": place.text, "area": area, "lat": place.lat, "lon": place.lon} if place else None,
    }


def evaluate(args: argparse.Namespace) -> int:
    """Figures over labelled lines, as a table or as one JSON object."""
    import nlp

    rows = [_labelled(row, args.file) for row in json_lines(read_lines(args.file), args.file)]
    if not rows:
        raise Fault(f"{args.file}: no rows")
    reader, _ = _reader(at_data(args.data))
    figures = {name: round(value, 4) for name, value in nlp.evaluate(reader.understand, rows).items()}
    figures["n"] = int(figures["n"])
    if args.json:
        print_json(figures)
    else:
        print_table(figures.items())
    return 0


def _labelled(row: dict[str, Any], name: str) -> dict[str, Any]:
    acceptable = row.get("acceptable", [])
    fine = isinstance(acceptable, list) and all(isinstance(code, str) for code in acceptable)
    if not isinstance(row.get("text"), str) or not isinstance(row.get("gold"), str) or not fine:
        raise Fault(
            f'{name}: every line needs the strings "text" and "gold", and may have a list "acceptable"'
        )
    return row


def at_data(folder: str | None) -> Wiring:
    """The installation, with its models in another folder when one is named."""
    wiring = wired()
    if folder is None:
        return wiring
    from bot.bootstrap import Wiring

    data = Path(folder)
    return Wiring(replace(wiring.settings, data_dir=data, media_url=str(data / "media")))


def _reader(wiring: Wiring) -> tuple[Understander, CityBook | None]:
    """The reader of messages with the city's names when a city is loaded, else with the country's alone."""
    from handlers.city import CityBook
    from nlp import Gazetteer, Understander
    from store.queries.peek import city_if_there

    model = wiring.shelf.load()
    data = city_if_there(wiring.settings.database_url)
    if data is None:
        return Understander(model, Gazetteer([], [])), None
    book = CityBook(data, wiring.settings.zone)
    return Understander(model, book.gazetteer, book.lexicon), book
