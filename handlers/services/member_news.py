"""Step 4: what happened to a member's cases and in her network since the last news, and one question.

Planned a page of members at a time. What a network did is counted once per network and rhythm and written once per
language; members who get the very same words share rows of the outbox, which go out as multicasts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from handlers.messages.neutral import Button, Card, Line, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import day
from handlers.rules import five_steps, participation, quota, rhythm
from handlers.rules.five_steps import Act, Standing
from handlers.services import cards, digest_mail, doing, opinions
from handlers.services.pushing import push
from handlers.talk import Scene
from store.models import Case, MailAddress
from store.queries import cases as case_rows
from store.queries import digests as digest_rows
from store.queries import networks as network_rows
from store.queries import news as rows
from store.queries import outbox, people
from store.queries.news import REF as REF
from store.queries.news import Due, Looked
from store.words import Purpose

PAGE = 8000
"""Members looked at in one transaction."""
TOGETHER = 20
"""From so many members with the same words on, they share a row."""
MOST = 500
"""People in one multicast."""
MOST_CASES = 3


@dataclass(frozen=True)
class Did:
    """What a network did in one period."""

    new: list[Case]
    done: list[Case]
    joined: int

    @property
    def fresh(self) -> bool:
        return bool(self.new or self.done)


@dataclass
class Page:
    """What is known while a page is planned."""

    scene: Scene
    asked: set[int]
    mine: dict[tuple[int, str], list[Case]]
    told: dict[int, dict[str, Any]]
    company: set[int]
    mails: dict[int, MailAddress]
    """Who gets her news by mail, which costs nothing of LINE's month."""
    room: int | None = None
    """How many may still be pushed this month; None: as many as there are."""
    did: dict[tuple[str, str], Did] = field(default_factory=dict)
    same: dict[tuple[str, str, str, str | None], list[Due]] = field(default_factory=lambda: defaultdict(list))

    single: list[tuple[int, str, list[dict[str, Any]], str]] = field(default_factory=list)
    """(person, LINE id, messages, name) of those who get words of their own."""
    shown: dict[tuple[str, str, str, str | None], Card] = field(default_factory=dict)

    def card(self, network: str, every: str, lang: str, question: str | None, mine: Sequence[Case]) -> Card:
        """The card; without cases of one's own it is put together once."""
        if mine:
            common = self.card(network, every, lang, question, ())
            return with_own(self.of(network, every), common, mine, lang, question)
        key = (network, every, lang, question)
        if key not in self.shown:
            self.shown[key] = card(self.scene, network, lang, self.of(network, every), question)
        return self.shown[key]

    def of(self, network: str, every: str) -> Did:
        """What the network did in a period of that rhythm."""
        if (network, every) not in self.did:
            since = self.scene.now - five_steps.PERIODS.get(every, five_steps.PERIODS["weekly"])
            found = case_rows.in_network(self.scene.unit, network, since, self.scene.now)
            joined = network_rows.joined_since(self.scene.unit, network, since)
            self.did[network, every] = Did(found["new"], found["done"], joined)
        return self.did[network, every]


def send_due(scene: Scene, asked: set[int]) -> int:
    """Plan the news of one page of members; gives how many people will get a message.

    From the digests' hour on everything that is due on this day goes, so that equal news leave together. ``asked``:
    who has a question already, added to as people are asked.
    """
    if scene.book.quiet(scene.now):
        return 0
    members = rows.due(scene.unit, _until(scene), five_steps.WAITING, PAGE)
    if not members:
        return 0
    page = _page(scene, members, asked)
    looked = [_take(page, member) for member in members]
    sent = sum(one.sent_at == scene.now for one in looked)
    for key, alike in page.same.items():
        _send_alike(page, key, alike)
    rows.to_each(scene.unit, page.single, Purpose.DIGEST, scene.now, scene.machine)
    rows.write(scene.unit, looked)
    return sent if len(members) < PAGE else max(sent, PAGE)


def _until(scene: Scene) -> datetime:
    local = scene.now.astimezone(scene.book.zone)
    if local.hour < rhythm.HOUR:
        return scene.now
    return datetime.combine(local.date() + timedelta(days=1), time(0), scene.book.zone) - timedelta(seconds=1)


def _page(scene: Scene, members: Sequence[Due], asked: set[int]) -> Page:
    ids = [member.person_id for member in members]
    oldest = min(_since(member) for member in members)
    return Page(
        scene,
        asked,
        rows.changed_cases(scene.unit, ids, oldest),
        rows.answered(scene.unit, [member.membership_id for member in members]),
        rows.with_company(scene.unit, ids, scene.now),
        digest_rows.mails_of(scene.unit, ids) if digest_mail.is_on(scene) else {},
        room(scene),
    )


def room(scene: Scene) -> int | None:
    """How many digests the month still has room for; None where the installation keeps no limit."""
    allowed = scene.house.line_month
    if not allowed:
        return None
    spent = outbox.counted_by_purpose(scene.unit, quota.began(scene.machine))
    used = sum(spent.values())
    others = used - spent.get(Purpose.DIGEST, 0)
    waiting = outbox.planned(scene.unit)
    return quota.room_for_digests(quota.Month(allowed, used, others, waiting, quota.passed(scene.machine)))


def _since(member: Due) -> datetime:
    return member.sent_at or member.joined_at or member.due_at


def _take(page: Page, member: Due) -> Looked:
    """Decide about one member: news now, or only the next date."""
    scene = page.scene
    seen = _standing(member)
    act = five_steps.act(seen, max(scene.now, member.due_at))
    wanted = act == Act.NEWS and member.role != "representative" and member.network in scene.book.networks
    spoke = wanted and _tell(page, member)
    _, due_at = five_steps.after(seen, Act.NEWS, scene.now)
    evidence = member.evidence
    if spoke:
        evidence = {**evidence, "times": evidence.get("times", 0) + 1, "open": True}
    return Looked(member.step_id, due_at, scene.now if spoke else member.sent_at, evidence)


def _standing(member: Due) -> Standing:
    joined = member.joined_at or member.due_at
    return Standing(
        number=five_steps.REGULAR,
        state=member.state,
        due_at=member.due_at,
        every=member.every,
        joined_at=joined,
        heard_at=max(member.seen_at, joined),
        sent_at=member.sent_at,
        dormant=member.dormant_at is not None and member.seen_at <= member.dormant_at,
    )


def _tell(page: Page, member: Due) -> bool:
    """Put her news together; False when nothing is new and less than a quarter has passed."""
    scene = page.scene
    since = _since(member)
    mine = [c for c in page.mine.get((member.person_id, member.network), []) if c.changed_at > since]
    did = page.of(member.network, member.every)
    joined = member.joined_at or scene.now
    if not five_steps.news_wanted(bool(mine) or did.fresh, member.sent_at, joined, scene.now):
        return False
    if member.person_id in page.mails:
        return _by_mail(page, member, mine)
    if page.room is not None:
        if page.room <= 0 and member.person_id not in page.company:
            return False  # the month is nearly spent: it waits for her next date, whatever happened since is told then
        page.room -= 1
    question = _question(page, member)
    page.asked.add(member.person_id)
    if mine or member.has_news or member.person_id in page.company:
        return _send_own(page, member, question, mine)
    page.same[member.network, member.every, member.language, question].append(member)
    return True


def _by_mail(page: Page, member: Due, mine: list[Case]) -> bool:
    """The same by mail, without a question: nobody can tap there."""
    person = people.by_ids(page.scene.unit, [member.person_id])[0]
    made = page.card(member.network, member.every, member.language, "", mine)
    once = f"step-{member.step_id}-news-{int(member.due_at.timestamp())}"
    return digest_mail.to_person(page.scene, person, page.mails[member.person_id], [made], once)


def _question(page: Page, member: Due) -> str | None:
    """The first question of step 2 she has not answered, else whether the news are useful; "" when she has one open."""
    if member.person_id in page.asked:
        return ""
    known = page.told.get(member.membership_id, {})
    return next((question for question in opinions.QUESTIONS if question not in known), None)


def _send_own(page: Page, member: Due, question: str | None, mine: list[Case]) -> bool:
    """News with something of her own, or together with what waits for her anyway."""
    scene = page.scene
    made = page.card(member.network, member.every, member.language, question, mine)
    once = f"step-{member.step_id}-news-{int(member.due_at.timestamp())}"
    if member.has_news or member.person_id in page.company:
        person = people.by_ids(scene.unit, [member.person_id])[0]
        return push(scene, person, [made], Purpose.DIGEST, once=once)
    page.single.append((member.person_id, member.line_id, scene.house.render([made]), once))
    return True


def _send_alike(page: Page, key: tuple[str, str, str, str | None], alike: list[Due]) -> None:
    """The same words for everybody: one by one where they are few, else by multicast."""
    network, every, lang, question = key
    scene = page.scene
    if len(alike) < TOGETHER:
        for member in alike:
            _send_own(page, member, question, [])
        return
    made = scene.house.render([page.card(network, every, lang, question, [])])
    for start in range(0, len(alike), MOST):
        group = [(member.person_id, member.line_id) for member in alike[start : start + MOST]]
        rows.to_many(scene.unit, group, made, Purpose.DIGEST, scene.now, scene.machine, f"{REF}{network}")


def card(scene: Scene, network: str, lang: str, did: Did, question: str | None) -> Card:
    """What the network did, then one question (none where ``question`` is "")."""
    row = scene.book.networks[network]
    name = scene.book.name(row, lang)
    counted = (("new", len(did.new)), ("done", len(did.done)), ("joined", did.joined))
    lines = [Line(say(lang, f"digest.{which}"), str(n)) for which, n in counted if n]
    lines.append(Line(say(lang, "level.title"), participation.promise(row.level, lang, say)))
    fixed = [f"• {_fixed(scene, case, lang)}" for case in did.done[:MOST_CASES]]
    body = [say(lang, "news.fixed"), *fixed] if fixed else [] if did.new else [say(lang, "digest.quiet")]
    title = say(lang, "news.title", name=name)
    return Card(
        title,
        shorten("\n".join([*body, *_asked(lang, question)]).strip(), 900),
        tuple(lines),
        _buttons(scene, network, lang, question),
        badge=day(scene.now, scene.now, scene.book.zone, lang),
        alt=shorten(title, 200),
    )


def _asked(lang: str, question: str | None) -> list[str]:
    if question == "":
        return []
    return ["", say(lang, f"opinion.{question}") if question else say(lang, "news.useful")]


def with_own(did: Did, common: Card, mine: Sequence[Case], lang: str, question: str | None) -> Card:
    """Her own cases before what the network did, unless that were hers alone."""
    told = [f"{case.code} {cards.status_of(case, lang)}" for case in mine[:MOST_CASES]]
    others = {case.id for case in did.done} - {case.id for case in mine}
    rest = [common.body] if others else _asked(lang, question)
    body = "\n".join([say(lang, "news.yours"), *told, *rest])
    return replace(common, body=shorten(body, 900))


def _fixed(scene: Scene, case: Case, lang: str) -> str:
    return shorten(f"{scene.book.category_name(case.category, lang)} {cards.place_of(scene, case, lang)}", 80)


def _buttons(scene: Scene, network: str, lang: str, question: str | None) -> tuple[Button, ...]:
    often = tap(say(lang, "button.how_often"), "digest.freq", style="quiet", network=network)
    show = tap(say(lang, "button.network_show"), "network.show", network=network)
    if question:
        answers = opinions.QUESTIONS[question]
        asked = [
            tap(say(lang, f"opinion.{question}_{a}"), "opinion", network=network, q=question, a=a)
            for a in answers
        ]
        return (*asked, often)
    useful = (
        tap(say(lang, "button.news_good"), "checkin", style="main", ref=f"{REF}{network}", a="good"),
        tap(say(lang, "button.news_tell"), "checkin", ref=f"{REF}{network}", a="tell"),
    )
    together = doing.buttons(scene, network, lang, leads=False)[:2]
    return (*(() if question == "" else useful), *together, show, often)
