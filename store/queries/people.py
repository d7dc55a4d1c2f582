"""People, roles, invites and conversations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from store.models import Conversation, Invite, InviteTry, Person, Role
from store.types import UtcTime
from store.unit import Unit
from store.words import AGENCY_ROLES, RoleName

_BY_LINE_ID = select(Person).where(Person.line_id == bindparam("line_id")).options(joinedload(Person.roles))
_CHAT = select(Conversation).where(Conversation.key == bindparam("key")).with_for_update()
_BY_LINE_IDS = (
    select(Person)
    .where(Person.line_id.in_(bindparam("line_ids", expanding=True)))
    .options(joinedload(Person.roles))
)
_CHATS = (
    select(Conversation)
    .where(Conversation.key.in_(bindparam("keys", expanding=True)))
    .order_by(Conversation.key)
    .with_for_update()
)


def look_up(unit: Unit, line_ids: Collection[str], keys: Collection[str]) -> list[int]:
    """Read people and their chats for several decisions of one unit at once; each is then found without a query.
    Gives the ids of those people who are known.

    The chats are locked as ``conversation`` locks them, in one order, so that two units never wait for each other.
    """
    found = unit.session.scalars(_BY_LINE_IDS, {"line_ids": list(line_ids)}).unique().all()
    unit.seen.update({(Person, person.line_id or ""): person for person in found})
    chats = unit.session.scalars(_CHATS, {"keys": list(keys)})
    unit.seen.update({(Conversation, chat.key): chat for chat in chats})
    return [person.id for person in found]


def by_line_id(unit: Unit, line_id: str) -> Person | None:
    """The person with her roles, which nearly every decision asks for."""
    known: Person | None = unit.seen.get((Person, line_id))
    if known is not None and known.line_id == line_id:
        return known
    return unit.session.scalars(_BY_LINE_ID, {"line_id": line_id}).unique().one_or_none()


def by_ids(unit: Unit, ids: Iterable[int]) -> list[Person]:
    wanted = set(ids)
    if not wanted:
        return []
    return list(unit.session.scalars(select(Person).where(Person.id.in_(wanted)).order_by(Person.id)))


def have_news(unit: Unit, ids: Iterable[int]) -> None:
    """Something about a case of theirs waits to be told to these people."""
    wanted = list(ids)
    if wanted:
        unit.change(update(Person).where(Person.id.in_(wanted)).values(news=True))


def conversation(unit: Unit, key: str) -> Conversation | None:
    """The row of a chat, locked on engines that lock rows: two workers never decide for one chat at once."""
    return unit.seen.get((Conversation, key)) or unit.session.scalar(_CHAT, {"key": key})


def with_role(
    unit: Unit, names: Iterable[str], *, agency: str | None = None, network: str | None = None
) -> list[Person]:
    """People who hold one of the roles now, for an agency or a network."""
    query = select(Person).join(Role).where(Role.name.in_(list(names)), Role.ended_at.is_(None))
    if agency is not None:
        query = query.where(Role.agency == agency)
    if network is not None:
        query = query.where(Role.network == network)
    return list(unit.session.scalars(query.order_by(Person.id)).unique())


_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_STAFF = (
    select(Role.agency, Role.name, Person)
    .join(Person, Person.id == Role.person_id)
    .where(
        Role.agency.in_(bindparam("agencies", expanding=True)),
        Role.name.in_(AGENCY_ROLES),
        Role.ended_at.is_(None),
        or_(Role.until.is_(None), Role.until > bindparam("now", type_=UtcTime())),
    )
    .order_by(Person.id, Role.id)
)


def staff(
    unit: Unit, agencies: Iterable[str], now: datetime = _LONG_AGO
) -> dict[str, list[tuple[str, Person]]]:
    """(role, person) of each agency, for everybody who works there (``now``: whose term is not over then).

    Asked of the database once in a unit for each agency.
    """
    wanted = list(agencies)
    missing = [code for code in wanted if (Role, code) not in unit.seen]
    if missing:
        found: dict[str, list[tuple[str, Person]]] = {code: [] for code in missing}
        for agency, name, person in unit.session.execute(_STAFF, {"agencies": missing, "now": now}):
            found[agency or ""].append((name, person))
        unit.seen.update({(Role, code): staff for code, staff in found.items()})
    return {code: unit.seen[Role, code] for code in wanted}


def forget_staff(unit: Unit) -> None:
    """Who works where has changed within the unit: ask anew."""
    for key in [key for key in unit.seen if key[0] is Role]:
        del unit.seen[key]


def without_summary(unit: Unit, since: datetime, limit: int = 500) -> list[Person]:
    """People of agencies whose morning summary has not been thought about since then, with their roles."""
    works = select(Role.person_id).where(Role.name.in_(AGENCY_ROLES), Role.ended_at.is_(None))
    query = (
        select(Person)
        .where(Person.id.in_(works), Person.blocked.is_(False))
        .where(or_(Person.summed_up_at.is_(None), Person.summed_up_at < since))
        .options(selectinload(Person.roles))
        .order_by(Person.id)
    )
    return list(unit.session.scalars(query.limit(limit).with_for_update(skip_locked=True)))


def stood_in_for(unit: Unit, person_id: int) -> list[Person]:
    """People who named her as their substitute."""
    return list(
        unit.session.scalars(select(Person).where(Person.substitute_id == person_id).order_by(Person.id))
    )


def drop_substitute(unit: Unit, person_id: int) -> None:
    """Nobody is stood in for by somebody who left."""
    for person in stood_in_for(unit, person_id):
        person.substitute_id = None


def of_agency(unit: Unit, agency: str, now: datetime) -> list[Person]:
    """Who works for the agency now, heads first."""
    rows = [role for role in roles_of(unit, AGENCY_ROLES, agency=agency) if role.runs(now)]
    rows.sort(key=lambda role: (role.name != RoleName.HEAD, role.id))
    return list(dict.fromkeys(role.person for role in rows))


def roles_of(
    unit: Unit, names: Iterable[str], *, agency: str | None = None, network: str | None = None
) -> list[Role]:
    """Running roles of those names, with their people; of one agency or network, or all."""
    query = (
        select(Role)
        .where(Role.name.in_(list(names)), Role.ended_at.is_(None))
        .options(joinedload(Role.person))
    )
    if agency is not None:
        query = query.where(Role.agency == agency)
    if network is not None:
        query = query.where(Role.network == network)
    return list(unit.session.scalars(query.order_by(Role.id)))


def role_by_id(unit: Unit, role_id: int) -> Role | None:
    return unit.get(Role, role_id)


def past_terms(unit: Unit, now: datetime) -> list[Role]:
    """Roles whose term is over but which nobody has ended yet."""
    query = select(Role).where(Role.until <= now, Role.ended_at.is_(None)).options(joinedload(Role.person))
    return list(unit.session.scalars(query.order_by(Role.id).limit(500)))


def void_invites_of(unit: Unit, person_id: int, now: datetime) -> None:
    """Codes that she made and nobody used are worth nothing any more."""
    query = update(Invite).where(Invite.created_by == person_id, Invite.used_at.is_(None))
    unit.session.execute(query.values(expires_at=now))


def role(unit: Unit, person: Person, name: str, agency: str | None, network: str | None) -> Role | None:
    """The running role of exactly that kind."""
    return next(
        (
            r
            for r in person.roles
            if r.ended_at is None and (r.name, r.agency, r.network) == (name, agency, network)
        ),
        None,
    )


def representatives(unit: Unit) -> list[tuple[Person, str]]:
    """Everybody who represents a network now, with its code."""
    query = select(Person, Role.network).join(Role)
    query = query.where(Role.name == "representative", Role.ended_at.is_(None), Person.blocked.is_(False))
    return [(p, network) for p, network in unit.session.execute(query.order_by(Role.id)).unique() if network]


def invite(unit: Unit, code_hash: str) -> Invite | None:
    return unit.session.scalar(select(Invite).where(Invite.code_hash == code_hash).with_for_update())


def tries_since(unit: Unit, person: Person, since: datetime) -> int:
    """Wrong codes of a person since then."""
    query = select(func.count()).select_from(InviteTry)
    return unit.session.scalar(query.where(InviteTry.person_id == person.id, InviteTry.at > since)) or 0


def drop_old_invites(unit: Unit, before: datetime) -> int:
    """Unused invites that ran out before then, and old wrong tries."""
    unit.change(delete(InviteTry).where(InviteTry.at < before))
    return unit.change(delete(Invite).where(Invite.used_at.is_(None), Invite.expires_at < before))


def drop_held(unit: Unit, before: datetime) -> int:
    """Forget messages that have waited for consent since before then."""
    return unit.change(
        update(Conversation).where(Conversation.held_at < before).values(held=None, held_at=None)
    )
