"""Links and reply addresses of mails to agencies, and who subscribed to webhooks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from store.models import MailLink, Webhook
from store.unit import Unit


def by_hash(unit: Unit, token_hash: str) -> MailLink | None:
    """One link, locked on engines that lock rows: it is spent once."""
    return unit.session.scalar(select(MailLink).where(MailLink.token_hash == token_hash).with_for_update())


def look_up(unit: Unit, token_hash: str) -> MailLink | None:
    """One link, only to look at."""
    return unit.session.scalar(select(MailLink).where(MailLink.token_hash == token_hash))


def spend(unit: Unit, link: MailLink, at: datetime) -> bool:
    """Mark a link as used; False when somebody was quicker."""
    unused = update(MailLink).where(MailLink.id == link.id, MailLink.used_at.is_(None))
    return unit.change(unused.values(used_at=at)) == 1


def webhooks(unit: Unit) -> list[Webhook]:
    """Everybody who is to hear of cases now."""
    return list(unit.session.scalars(select(Webhook).where(Webhook.state == "active").order_by(Webhook.id)))


def all_webhooks(unit: Unit) -> list[Webhook]:
    """All but the removed ones."""
    return list(unit.session.scalars(select(Webhook).where(Webhook.state != "removed").order_by(Webhook.id)))


def webhook(unit: Unit, number: int) -> Webhook | None:
    found = unit.get(Webhook, number)
    return None if found is None or found.state == "removed" else found
