"""What the gateways to other systems share: the row of the case there, its pictures, what is kept of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.agencies.wire import WireFault
from handlers.house import House
from handlers.ports import SendResult, Sent
from handlers.rules.delivery import NO_CREDIT
from handlers.services import bridge_health
from store import Store, Unit
from store.models import RemoteCase
from store.queries import bridges as rows
from store.queries.bridges import NEVER
from store.queries.outbox import Letter, Outcome
from store.words import RowState

WAIT_S = 20.0
READ_AFTER_S = 60.0
PICTURE_TRIES = 10
UNCERTAIN = "may have arrived"


class Bridge:
    """A ``Gateway`` whose letters are about a case in another system; ``carry`` does the one call."""

    def __init__(self, store: Store, house: House) -> None:
        self._store, self._house = store, house

    def carry(self, letter: Letter, body: dict[str, Any], remote: RemoteCase) -> dict[str, str]:
        """Do what the letter says; gives what was learned. Raises ``WireFault``."""
        raise WireFault(SendResult(Sent.REFUSED, "this gateway carries nothing"))

    def knows(self) -> Mapping[str, str]:
        """What every answer tells beside its own matter."""
        return {}

    def send(self, letter: Letter) -> SendResult:
        body = dict(letter.messages[0])
        with self._store.reading() as unit:
            remote = rows.get(unit, body["remote"])
            states = rows.photo_states(unit, body["photos"])
        held = self._held(letter, body, remote, states)
        if held is not None or remote is None:
            return held or SendResult(Sent.REFUSED, "the case is not known", learned={"waits": "1"})
        shown = [token for token in body["photos"] if states.get(token) == RowState.DONE]
        body["photos"] = [f"{self._house.pages}/media/{token}/full.jpg" for token in shown]
        try:
            learned = self.carry(letter, body, remote)
        except WireFault as fault:
            result = fault.result
            known = {**self.knows(), **result.learned}
            return SendResult(result.kind, result.detail, result.retry_at, known)
        return SendResult(Sent.OK, learned={**self.knows(), **learned})

    def _held(
        self, letter: Letter, body: dict[str, Any], remote: RemoteCase | None, states: Mapping[str, str]
    ) -> SendResult | None:
        """Why it can't go yet; None when it can. Nothing is called then."""
        later, waits = self._house.clock() + WAIT_S, {"waits": "1"}
        pending = [
            token for token in body["photos"] if states.get(token) in (RowState.WAITING, RowState.CLAIMED)
        ]
        if pending and letter.attempts < PICTURE_TRIES:
            return SendResult(Sent.NOT_SENT, "a picture is not there yet", later, waits)
        if remote is None or body["do"] == "new" or remote.number is not None:
            return None
        if remote.reason == NO_CREDIT:
            return SendResult(Sent.MONTHLY, NO_CREDIT, learned=waits)
        if remote.reason and remote.reason != UNCERTAIN:
            return SendResult(Sent.REFUSED, f"the case is not there: {remote.reason}", learned=waits)
        return SendResult(Sent.NOT_SENT, "the case has no number there yet", later, waits)

    def again(self, letter: Letter, remote: RemoteCase) -> bool:
        """Whether an earlier try may have arrived."""
        return letter.attempts > 1 or remote.reason == UNCERTAIN

    def settled(self, unit: Unit, letter: Letter, result: SendResult, outcome: Outcome) -> None:
        if not letter.messages:
            return
        remote = rows.to_change(unit, letter.messages[0]["remote"])
        if remote is None:
            return
        bridge_health.heard(self._house, unit, remote.system, result)
        now = self._house.clock()
        if letter.messages[0]["do"] == "new" and not result.learned.get("waits"):
            self._settle_new(remote, letter, result, outcome)
        if outcome.state == RowState.DONE and remote.next_at > now + READ_AFTER_S:
            remote.next_at = now + READ_AFTER_S

    def _settle_new(self, remote: RemoteCase, letter: Letter, result: SendResult, outcome: Outcome) -> None:
        remote.number = result.learned.get("number") or remote.number
        remote.token = result.learned.get("token") or remote.token
        if outcome.state == RowState.DONE:
            remote.reason = ""
            return
        unsure = result.kind == Sent.UNSURE or letter.attempts > 1 or remote.reason == UNCERTAIN
        if outcome.state == RowState.PARKED:
            remote.reason, remote.next_at = outcome.reason, NEVER
        if unsure and outcome.state != RowState.PARKED:
            remote.reason = UNCERTAIN
