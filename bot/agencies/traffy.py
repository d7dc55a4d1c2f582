"""The Traffy Fondue bridge: rows of the outbox as calls of the Exchange, and tickets as they are read there.

A ticket is made once: it carries our code, and before a second try the organisation's newest tickets are searched for
that code. States and forwardings are looked up before they are repeated. A comment has no such mark: only when the
connection broke after Traffy had taken it may it stand there twice.
"""

from __future__ import annotations

import hashlib
from typing import Any

from bot.agencies.bridge import Bridge
from bot.agencies.traffy_client import TraffyClient
from bot.agencies.wire import WireFault
from handlers.house import House
from handlers.ports import SendResult, Sent
from handlers.services.bridges import fingerprint, reference
from store import Store
from store.models import RemoteCase
from store.queries.bridges import Due
from store.queries.outbox import Letter
from store.traffy_words import traffy_words

MOST_ENTRIES = 200


class TraffyGateway(Bridge):
    """The ``Gateway`` port over the Exchange."""

    def __init__(self, store: Store, house: House, client: TraffyClient) -> None:
        super().__init__(store, house)
        self._client = client

    def knows(self) -> dict[str, str]:
        return self._client.learned()

    def carry(self, letter: Letter, body: dict[str, Any], remote: RemoteCase) -> dict[str, str]:
        again = self.again(letter, remote)
        if body["do"] == "new":
            return {"number": self._new(body, again)}
        number = str(remote.number)
        if again and body["do"] != "comment" and self._is_there(number, body):
            return {}
        _CALLS[body["do"]](self._client, number, body)
        return {}

    def _new(self, body: dict[str, Any], again: bool) -> str:
        found = self._found(body) if again else None
        if found:
            return found
        made = self._client.call(
            "POST",
            "/new-issue/v1",
            {
                "latitude": body["lat"],
                "longitude": body["lon"],
                "description": body["text"],
                "category_name_th": body["kind"],
                "photo": body["photos"],
                "address": body["address"],
                "org_id": body["group"],
                "client_ticket_id": body["reference"],
                "client_timestamp": body["at"],
            },
        )
        number = made.get("ticket_id") if isinstance(made, dict) else None
        if not number:
            raise WireFault(SendResult(Sent.UNSURE, "Traffy gave no ticket_id"))
        return str(number)

    def _found(self, body: dict[str, Any]) -> str | None:
        """The ticket that an earlier try made."""
        query = {"org_id": body["group"], "duration": "3days"}
        listed = self._client.call("GET", "/get-issues/v2", query=query)
        mark = reference(body["reference"])
        tickets = listed if isinstance(listed, list) else []
        return next((str(t["ticket_id"]) for t in tickets if mark in str(t.get("description"))), None)

    def _is_there(self, number: str, body: dict[str, Any]) -> bool:
        ticket = _ticket(self._client.call("GET", "/get-issue/v1", query={"ticket_id": number}))
        if body["do"] == "forward":
            return body["group"] in groups_of(ticket)
        notes = {fingerprint(str(entry.get("note") or "")) for entry in _entries(ticket)}
        return fingerprint(body["text"]) in notes


def _state(client: TraffyClient, number: str, body: dict[str, Any]) -> None:
    made = {"ticket_id": number, "note": body["text"], "state_name": body["state"], "photo": body["photos"]}
    client.call("PATCH", "/update-issue/v1", {**made, "noti_reporter": bool(body.get("noti"))})


def _comment(client: TraffyClient, number: str, body: dict[str, Any]) -> None:
    kind = "chat_staff_only" if body.get("inner") else "comment"
    words = "\n".join([body["text"], *body["photos"]])
    client.call("POST", "/comment/v1", {"ticket_id": number, "comment": words, "comment_type": kind})


def _forward(client: TraffyClient, number: str, body: dict[str, Any]) -> None:
    made = {"origin_group": body["from"], "destination_group": [body["group"]], "scenario": body["scenario"]}
    client.call("POST", "/join-forward/v1", {"ticket_id": number, **made})


_CALLS = {"state": _state, "comment": _comment, "forward": _forward}


# --- reading


class TraffyReader:
    """A ticket as it stands at Traffy, in our words."""

    def __init__(self, client: TraffyClient) -> None:
        self._client = client

    def learned(self) -> dict[str, str]:
        return self._client.learned()

    def read(self, due: Due, group: str) -> tuple[dict[str, Any], dict[str, str]]:
        """(reading, learned); pictures are still addresses. ``group``: the agency's own org_id. Raises ``WireFault``."""
        query = {"ticket_id": str(due.number)}
        ticket = _ticket(self._client.call("GET", "/get-issue/v1", query=query))
        reading = {
            "remote": due.id,
            "state": _state_of(ticket, group),
            "updates": [_update(entry) for entry in _entries(ticket)],
            "ticket": {
                "text": _text(ticket.get("description")),
                "types": _types(ticket.get("type")),
                "address": _text(ticket.get("address"))[:300],
                "lat": _degrees(ticket.get("latitude"), 90),
                "lon": _degrees(ticket.get("longitude"), 180),
                "groups": groups_of(ticket),
                "photos": _addresses(ticket.get("photo")),
            },
        }
        return reading, {}


def _ticket(results: Any) -> dict[str, Any]:
    found = results[0] if isinstance(results, list) and results else results
    if not isinstance(found, dict):
        raise WireFault(SendResult(Sent.REFUSED, "Traffy knows no such ticket"))
    return found


def _entries(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """The timeline, oldest first."""
    found = ticket.get("timeline")
    entries = [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []
    return sorted(entries, key=lambda entry: str(entry.get("timestamp")))[-MOST_ENTRIES:]


def groups_of(ticket: dict[str, Any]) -> list[str]:
    """org_ids of the organisations that have the ticket."""
    found = ticket.get("orgs")
    return (
        [str(o["org_id"]) for o in found if isinstance(o, dict) and "org_id" in o]
        if isinstance(found, list)
        else []
    )


def _state_of(ticket: dict[str, Any], group: str) -> str:
    """The organisation's own state where it has one, else the ticket's."""
    own = next(
        (o for o in ticket.get("orgs") or [] if str(o.get("org_id")) == group and o.get("status")), ticket
    )
    return traffy_words().states.get(_text(own.get("status")), "")


def _update(entry: dict[str, Any]) -> dict[str, Any]:
    parts = [_text(entry.get(name)) for name in ("timestamp", "status", "org", "note")]
    return {
        "key": hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24],
        "text": parts[3][:2000],
        "group": parts[2][:100],
        "photos": _addresses(entry.get("photo")),
    }


def _types(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else _text(value).strip("{}").split(",")
    return [_text(part).strip('" ') for part in parts if _text(part).strip('" ')]


def _addresses(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, str) and item.startswith(("https://", "http://"))][:4]


def _degrees(value: Any, most: float) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if abs(number) <= most else None


def _text(value: Any) -> str:
    """Words as a database keeps them."""
    text = str(value) if isinstance(value, str | int | float) else ""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()
