"""Routing seen from above: what a change of the rows would have moved, how well each row guesses, whom it names.

Plain data for commands, the coordinator's summary and other programs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from handlers.city import CityBook
from handlers.messages.neutral import Card, Message
from handlers.messages.texts import say
from handlers.rules import handover
from handlers.rules.handover import Guesses, Step
from handlers.rules.routing import Route, hops
from handlers.services import notify
from handlers.talk import Scene
from store import Unit
from store.city_data import CityData, RoutingRow
from store.models import Person, RoutingVersion
from store.queries import city as city_rows
from store.queries import routing as rows
from store.words import Purpose

Data = dict[str, Any]
LOOK_BACK = timedelta(days=90)
ADVICE_HOUR = 8
"""Local hour from which the month's advice is sent."""
MOST_ADVICE = 8


# --- a change and its effect


def effect(unit: Unit, before: CityBook, after: CityBook, now: datetime) -> Data:
    """Which cases of the last 90 days would first have gone elsewhere: counts per pair of agencies, and their codes."""
    memo: dict[tuple[str | None, str], tuple[str, str]] = {}
    moved: dict[tuple[str, str], list[str]] = defaultdict(list)
    found = rows.opened_since(unit, now - LOOK_BACK)
    for code, area, category in found:
        if (area, category) not in memo:
            pair = (before.route(area, category, []).lead, after.route(area, category, []).lead)
            memo[area, category] = pair
        was, becomes = memo[area, category]
        if was != becomes:
            moved[was, becomes].append(code)
    pairs = sorted(moved.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "cases": len(found),
        "moved": sum(len(codes) for _, codes in pairs),
        "pairs": [{"from": a, "to": b, "n": len(codes), "codes": codes[:20]} for (a, b), codes in pairs],
    }


def changes(before: Iterable[RoutingRow], after: Iterable[RoutingRow]) -> list[Data]:
    """Rows that came, went or changed, by position."""
    old, new = ({row.position: row for row in rows_} for rows_ in (before, after))
    return [
        {"position": n, "was": _row(old.get(n)), "is": _row(new.get(n))}
        for n in sorted(old.keys() | new.keys())
        if old.get(n) != new.get(n)
    ]


def _row(row: RoutingRow | None) -> Data | None:
    return None if row is None else {**asdict(row), "helpers": [list(helper) for helper in row.helpers]}


def remember(
    unit: Unit, before: CityData | None, after: CityData, now: datetime, zone: Any, by: Person | None = None
) -> RoutingVersion | None:
    """Keep the new state of the rows with its effect; None when the rows are as they were."""
    changed = changes(before.routing if before else (), after.routing)
    if not changed and before is not None and before.routing_version:
        return None
    moved = effect(unit, CityBook(before, zone), CityBook(after, zone), now) if before else {}
    version = RoutingVersion(
        at=now,
        source="console" if by else "folder",
        person_id=by.id if by else None,
        rows=[_row(row) for row in after.routing],
        changes=changed if before else [],
        effect=moved,
    )
    return unit.add(version)


def preview(unit: Unit, after: CityData, now: datetime, zone: Any) -> Data:
    """What loading that city would change, before anything is changed."""
    before = city_rows.load(unit)
    if before is None:
        return {"changes": len(after.routing), "cases": 0, "moved": 0, "pairs": []}
    changed = changes(before.routing, after.routing)
    return {"changes": len(changed), **effect(unit, CityBook(before, zone), CityBook(after, zone), now)}


def versions(unit: Unit) -> list[Data]:
    """Every kept state of the rows, newest first."""
    return [
        {
            "version": v.id,
            "at": v.at,
            "source": v.source,
            "rows": len(v.rows),
            "changed": [change["position"] for change in v.changes],
            "moved": v.effect.get("moved", 0),
            "pairs": v.effect.get("pairs", []),
        }
        for v in rows.versions(unit)
    ]


# --- one decision, without a case


def forecast(book: CityBook, area: str | None, category: str, urgent: bool) -> Data:
    """Where a case would go and why, who helps, whom it would reach after each decline, and the targets."""
    steps = list(hops(lambda declined: book.route(area, category, declined)))
    targets = book.targets(category, urgent)
    return {
        "category": category,
        "area": area,
        "urgent": urgent,
        "mandate": book.categories[category].mandate,
        "network": book.network_for(area, category),
        "lead": steps[0].lead,
        "row": steps[0].rule,
        "prime": steps[0].prime,
        "reason": steps[0].reason_th,
        "reason_en": steps[0].reason_en,
        "helpers": [{"agency": code, "task": task} for code, task in steps[0].helpers],
        "next": [_step(step) for step in steps[1:]],
        "targets": asdict(targets),
    }


def _step(route: Route) -> Data:
    return {"lead": route.lead, "row": route.rule, "reason": route.reason_th}


# --- how well the rows guess


def guesses(unit: Unit, since: datetime) -> list[Guesses]:
    """Each row's record over cases opened since then."""
    history = groupby(rows.routing_steps(unit, since), key=lambda row: row.case_id)
    trials = (handover.trial([_history_step(row) for row in found]) for _, found in history)
    return handover.tally(trial for trial in trials if trial)


def _history_step(row: rows.RoutingStep) -> Step:
    return Step(row.kind, str(row.data.get("lead") or row.agency or ""), row.data.get("rule"), row.why)


def statistics(unit: Unit, book: CityBook, since: datetime) -> list[Data]:
    """The records as data; ``current`` is false for a row that has been changed since."""
    leads = {row.position: row.lead for row in book.data.routing}
    return [
        {
            "row": record.rule,
            "lead": record.lead,
            "right": record.right,
            "wrong": record.wrong,
            "undecided": record.undecided,
            "share": None if record.share is None else round(record.share, 3),
            "went_on": dict(Counter(record.went_on).most_common()),
            "better": record.better[0] if record.better else None,
            "current": leads.get(record.rule) == record.lead,
        }
        for record in guesses(unit, since)
    ]


def advise(scene: Scene) -> int:
    """Once a month, in the morning: rows that mostly name the wrong agency, to the coordinators."""
    local = scene.now.astimezone(scene.book.zone)
    if local.hour < ADVICE_HOUR or scene.book.quiet(scene.now):
        return 0
    period = f"{local:%Y-%m}"
    readers = [p for p in notify.coordinators(scene) if not scene.post.queued(f"advice-{period}-{p.id}")]
    found = _advice(scene) if readers else []
    sent = 0
    for person in readers if found else ():
        once = f"advice-{period}-{person.id}"
        sent += (
            scene.post.send(person, _card(scene, person.language, found), Purpose.DIGEST, once=once)
            is not None
        )
    return sent


def _advice(scene: Scene) -> list[Guesses]:
    leads = {row.position: row.lead for row in scene.book.data.routing}
    records = guesses(scene.unit, scene.now - LOOK_BACK)
    return [r for r in records if r.better and leads.get(r.rule) == r.lead][:MOST_ADVICE]


def _card(scene: Scene, lang: str, found: list[Guesses]) -> list[Message]:
    categories = {row.position: row.category for row in scene.book.data.routing}
    lines = []
    for record in found:
        agency, n = record.better or ("", 0)
        names = {
            "lead": scene.book.agency_name(record.lead, lang),
            "to": scene.book.agency_name(agency, lang),
            "category": scene.book.plain_name(categories[record.rule], lang),
        }
        of = record.right + record.wrong
        lines.append(say(lang, "advice.row", row=record.rule, n=n, of=of, **names))
    title = say(lang, "advice.title")
    return [Card(title=title, body="\n".join(["", *lines]).strip(), alt=title)]
