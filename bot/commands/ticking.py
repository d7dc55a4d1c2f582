"""`saan tick`: moves the city clock forward and does what falls due."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.commands.common import FAILED, Fault, opened, print_json
from handlers.ports import Messenger, SendResult, Sent

if TYPE_CHECKING:
    from bot.bootstrap import Wiring
    from handlers.services.delivery import Delivery
    from handlers.services.gateway_delivery import GatewayDelivery


@dataclass
class Knocking:
    """A messenger that remembers whether anybody has answered."""

    messenger: Messenger
    answered: bool = False
    knocked: bool = False

    def reply(self, token: str, messages: list[dict[str, Any]]) -> SendResult:
        return self._note(self.messenger.reply(token, messages))

    def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> SendResult:
        return self._note(self.messenger.push(to, messages, retry_key))

    def multicast(self, to: list[str], messages: list[dict[str, Any]], retry_key: str) -> SendResult:
        return self._note(self.messenger.multicast(to, messages, retry_key))

    def listens(self) -> bool:
        return self.answered or not self.knocked

    def _note(self, result: SendResult) -> SendResult:
        self.knocked = True
        self.answered = self.answered or result.kind != Sent.NOT_SENT
        return result


def tick(args: argparse.Namespace) -> int:
    """Print what each job did; exit 1 when something that is due could not be delivered."""
    from scheduler import tick as ticking

    wiring = opened()
    at = _instant(args.at, wiring)
    if not wiring.clockwork.has_city():
        raise Fault("no city is loaded: run `saan seed`", FAILED)
    knocking = Knocking(wiring.messenger)
    delivery = _everything(wiring, knocking)
    try:
        done = ticking.tick(wiring.clockwork, delivery, at, knocking.listens)
    except ticking.TooEarly as error:
        raise Fault(str(error)) from None
    except ticking.Busy as error:
        raise Fault(str(error), FAILED) from None
    finally:
        delivery.close()
    print_json(done.counts)
    if done.waiting:
        raise Fault(f"{done.waiting} messages wait in the outbox: nobody takes them now", FAILED)
    return 0


@dataclass
class Everything:
    """Delivery to LINE and by the gateways in one."""

    parts: tuple[Delivery, GatewayDelivery]

    def pass_once(self, machine_now: float, city_now: datetime) -> int:
        return sum(part.pass_once(machine_now, city_now) for part in self.parts)

    def close(self) -> None:
        for part in self.parts:
            part.close()


def _everything(wiring: Wiring, messenger: Messenger) -> Everything:
    from handlers.services import gateway_delivery
    from handlers.services.delivery import Delivery

    holder = wiring.clockwork.holder
    line = Delivery(wiring.store, messenger, holder, wiring.settings.senders, wiring.counts)
    others = gateway_delivery.GatewayDelivery(
        wiring.store, wiring.gateways, holder, gateway_delivery.teller(wiring.house)
    )
    return Everything((line, others))


def _instant(text: str, wiring: Wiring) -> datetime:
    """A time without a zone is the city's own."""
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=wiring.settings.zone)
        if not 2020 <= at.year <= 2040:
            raise ValueError("the calendar knows the years 2020 to 2040")
    except ValueError as error:
        raise Fault(f"--at {text!r}: {error}") from None
    return at
