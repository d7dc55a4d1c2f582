"""The simulator as part of the running service: the city's invented people, their invite codes, and a short way in."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bot.web import access
from bot.web.public import texts
from bot.web.simulator.page import PageSettings
from bot.web.simulator.page import texts as page_texts
from bot.web.simulator.poster import Poster
from bot.web.simulator.site import blueprint as simulator_blueprint
from bot.web.simulator_inside import Inside
from handlers.rules.invites import hashed
from handlers.services import people
from handlers.services.intake import city_time
from store.city_data import CityData, DemoPerson
from store.queries import people as people_rows
from store.queries.peek import city_if_there
from store.words import RoleName

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from bot.bootstrap import Wiring

_LOOK_EVERY = 1.0
_ROLES = {
    "official": RoleName.OFFICIAL,
    "head": RoleName.HEAD,
    "representative": RoleName.REPRESENTATIVE,
    "administrator": RoleName.ADMINISTRATOR,
}


def blueprint(wiring: Wiring, webhook: WSGIApplication) -> Blueprint:
    """LINE's API at the root and the phones at `/simulator`; events go straight into ``webhook``."""
    data = city_if_there(wiring.settings.database_url)
    settings = PageSettings(
        people=_people(data),
        places=_places(data),
        hints=Hints(wiring, data.city.demo_people if data else ()),
        base_host=urlsplit(wiring.settings.image_base).netloc,
        city=data.city.name_th if data else "",
        inside=Inside(wiring),
    )
    return access.allow(simulator_blueprint(wiring.simulator, poster(webhook), settings), access.SIMULATOR)


def poster(webhook: WSGIApplication) -> Poster:
    """Posts events into the application of this very process: no thread waits for another one."""

    def post(body: bytes, headers: dict[str, str]) -> int:
        environ = EnvironBuilder(
            "/line/webhook", method="POST", data=body, headers=list(headers.items())
        ).get_environ()
        _, status, _ = run_wsgi_app(webhook, environ, buffered=True)
        return int(status.split(" ", 1)[0])

    return post


def _people(data: CityData | None) -> list[dict[str, Any]]:
    return [
        {
            "id": p.id,
            "name": p.name_th,
            "role": p.role,
            "role_label": p.label_th,
            "role_label_en": p.label_en,
            "starters": page_texts()[p.language]["starters_own"] if p.role == "citizen" else None,
        }
        for p in (data.city.demo_people if data else ())
    ]


def _places(data: CityData | None) -> list[dict[str, Any]]:
    return [
        {"title": p.title_th, "address": p.address_th, "lat": p.lat, "lon": p.lon}
        for p in (data.city.demo_places if data else ())
    ]


@dataclass
class Hints:
    """A line above each phone whose person still needs her role: a valid invite code, kept over restarts."""

    wiring: Wiring
    people: tuple[DemoPerson, ...]
    _lock: Any = field(default_factory=threading.Lock)
    _looked: float = 0.0
    _found: dict[str, str] = field(default_factory=dict)

    def __call__(self) -> Mapping[str, str]:
        with self._lock:
            if time.monotonic() - self._looked > _LOOK_EVERY:
                self._found = self._look()
                self._looked = time.monotonic()
            return self._found

    def _look(self) -> dict[str, str]:
        codes = self._read()
        wanted = [person for person in self.people if person.role in _ROLES]
        with self.wiring.store.reading() as unit:
            waiting = [person for person in wanted if not self._has_role(unit, person)]
            stale = [person for person in waiting if not self._valid(unit, codes.get(person.id, ""))]
        if stale:
            codes |= self._make(stale)
            self._write(codes)
        hint = texts("th")["simulator"]["hint"]
        return {person.id: hint.format(code=codes[person.id]) for person in waiting}

    def _has_role(self, unit: Any, person: DemoPerson) -> bool:
        known = people_rows.by_line_id(unit, person.id)
        return known is not None and any(
            role.ended_at is None and role.name == _ROLES[person.role] for role in known.roles
        )

    def _valid(self, unit: Any, code: str) -> bool:
        found = people_rows.invite(unit, hashed(code)) if code else None
        return found is not None and found.used_at is None and found.expires_at > self._now(unit)

    def _now(self, unit: Any) -> datetime:
        return city_time(unit, time.time()).astimezone(UTC)

    def _make(self, stale: list[DemoPerson]) -> dict[str, str]:
        with self.wiring.store.writing() as unit:
            now = self._now(unit)
            return {
                person.id: people.new_invite(
                    unit,
                    now,
                    _ROLES[person.role],
                    agency=person.agency or None,
                    network=person.network or None,
                    name=person.name_th,
                )
                for person in stale
            }

    def _read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._path.read_text("utf-8")))
        except (OSError, ValueError):
            return {}

    def _write(self, codes: dict[str, str]) -> None:
        fresh = self._path.with_suffix(".new")
        handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(codes, file)
        os.replace(fresh, self._path)

    @property
    def _path(self) -> Path:
        return self.wiring.settings.data_dir / "simulator-invites.json"
