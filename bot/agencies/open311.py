"""The Open311 gateway: our cases as requests on another city's server, and what becomes of them there.

A request carries our code. Before a second try the server's requests of that time are searched for it, so that a crash
between sending and marking makes no second one; updates are looked up in the same way by their words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from bot.agencies.bridge import Bridge
from bot.agencies.open311_client import NotOffered, Open311Client
from bot.agencies.open311_format import Record
from bot.agencies.wire import WireFault
from handlers.house import House
from handlers.ports import SendResult, Sent
from handlers.services.bridges import fingerprint, reference
from store import Store
from store.models import RemoteCase
from store.open311_words import open311_states
from store.queries.bridges import Due
from store.queries.outbox import Letter

ClientOf = Callable[[str], Open311Client | None]
"""The client of an agency's server, by the agency's code; None when it has none (any more)."""
AROUND = timedelta(days=2)


class Open311Gateway(Bridge):
    """The ``Gateway`` port to servers of other cities."""

    def __init__(self, store: Store, house: House, client_of: ClientOf) -> None:
        super().__init__(store, house)
        self._client_of = client_of

    def carry(self, letter: Letter, body: dict[str, Any], remote: RemoteCase) -> dict[str, str]:
        client, again = _client(self._client_of, body["agency"]), self.again(letter, remote)
        try:
            if body["do"] == "new":
                return _new(client, body, again)
            _update(client, letter, str(remote.number), body, again)
            return {}
        except NotOffered as error:
            raise WireFault(SendResult(Sent.REFUSED, f"Open311 server: {error}")) from None


def _client(client_of: ClientOf, agency: str) -> Open311Client:
    found = client_of(agency)
    if found is None:
        raise WireFault(SendResult(Sent.REFUSED, "the agency has no Open311 server", learned={"waits": "1"}))
    return found


def _new(client: Open311Client, body: dict[str, Any], again: bool) -> dict[str, str]:
    found = _found(client, body) if again else None
    if found:
        return {"number": found}
    fields = {
        "service_code": body["kind"],
        "lat": f"{body['lat']:.6f}",
        "long": f"{body['lon']:.6f}",
        "address_string": body["address"],
        "description": body["text"],
        "account_id": body["reference"],
    }
    made = client.post("requests", fields | _media(body))
    row = made[0] if made else {}
    if row.get("service_request_id"):
        return {"number": row["service_request_id"]}
    if row.get("token"):
        return {"token": row["token"]}
    raise WireFault(SendResult(Sent.UNSURE, "Open311 server: neither a number nor a token"))


def _media(body: dict[str, Any]) -> dict[str, str]:
    """The standard takes one picture."""
    return {"media_url": body["photos"][-1]} if body["photos"] else {}


def _found(client: Open311Client, body: dict[str, Any]) -> str | None:
    """The request that an earlier try made."""
    listed = client.get("requests", service_code=body["kind"], **_around(body["at"]))
    mark = reference(body["reference"])
    mine = [r for r in listed if mark in r.get("description", "") or r.get("account_id") == body["reference"]]
    return next((r["service_request_id"] for r in mine if r.get("service_request_id")), None)


def _around(at: str) -> dict[str, str]:
    moment = datetime.fromisoformat(at)
    return {"start_date": _w3(moment - AROUND), "end_date": _w3(moment + timedelta(days=60))}


def _w3(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _update(client: Open311Client, letter: Letter, number: str, body: dict[str, Any], again: bool) -> None:
    if again:
        said = {fingerprint(row.get("description", "")) for row in _updates(client, number)}
        if fingerprint(body["text"]) in said:
            return
    fields = {
        "service_request_id": number,
        "update_id": letter.retry_key,
        "updated_datetime": _w3(datetime.fromisoformat(body["at"])),
        "status": "OPEN",
        "description": body["text"],
    }
    client.post("servicerequestupdates", fields | _media(body))


def _updates(client: Open311Client, number: str) -> list[Record]:
    """All updates of one request; none where the server does not know updates."""
    try:
        listed = client.get("servicerequestupdates", service_request_id=number)
    except NotOffered:
        return []
    return [row for row in listed if row.get("service_request_id") == number]


# --- reading


class Open311Reader:
    """A request as it stands on the server, in our words."""

    def __init__(self, client_of: ClientOf) -> None:
        self._client_of = client_of

    def learned(self) -> dict[str, str]:
        return {}

    def read(self, due: Due, group: str) -> tuple[dict[str, Any], dict[str, str]]:
        """(reading, learned): the number first, where only a token is known. Raises ``WireFault``."""
        client = _client(self._client_of, due.agency)
        try:
            if due.number is None:
                return {}, _number(client, str(due.token))
            found = client.get(f"requests/{quote(due.number, safe='')}")
            row = next((r for r in found if r.get("service_request_id") == due.number), None)
            if row is None:
                raise WireFault(SendResult(Sent.REFUSED, "Open311 server: no such request"))
            return _reading(due, row, _updates(client, due.number)), {}
        except NotOffered as error:
            raise WireFault(SendResult(Sent.REFUSED, f"Open311 server: {error}")) from None


def _number(client: Open311Client, token: str) -> dict[str, str]:
    found = client.get(f"tokens/{quote(token, safe='')}")
    number = found[0].get("service_request_id", "") if found else ""
    return {"number": number} if number else {}


def _reading(due: Due, row: Record, listed: list[Record]) -> dict[str, Any]:
    states = open311_states()
    updates = [_heard(r) for r in sorted(listed, key=lambda r: r.get("updated_datetime", ""))]
    state = states.get(row.get("status", "").lower(), "")
    finer = [states.get(r.get("status", "").lower(), "") for r in listed]
    if state == "waiting" and "in_progress" in finer:
        state = "in_progress"
    notes = row.get("status_notes", "")
    if notes:
        updates.append(_heard({"update_id": f"notes {notes}", "description": notes}))
    return {"remote": due.id, "state": state, "updates": updates, "ticket": {}}


def _heard(row: Record) -> dict[str, Any]:
    parts = [row.get(name, "") for name in ("update_id", "updated_datetime", "description")]
    media = row.get("media_url", "")
    return {
        "key": hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24],
        "text": parts[2][:2000],
        "group": "",
        "photos": [media] if media.startswith(("https://", "http://")) else [],
    }
