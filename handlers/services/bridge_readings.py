"""Keeps what was read from other systems: only what changed goes on, as an event of the inbox, to be decided."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from handlers.house import House
from handlers.ports import SendResult, Sent
from handlers.services import bridge_health
from store import Unit
from store.queries import bridges as rows
from store.queries import inbox
from store.queries.bridges import NEVER, Due
from store.queries.inbox import NewEvent
from store.words import OPEN311

KIND = "reading"
HINT = "hint"
EVERY_S = {OPEN311: 600.0}
SELDOM_S = 6 * 3600.0
"""Traffy tells of changes and every reading costs credit, so it is asked by ourselves only now and then."""
FIRST_S, LONGEST_S = 15.0, 900.0


def kept(house: House, unit: Unit, due: Due, reading: dict[str, Any], result: SendResult) -> None:
    """A good reading. ``reading`` may be empty: then only a number was learnt."""
    now = house.clock()
    bridge_health.heard(house, unit, due.system, result)
    row = rows.to_change(unit, due.id)
    if row is None:
        return
    row.tries, row.reason = 0, ""
    row.next_at = max(now + EVERY_S.get(due.channel, SELDOM_S), 0.0)
    if result.learned.get("number"):
        row.number, row.token, row.next_at = result.learned["number"], None, now
    if not reading:
        return
    body = json.dumps(reading, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(_essence(reading).encode()).hexdigest()[:40]
    if digest == row.digest:
        return
    row.digest, row.readings = digest, row.readings + 1
    event = f"{KIND}-{row.id}-{row.readings}"
    talk = f"{due.channel}:{row.number}"[:64]
    inbox.store(unit.session.connection(), [NewEvent(event, talk, int(now * 1000), KIND, body, now)])


def _essence(reading: dict[str, Any]) -> str:
    """What makes a reading another one: not the pictures' tokens, which are new each time."""
    keys = [update["key"] for update in reading["updates"]]
    return json.dumps([reading["state"], keys], ensure_ascii=False)


def failed(house: House, unit: Unit, due: Due, result: SendResult) -> None:
    """Read again later; what the other side refuses for good is not asked again."""
    bridge_health.heard(house, unit, due.system, result)
    row = rows.to_change(unit, due.id)
    if row is None:
        return
    row.tries, row.reason = row.tries + 1, result.detail
    again = house.clock() + min(FIRST_S * 2.0 ** min(row.tries - 1, 20), LONGEST_S)
    row.next_at = max(again, result.retry_at or 0.0)
    if result.kind == Sent.MONTHLY:
        row.next_at = house.clock() + SELDOM_S
    if result.kind == Sent.REFUSED:
        row.next_at = NEVER if row.case_id is None else house.clock() + SELDOM_S


def lane_of(hint: dict[str, Any]) -> str:
    """Hints and readings of one ticket are decided one after the other."""
    return f"traffy:{hint['ticket_id']}"[:64]
