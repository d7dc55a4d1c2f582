"""Looking at a network: its ties from what people and agencies did, its figures, its health and its months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from handlers.city import CityBook
from handlers.rules import meetings, network_graph, network_health, ties
from handlers.rules.meetings import Work
from handlers.rules.network_health import Counts, Signal
from handlers.rules.ties import Deed
from handlers.talk import Scene
from store import Unit
from store.models import NetworkMonth
from store.queries import lessons as lesson_rows
from store.queries import weaving as rows
from store.words import LEADS, OPEN, Status

LOOK_BACK = timedelta(days=730)
"""Older deeds weigh less than a sixteenth and are not read."""
SEASON = timedelta(days=90)
PATIENCE = timedelta(days=3)
"""How long a follow-up question may stay unanswered before that says something."""

Source = Callable[[Unit, str, datetime], list[Deed]]


def _helped(unit: Unit, network: str, since: datetime) -> list[Deed]:
    """The lead and each helping agency; more once the part is done."""
    return [
        Deed("joint" if state == "done" else "asked", (ties.agency(lead), ties.agency(agency)), at)
        for _, lead, agency, state, at in rows.helped(unit, network, since)
        if lead
    ]


def _handed(unit: Unit, network: str, since: datetime) -> list[Deed]:
    """Two agencies of which one had the case after the other."""
    found, before = [], dict[int, str]()
    for case, at, data in rows.offers(unit, network, since):
        lead = str(data.get("lead") or "")
        if before.get(case, lead) != lead:
            found.append(Deed("handed", (ties.agency(before[case]), ties.agency(lead)), at))
        before[case] = lead
    return found


def _served(unit: Unit, network: str, since: datetime) -> list[Deed]:
    """A citizen who reported and the agency that leads."""
    return [
        Deed("served", (ties.person(who), ties.agency(lead)), at)
        for _, lead, who, at, _, _ in rows.reported(unit, network, since)
        if lead
    ]


def _same_case(unit: Unit, network: str, since: datetime) -> list[Deed]:
    """Citizens who reported or follow the same problem."""
    people: dict[int, list[tuple[int, datetime]]] = {}
    for case, _, who, at, _, _ in rows.reported(unit, network, since):
        people.setdefault(case, []).append((who, at))
    for case, who, at in rows.followed(unit, network, since):
        people.setdefault(case, []).append((who, at))
    return [
        Deed("same_case", tuple(ties.person(who) for who, _ in found), max(at for _, at in found))
        for found in people.values()
        if len(found) > 1
    ]


def _thanked(unit: Unit, network: str, since: datetime) -> list[Deed]:
    praised = rows.praised(unit, network, since)
    return [Deed("thanked", (ties.person(who), ties.agency(code)), at) for who, code, at in praised]


def _met(unit: Unit, network: str, since: datetime) -> list[Deed]:
    return [Deed("met", (a, b), at) for a, b, at in rows.met(unit, network, since)]


def _gathered(unit: Unit, network: str, since: datetime) -> list[Deed]:
    """Everybody who came to an activity, its host first."""
    found: dict[int, list[str]] = {}
    ended: dict[int, datetime] = {}
    for number, host_agency, host, who, at in rows.came(unit, network, since):
        hosts = [ties.agency(host_agency)] if host_agency else [ties.person(host)] if host else []
        found.setdefault(number, hosts).append(ties.person(who))
        ended[number] = at
    return [Deed("gathered", tuple(actors), ended[number]) for number, actors in found.items()]


def _decided(unit: Unit, network: str, since: datetime) -> list[Deed]:
    """Everybody who answered a joint decision, who opened it first."""
    found: dict[int, list[str]] = {}
    last: dict[int, datetime] = {}
    for number, opener, who, at in rows.voted(unit, network, since):
        found.setdefault(number, [ties.person(opener)]).append(ties.person(who))
        last[number] = max(at, last.get(number, at))
    return [Deed("decided", tuple(actors), last[number]) for number, actors in found.items()]


def _lent(unit: Unit, network: str, since: datetime) -> list[Deed]:
    lent = rows.lent(unit, network, since)
    return [Deed("lent", (ties.person(owner), ties.person(asker)), at) for owner, asker, at in lent]


SOURCES: tuple[Source, ...] = (
    _helped,
    _handed,
    _served,
    _same_case,
    _thanked,
    _met,
    _gathered,
    _decided,
    _lent,
)
"""Whatever people do together joins the graph by one more function here."""


@dataclass(frozen=True)
class View:
    """One network looked at now. Everything is read once, when it is first asked for."""

    unit: Unit
    book: CityBook
    network: str
    now: datetime

    @cached_property
    def ties(self) -> dict[tuple[str, str], float]:
        since = self.now - LOOK_BACK
        deeds = [deed for source in SOURCES for deed in source(self.unit, self.network, since)]
        return ties.weigh(deeds, self.now)

    @cached_property
    def members(self) -> rows.Rows:
        return rows.members(self.unit, self.network)

    @cached_property
    def shape(self) -> network_graph.Shape:
        """Of all actors, members without a tie too. For inside use: its lists name people by number."""
        return network_graph.shape(self.ties, [ties.person(m.person_id) for m in self.members])

    @cached_property
    def reported(self) -> rows.Rows:
        return rows.reported(self.unit, self.network, self.now - LOOK_BACK)

    @cached_property
    def public(self) -> tuple[dict[tuple[str, str], float], dict[str, int]]:
        """Ties without people: see ``rules.ties.grouped``."""
        homes = {ties.person(r.person_id): r.area or "" for r in self.reported}
        return ties.grouped(self.ties, homes)

    @cached_property
    def counts(self) -> Counts:
        return count(self)

    @property
    def signals(self) -> tuple[Signal, ...]:
        return network_health.six_causes(self.counts)

    def work(self) -> dict[str, Work]:
        """What each agency and each member was busy with in the last season."""
        found: dict[str, Work] = {}
        since = self.now - SEASON
        cases = {c.id: c for c in rows.cases(self.unit, self.network, since)}
        joined = {m.person_id for m in self.members}
        doers = [(c.id, ties.agency(c.lead)) for c in cases.values() if c.lead]
        doers += [(h[0], ties.agency(h[2])) for h in rows.helped(self.unit, self.network, since)]
        if len(joined) >= ties.FEWEST:
            people = ((r[0], r.person_id) for r in self.reported if r.person_id in joined)
            doers += [(case, ties.person(who)) for case, who in people if case in cases]
        for case, actor in dict.fromkeys(doers):
            place = (cases[case].category, cases[case].area or "")
            found.setdefault(actor, Work()).places[place] += 1
        return found


def count(view: View) -> Counts:
    """Everything that indicators and signals are made from, over the last season."""
    since = view.now - SEASON
    cases = rows.cases(view.unit, view.network, since)
    finished = [c for c in cases if c.done_at is not None]
    closed = [c for c in cases if c.status == Status.CLOSED]
    taken = [c for c in cases if c.accepted_at is not None]
    helped = rows.helped(view.unit, view.network, since)
    joint = {case for case, *_ in helped}
    offered = Counter(case for case, _, _ in rows.offers(view.unit, view.network, since))
    outside = {case for case, _, agency, _, _ in helped if not view.book.is_public(agency)}
    outside |= {c.id for c in cases if c.lead and not view.book.is_public(c.lead)}
    promises = rows.promises(view.unit, view.network, since, view.now)
    asked = [c for c in rows.check_ins(view.unit, view.network, since) if c[2] or view.now - c[1] >= PATIENCE]
    return Counts(
        members=len(view.members),
        active_members=_active(view, since),
        representatives=sum(m.role in LEADS for m in view.members),
        sectors=_sectors(view),
        cases=len(cases),
        open=sum(c.status in OPEN for c in cases),
        late=promises["late"],
        done=len(finished),
        done_jointly=sum(c.id in joint for c in finished),
        closed=len(closed),
        confirmed=sum(c.closed_how == "fixed" for c in closed),
        declined=sum(bool(c.declined_by) for c in cases),
        handed_twice=sum(offered[c.id] > 2 and not c.reopened for c in cases),
        reopened=sum(c.reopened > 0 for c in cases),
        placeless=sum(not c.area for c in cases),
        first_try=sum(not c.declined_by for c in taken),
        accepted=len(taken),
        by_others=len(outside),
        kept=promises["kept"],
        broken=promises["broken"],
        asked=len(asked),
        answered=sum(c[2] is not None for c in asked),
        content=sum(c[0] == "yes" for c in asked),
        lessons=lesson_rows.published_since(view.unit, view.network, since),
        answer_hours=[(c.accepted_at - c.opened_at).total_seconds() / 3600 for c in taken],
    )


def _active(view: View, since: datetime) -> int:
    """Members who reported or followed something in the season, or joined in it."""
    busy = {r.person_id for r in view.reported if r.created_at > since}
    busy |= {f.person_id for f in rows.followed(view.unit, view.network, since) if f.since > since}
    return sum(m.person_id in busy or (m.joined_at and m.joined_at > since) for m in view.members)


def _sectors(view: View) -> frozenset[str]:
    """Sectors of the agencies that have a tie; members come as citizens."""
    codes = {actor.partition(":")[2] for pair in view.ties for actor in pair if ties.is_agency(actor)}
    found = {view.book.agencies[code].sector for code in codes if code in view.book.agencies}
    return frozenset(found | {m.sector for m in view.members})


# --- figures as plain data


def figures(view: View) -> dict[str, Any]:
    """The network in figures: aggregates only, agencies as the only names."""
    shape = view.shape
    return {
        "actors": shape.actors,
        "ties": shape.ties,
        "density": round(shape.density, 4),
        "components": shape.components,
        "degree_centralisation": round(shape.degree_centralisation, 3),
        "between_centralisation": round(shape.between_centralisation, 3),
        "core_fit": round(shape.core_fit, 3),
        "core": [a.partition(":")[2] for a in shape.core if ties.is_agency(a)],
        "brokers": [a.partition(":")[2] for a in shape.brokers if ties.is_agency(a)],
        "stage": shape.stage,
        **measured(view),
    }


def measured(view: View) -> dict[str, Any]:
    """How well it works, from counts alone: spares the measuring of the graph."""
    return {
        "promises_kept": network_health.promises_kept(view.counts),
        "collaboration": network_health.collaboration(view.counts),
        "network_government": network_health.network_government(view.counts),
    }


def health(view: View) -> dict[str, Any]:
    """The six causes of failure with value, limit and whether they warn."""
    return {s.cause: {**asdict(s), "warns": s.warns} for s in view.signals}


# --- month by month


def month_name(book: CityBook, now: datetime) -> str:
    return now.astimezone(book.zone).strftime("%Y-%m")


def write_months(scene: Scene) -> list[str]:
    """On the first of a month write down how each network stands; networks for which that was new.

    A month whose first passed while nothing ran is caught up with later, but a network's first month begins on a
    first. Written once, however often this runs.
    """
    month = month_name(scene.book, scene.now)
    first = scene.now.astimezone(scene.book.zone).day == 1
    fresh = []
    for code in scene.book.networks:
        if rows.month(scene.unit, code, month) or not (first or rows.last_month(scene.unit, code, month)):
            continue
        view = View(scene.unit, scene.book, code, scene.now)
        found = {**figures(view), "health": health(view)}
        scene.unit.add(NetworkMonth(network=code, month=month, at=scene.now, figures=found))
        fresh.append(code)
    return fresh


def pairs(view: View, known: set[tuple[str, str]]) -> list[meetings.Pair]:
    """Who should meet in this network now."""
    return meetings.choose(view.work(), view.ties, known)
