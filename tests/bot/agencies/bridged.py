"""A town whose highways district works in another system, and everything between the two run in one thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.agencies.bridge_intake import BridgeIntake, Reader, hint
from bot.media_store import MediaStore
from bot.worker import parse
from handlers import dispatch
from handlers.ports import Gateway
from handlers.services import gateway_delivery
from handlers.services.gateway_delivery import GatewayDelivery
from handlers.services.intake import Intake
from store.city_data import ServiceCodeRow
from store.city_folder import read_city
from store.models import Inbox, RemoteCase
from store.queries import city as city_rows
from store.words import RoleName
from tests.pipes import outbox_rows
from tests.town import DEMO_CITY, Town

POTHOLE = "ถนนทรุดเป็นหลุมลึก ทางหลวงหน้าวัดโพนชัย ต.น้ำหมาน โทร 081-234-5678"


@dataclass
class Bridged:
    town: Town
    gateways: Mapping[str, Gateway]
    readers: Mapping[str, Reader]
    folder: Path

    def __post_init__(self) -> None:
        town = self.town
        self.delivery = GatewayDelivery(
            town.store, self.gateways, "w", gateway_delivery.teller(town.house), senders=1
        )
        pictures = MediaStore(str(self.folder))
        self.reading = BridgeIntake(town.store, town.house, self.readers, pictures, private=True)
        decide = lambda unit, said, now, number: dispatch.decide(town.house, unit, said, now, number)
        self.inbox = Intake(town.store, parse, decide, "w")

    def report(self) -> None:
        self.town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
        self.town.settle("มี")
        self.town.says("มี", POTHOLE)
        self.town.taps("มี", "ส่งเรื่อง")

    def run(self, **later: float) -> None:
        """After a while: everything that is due goes out, is read and is decided."""
        self.town.now += timedelta(**later)
        for _ in range(6):
            machine = self.town.now.timestamp()
            moved = self.delivery.pass_once(machine, self.town.now)
            moved += self.reading.pass_once() + self.inbox.run_once(machine)
            if not moved:
                break
        self.town._new()

    def hint(self, body: bytes) -> bool:
        return hint(self.town.store, body, self.town.now.timestamp())

    def rows(self, channel: str) -> list[Any]:
        return [row for row in outbox_rows(self.town.store) if row.channel == channel]

    def remote(self) -> RemoteCase:
        with self.town.store.reading() as unit:
            return unit.session.scalars(select(RemoteCase)).one()

    def undecided(self) -> list[str]:
        with self.town.store.reading() as unit:
            found = unit.session.scalars(select(Inbox).where(Inbox.state != "done"))
            return [f"{row.kind} {row.state} {row.reason}" for row in found]

    def heard(self, name: str) -> list[str]:
        return [seen.text for seen in self.town.seen if seen.to == self.town.line_id(name)]


def town_with(store: Any, channel: str, codes: tuple[ServiceCodeRow, ...] = (), **changed: Any) -> Town:
    """The demo city with another way to the highways district (and what else is ``changed``, by agency)."""
    town = Town(store)
    town.house.clock = lambda: town.now.timestamp()
    town.house.channels = frozenset({channel})
    data = read_city(DEMO_CITY)
    agencies = tuple(replace(a, **changed.get(a.code, {})) for a in data.agencies)
    with store.writing() as unit:
        city_rows.save(unit, replace(data, agencies=agencies, service_codes=codes))
    return town
