"""How another system is doing: what fails for long is said once, and so is its return; low credit is said monthly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers.house import House
from handlers.messages.neutral import Text
from handlers.messages.texts import say
from handlers.ports import SendResult, Sent
from handlers.services import notify
from handlers.talk import Scene
from store import Unit
from store.queries import bridges as rows
from store.queries import city
from store.words import TRAFFY, Purpose

OUTAGE_S = 600.0
"""A shorter silence is nothing to tell people of."""
LOW_CREDIT = 200.0
"""Calls left in the month at which coordinators are warned."""


def scene_of(house: House, unit: Unit) -> Scene:
    """A scene at this moment of the city's clock."""
    machine = house.clock()
    now = datetime.fromtimestamp(machine, UTC) + timedelta(seconds=city.clock_offset(unit))
    return Scene(house, unit, now, machine)


def heard(house: House, unit: Unit, system: str, result: SendResult) -> None:
    """Remember how a call ended, in the transaction that writes what became of it."""
    if result.learned.get("waits"):
        return  # nothing was called
    if result.kind in (Sent.UNSURE, Sent.NOT_SENT, Sent.RATE):
        _failed(house, unit, system, result.detail)
    else:
        _answered(house, unit, system)
    if "credit" in result.learned:
        _credit(house, unit, system, result.learned["credit"])


def _failed(house: House, unit: Unit, system: str, why: str) -> None:
    bridge, now = rows.bridge(unit, system), house.clock()
    if bridge.failing_since is None:
        bridge.failing_since = now
    bridge.reason = why
    if now - bridge.failing_since >= OUTAGE_S and not bridge.told:
        bridge.told = True
        _tell(scene_of(house, unit), system, "bridge.down", f"down-{bridge.failing_since:.0f}")


def _answered(house: House, unit: Unit, system: str) -> None:
    known = rows.bridge_if_there(unit, system)
    if known is None or known.failing_since is None:
        return
    bridge = rows.bridge(unit, system)
    if bridge.told:
        _tell(scene_of(house, unit), system, "bridge.up", f"up-{bridge.failing_since:.0f}")
    bridge.failing_since, bridge.told, bridge.reason = None, False, ""


def _credit(house: House, unit: Unit, system: str, left: str) -> None:
    """``left``: a number, or empty for as many as one likes."""
    known = rows.bridge_if_there(unit, system)
    value = float(left) if left else None
    if value is None and (known is None or known.credit is None):
        return
    bridge = rows.bridge(unit, system)
    bridge.credit = value
    if value is not None and value < LOW_CREDIT:
        scene = scene_of(house, unit)
        level = "empty" if value <= 0 else "low"
        month = scene.now.astimezone(scene.book.zone).strftime("%Y%m")
        _tell(scene, system, f"bridge.{level}", f"{level}-{month}", left=int(value))


def name_of(scene: Scene, system: str, lang: str) -> str:
    """What people call the system: Traffy, or the agency whose server it is."""
    if system == TRAFFY:
        return "Traffy Fondue"
    agency = next((a for a in scene.book.data.agencies if a.endpoint and system.startswith(a.endpoint)), None)
    return scene.book.agency_name(agency.code, lang) if agency else system


def _tell(scene: Scene, system: str, key: str, once: str, **values: object) -> None:
    for person in notify.coordinators(scene):
        words = say(person.language, key, name=name_of(scene, system, person.language), **values)
        mark = f"bridge-{system[:40]}-{once}-{person.id}"
        scene.post.send(person, [Text(words)], Purpose.CARD, once=mark)
