"""`saan classify` and `evaluate`: work without a database, too."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.common import Fault, json_lines, print_json, wired

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
    """Figures over labelled lines as a table, as one JSON object, or as a page."""
    from bot.commands import measuring

    if args.held_out == bool(args.file):
        raise Fault(
            "name one FILE, or --held-out for the part of our own messages that is kept for measuring"
        )
    if args.held_out:
        return measuring.held_out(args)
    rows = measuring.labelled_rows(args.file)
    reader, _ = _reader(at_data(args.data))
    return measuring.measure(args, reader.understand, rows)


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
