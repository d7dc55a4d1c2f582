"""Settings → everything wired, once. What costs time is made when first asked for."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from bot.agencies.bridge_intake import BridgeIntake, Reader
from bot.agencies.email import EmailGateway, KeptMail, Postmark
from bot.agencies.mail_intake import MailIntake
from bot.agencies.mailbox import Mailbox
from bot.agencies.open311 import Open311Gateway, Open311Reader
from bot.agencies.open311_client import Open311Client
from bot.agencies.traffy import TraffyGateway, TraffyReader
from bot.agencies.traffy_client import TraffyClient
from bot.agencies.webhook import WebhookGateway
from bot.config import Settings
from bot.learning import nightly
from bot.line.inbox_writer import InboxWriter
from bot.line.media import LineMedia
from bot.line.messenger import LineMessenger
from bot.line.render import render
from bot.loops import Loop
from bot.media_store import MediaStore
from bot.model_shelf import ModelShelf
from bot.worker import Parts, Worker
from handlers import dispatch
from handlers.house import House, NoCity
from handlers.incoming import Incoming
from handlers.ports import Gateway
from handlers.services import city_figures, gateway_delivery, learning, photo_faults
from nlp import Model
from scheduler.runner import Clock
from scheduler.steps import Clockwork, Errand
from store import Store, Unit
from store.queries.peek import city_if_there
from store.words import EMAIL, OPEN311, TRAFFY, WEBHOOK

if TYPE_CHECKING:
    from bot.web.simulator.server import LineSimulator

log = logging.getLogger(__name__)

LOOK_FOR_MODEL_S = 10.0


@dataclass(frozen=True)
class Wiring:
    """One process's parts. Make it after a server has forked: connections and threads are not inherited."""

    settings: Settings

    @cached_property
    def store(self) -> Store:
        return Store(self.settings.database_url)

    @cached_property
    def files(self) -> MediaStore:
        return MediaStore(self.settings.media_url)

    @cached_property
    def shelf(self) -> ModelShelf:
        return ModelShelf(self.files, self.settings.data_dir / "models")

    @cached_property
    def house(self) -> House:
        # The simulator shows pictures only at https addresses, as LINE does, and fetches them from its own origin.
        base = self.settings.image_base if self.settings.simulator else self.settings.base_url
        settings = self.settings
        return House(
            render=render,
            model=self._model,
            base_url=base,
            zone=settings.zone,
            web_url=settings.base_url,
            secret=settings.secret_key,
            channels=frozenset(self._channels()),
            line_month=settings.line_month,
            mail_replies=settings.simulator
            and not settings.mail
            or bool(settings.mail and settings.imap_url),
        )

    def _channels(self) -> list[str]:
        """Gateways to agencies that are switched on."""
        mail = [EMAIL] if self.settings.mail or self.settings.simulator else []
        return [*mail, OPEN311, *([TRAFFY] if self.settings.traffy else [])]

    @cached_property
    def gateways(self) -> dict[str, Gateway]:
        """What carries each channel of the outbox but LINE's."""
        settings, house = self.settings, self.house
        made: dict[str, Gateway] = {
            WEBHOOK: WebhookGateway(self.store, house, settings.webhook_private, clock=house.clock)
        }
        if settings.mail:
            made[EMAIL] = EmailGateway(settings.smtp_url, house, self.postmark)
        elif settings.simulator:
            made[EMAIL] = KeptMail()
        made[OPEN311] = Open311Gateway(self.store, house, self.open311)
        if settings.traffy:
            made[TRAFFY] = TraffyGateway(self.store, house, self.traffy)
        return made

    @cached_property
    def traffy(self) -> TraffyClient:
        """Calls of Traffy Fondue; one token for all threads of this process."""
        settings = self.settings
        return TraffyClient(
            settings.traffy_url, settings.traffy_user, settings.traffy_password, self.house.clock
        )

    def open311(self, agency: str) -> Open311Client | None:
        """The client of that agency's Open311 server; None when it has none."""
        with self.store.reading() as unit:
            row = self.house.book(unit).agencies.get(agency)
        if row is None or row.gateway != OPEN311:
            return None
        return Open311Client(row.endpoint, row.remote_id, self.settings.agency_secret(row.secret) or "")

    def bridges(self) -> BridgeIntake:
        """Reads what other systems say of our cases."""
        readers: dict[str, Reader] = {OPEN311: Open311Reader(self.open311)}
        if self.settings.traffy:
            readers[TRAFFY] = TraffyReader(self.traffy)
        return BridgeIntake(self.store, self.house, readers, self.files, self.settings.webhook_private)

    @property
    def postmark(self) -> Postmark:
        """Who mails come from."""
        sender = self.settings.mail_from or "saan@localhost"
        return Postmark(sender, self.house.mail_replies)

    def mailbox(self, worker: str) -> Callable[[], int]:
        """A look into the mailbox on behalf of a worker."""
        box = Mailbox(self.settings.imap_url)
        return MailIntake(self.store, box, self.files, self.house, worker).pass_once

    @cached_property
    def messenger(self) -> LineMessenger:
        return LineMessenger(self.settings.line_api, self.settings.line_token, self.settings.senders)

    @cached_property
    def writer(self) -> InboxWriter:
        """Stores webhook events, and wakes the worker of this process if there is one."""
        return InboxWriter(self.store, self._wake)

    @cached_property
    def worker(self) -> Worker:
        parts = Parts(
            decide=self.decide,
            messenger=self.messenger,
            source=LineMedia(self.settings.line_data_api, self.settings.line_token),
            pictures=self.files,
            on_failed=photo_faults.teller(self.house),
            counts=self.counts,
            gateways=self.gateways,
            on_parked=gateway_delivery.teller(self.house),
            bridges=self.bridges().pass_once,
            mail=self.mailbox if self.settings.mail and self.settings.imap_url else None,
        )
        return Worker(self.store, parts, self.settings.deciders, self.settings.senders)

    @cached_property
    def clockwork(self) -> Clockwork:
        name = f"{socket.gethostname()[:12]}-{os.getpid()}-{secrets.token_hex(3)}"
        errands: dict[str, Errand] = {
            learning.JOB: nightly.train_apart,
            city_figures.JOB: partial(city_figures.count_ahead, self.store, self.house),
        }
        return Clockwork(self.store, self.house, name, errands)

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.clockwork)

    @cached_property
    def simulator(self) -> LineSimulator:
        """LINE and its people, kept in a journal."""
        from bot.web.simulator.server import LineSimulator

        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        journal = self.settings.data_dir / "simulator.jsonl"
        city = city_if_there(self.settings.database_url)
        name = city.city.short_th if city else "Saan"
        return LineSimulator(self.settings.line_secret, self.settings.line_token, journal, bot_name=name)

    def decide(self, unit: Unit, incoming: Incoming, now: datetime, inbox_id: int) -> None:
        dispatch.decide(self.house, unit, incoming, now, inbox_id)

    def warm_up(self) -> None:
        """Load what the first message would wait for: classifier, names of places, LINE's SDK."""
        try:
            with self.store.reading() as unit:
                self.house.understander(unit).understand("")
            self.messenger.warm_up()
        except NoCity:
            log.warning("no city is loaded yet: run `saan seed FOLDER`")
        except Exception:  # the service starts all the same, and says more when it is needed
            log.exception("warming up failed")

    def watch_model(self, every_s: float = LOOK_FOR_MODEL_S) -> Loop:
        """A loop that takes up a classifier that came into use while this process runs."""
        known = [self.shelf.in_use()]

        def look() -> int:
            name = self.shelf.in_use()
            if name != known[0]:
                known[0] = name
                self.house.forget_model()
                log.info("another classifier is in use: %s", name)
            return 0

        return Loop("model", look, every_s)

    def _model(self) -> Model:
        return self.shelf.load()

    def wake(self) -> None:
        """Something new lies in the inbox: a worker of this process need not wait for its next look."""
        self._wake()

    def _wake(self) -> None:
        if "worker" in self.__dict__:
            self.worker.wake_inbox()

    def counts(self, to: str) -> int:
        """LINE counts a push to a group once for each of its members."""
        if to.startswith("U"):
            return 1
        return self.messenger.members(to) or 1


class Engine:
    """The parts of one process that work by themselves: worker, clock, or both."""

    def __init__(self, wiring: Wiring, *, worker: bool, clock: bool) -> None:
        self._wiring = wiring
        self._worker, self._clock = worker, clock
        self._model = wiring.watch_model() if worker else None

    def start(self) -> None:
        """Raises ``WorkerBusy`` when another worker claims on the same SQLite file."""
        if self._model is not None:
            self._wiring.worker.start()
            self._model.start()
            threading.Thread(target=self._wiring.warm_up, name="warm-up", daemon=True).start()
        if self._clock:
            self._wiring.clock.start()

    def stop(self) -> None:
        """What is under way is finished first."""
        if self._clock:
            self._wiring.clock.stop()
        if self._model is not None:
            self._model.stop(1.0)
            self._wiring.worker.stop()
        self._wiring.store.close()

    def run(self, until: threading.Event) -> None:
        self.start()
        until.wait()
        self.stop()
