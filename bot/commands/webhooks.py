"""`saan webhook …`: who hears of what happens to cases."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from bot.commands.common import Fault, opened, print_json, print_table

if TYPE_CHECKING:
    from store import Unit
    from store.models import Webhook


def add(args: argparse.Namespace) -> int:
    """Subscribe an address; its secret is shown here and nowhere else."""
    from bot.agencies.webhook import AddressRefused, check
    from handlers.services import webhooks

    wiring = opened()
    try:
        check(args.url, wiring.settings.webhook_private)
    except AddressRefused as error:
        raise Fault(f"{args.url}: {error}") from None
    with wiring.store.writing() as unit:
        book = wiring.house.book(unit)
        _known("network", args.network, book.networks)
        _known("agency", args.agency, book.agencies)
        hook, secret = webhooks.add(
            unit,
            wiring.house,
            wiring.clockwork.city_now(),
            args.url,
            _events(args.events),
            args.network,
            args.agency,
        )
    return _show(args, [{**_row(hook), "secret": secret}])


def _events(text: str | None) -> list[str]:
    from handlers.services.webhooks import EVENTS

    known = list(EVENTS.values())
    wanted = [part.strip() for part in text.split(",") if part.strip()] if text else known
    for name in wanted:
        _known("event", name, known)
    return wanted


def _known(what: str, code: str | None, codes: Any) -> None:
    if code is not None and code not in codes:
        raise Fault(f"unknown {what} {code!r}; there are {', '.join(codes)}")


def listing(args: argparse.Namespace) -> int:
    from store.queries import mail_links

    with opened().store.reading() as unit:
        return _show(args, [_row(hook) for hook in mail_links.all_webhooks(unit)])


def remove(args: argparse.Namespace) -> int:
    from handlers.services import webhooks

    with opened().store.writing() as unit:
        webhooks.remove(unit, _hook(unit, args.id))
    print(f"webhook {args.id} removed")
    return 0


def log(args: argparse.Namespace) -> int:
    from handlers.services.reports import iso
    from handlers.services.webhooks import address
    from store.queries import gateway_outbox
    from store.words import WEBHOOK

    with opened().store.reading() as unit:
        _hook(unit, args.id)
        rows = gateway_outbox.of_channel(unit, WEBHOOK, address(args.id))
    found = [
        {
            "created": iso(row.created_at),
            "event": row.messages[0]["event"] if row.messages else "",
            "case": row.messages[0]["case"]["code"] if row.messages else "",
            "state": row.state,
            "attempts": row.attempts,
            "sent": iso(row.sent_at),
            "next_try": iso(row.next_at) if row.state == "waiting" else None,
            "reason": row.reason,
            "id": row.retry_key,
        }
        for row in rows
    ]
    return _show(args, found)


def _hook(unit: Unit, number: int) -> Webhook:
    from store.queries import mail_links

    hook = mail_links.webhook(unit, number)
    if hook is None:
        raise Fault(f"there is no webhook {number}")
    return hook


def _row(hook: Webhook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "url": hook.url,
        "events": hook.events,
        "network": hook.network,
        "agency": hook.agency,
        "state": hook.state,
        "reason": hook.reason,
    }


def _show(args: argparse.Namespace, found: list[dict[str, Any]]) -> int:
    if args.json:
        print_json(found)
    elif found:
        print_table([found[0].keys(), *(row.values() for row in found)])
    return 0
