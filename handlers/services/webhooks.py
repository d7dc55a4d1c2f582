"""Signed webhooks out: who asked to hear of what happens to cases hears it, in the words everybody may see.

An event is queued in the transaction that writes the case's history. Its body is masked, its id stays the same on
every try, and it is signed when it is sent.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from handlers.house import House
from handlers.talk import Scene
from nlp import mask
from store import Unit
from store.models import Case, History, Webhook
from store.queries import gateway_outbox
from store.queries import mail_links as rows
from store.queries.outbox import Letter, Outcome
from store.words import WEBHOOK, Purpose, RowState

EVENTS = {
    "reported": "opened",
    "offered": "offered",
    "accepted": "accepted",
    "progress": "progress",
    "done": "done",
    "closed": "closed",
    "reopened": "reopened",
    "merged": "merged",
}
"""Kinds of history that are told, and what they are called outside."""
DISABLE_AFTER_S = 3 * 24 * 3600.0
DISABLED = "the webhook was switched off after 3 days without an answer"


def happened(scene: Scene, case: Case, row: History) -> None:
    """Queue an event for everybody who wants to hear of it."""
    name = EVENTS.get(row.kind)
    if name is None:
        return
    if scene.hooks is None:
        scene.hooks = scene.unit.once(Webhook, "", lambda: rows.webhooks(scene.unit))
    for hook in scene.hooks:
        if _wants(hook, case, name):
            scene.unit.flush()  # a case that was opened just now gets its number
            body = _event(scene, case, row, name)
            lane = f"{WEBHOOK}:{hook.id}:{case.code}"
            scene.post.carry(WEBHOOK, address(hook.id), body, lane=lane, purpose=Purpose.EVENT, case=case)


def address(number: int) -> str:
    """How the outbox names a webhook."""
    return f"{WEBHOOK}:{number}"


def _wants(hook: Webhook, case: Case, name: str) -> bool:
    agencies = {case.lead, *(helper.agency for helper in case.helpers)}
    return (
        name in hook.events
        and hook.network in (None, case.network)
        and (hook.agency is None or hook.agency in agencies)
    )


def _event(scene: Scene, case: Case, row: History, name: str) -> dict[str, Any]:
    return {
        "event": name,
        "at": _iso(row.at),
        "by": {"role": row.role, "agency": row.agency},
        "text": mask(row.text) if row.public and row.kind != "reported" else "",
        "case": {
            "code": case.code,
            "status": case.status,
            "category": case.category,
            "network": case.network,
            "lead": case.lead,
            "area": case.area,
            "text": mask(case.public_text),
            "opened": _iso(case.opened_at),
            "url": f"{scene.house.pages}/cases/{case.code}",
        },
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# --- subscriptions


def add(
    unit: Unit,
    house: House,
    now: datetime,
    url: str,
    events: list[str],
    network: str | None,
    agency: str | None,
) -> tuple[Webhook, str]:
    """A new subscription and its secret, which is shown once and can be worked out again by us alone."""
    hook = Webhook(
        url=url, events=events, network=network, agency=agency, nonce=secrets.token_hex(16), created_at=now
    )
    unit.add(hook)
    unit.flush()
    return hook, secret(house, hook)


def secret(house: House, hook: Webhook) -> str:
    """64 hex digits; the bytes of this text are the key of the signature."""
    return house.derived(f"webhook {hook.id} {hook.nonce}")


def remove(unit: Unit, hook: Webhook) -> None:
    """Nothing is sent there any more."""
    hook.state = "removed"
    gateway_outbox.park_waiting(unit, WEBHOOK, address(hook.id), "the webhook was removed")


def settled(unit: Unit, letter: Letter, outcome: Outcome, now: float) -> None:
    """Remember since when a webhook fails; after three days it is switched off, and says so in the outbox."""
    hook = rows.webhook(unit, int(letter.to.partition(":")[2]))
    if hook is None or hook.state != "active":
        return
    if outcome.state == RowState.DONE:
        hook.failing_since, hook.reason = None, ""
        return
    hook.failing_since, hook.reason = hook.failing_since or now, outcome.reason
    if now - hook.failing_since >= DISABLE_AFTER_S:
        hook.state, hook.reason = "disabled", f"{DISABLED}: {outcome.reason}"
        gateway_outbox.park_waiting(unit, WEBHOOK, letter.to, DISABLED)
