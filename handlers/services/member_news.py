"""Step 4: what happened to a member's cases and in her network since the last news, and one question.

Planned a page of members at a time. What a network did is counted once per network and rhythm and written once per
language; members who get the very same words share rows of the outbox, which go out as multicasts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from handlers.messages.neutral import Card
from handlers.rules import five_steps, quota, rhythm
from handlers.rules.five_steps import Act, Standing
from handlers.services import digest_mail, news_cards, opinions
from handlers.services.news_cards import Did
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
from store.words import LEADS, Purpose

PAGE = 8000
"""Members looked at in one transaction."""
TOGETHER = 20
"""From so many members with the same words on, they share a row."""
MOST = 500
"""People in one multicast."""


class Words(NamedTuple):
    """What decides the words of news: members in whom all of it is equal get the very same."""

    network: str
    every: str
    lang: str
    question: str | None
    mine: tuple[int, ...] = ()
    """Ids of her own cases that changed."""


@dataclass
class Page:
    """What is known while a page is planned."""

    scene: Scene
    asked: set[int]
    mine: dict[tuple[int, str], list[Case]]
    mails: dict[int, MailAddress]
    """Who gets her news by mail, which costs nothing of LINE's month."""
    several: set[int]
    """Whom more than one network has news for: they get one message."""
    room: int | None = None
    """How many may still be pushed this month; None: as many as there are."""
    did: dict[tuple[str, str], Did] = field(default_factory=dict)
    same: dict[Words, list[Due]] = field(default_factory=lambda: defaultdict(list))
    single: list[tuple[int, str, list[dict[str, Any]], str]] = field(default_factory=list)
    """(person, LINE id, messages, name) of those whose words too few others get."""
    shown: dict[Words, Card] = field(default_factory=dict)
    own: dict[Words, list[Case]] = field(default_factory=dict)
    """The cases behind the ids."""

    def card(self, words: Words) -> Card:
        """The card, put together once for everybody who gets these words."""
        if words not in self.shown:
            self.shown[words] = self._own(words) if words.mine else self._common(words)
        return self.shown[words]

    def _common(self, words: Words) -> Card:
        did = self.of(words.network, words.every)
        return news_cards.common(self.scene, words.network, words.lang, did, words.question)

    def _own(self, words: Words) -> Card:
        common = self.card(words._replace(mine=()))
        did = self.of(words.network, words.every)
        return news_cards.with_own(did, common, self.own[words], words.lang, words.question)

    def of(self, network: str, every: str) -> Did:
        """What the network did in a period of that rhythm."""
        if (network, every) not in self.did:
            since = self.scene.now - five_steps.PERIODS.get(every, five_steps.PERIODS["weekly"])
            found = case_rows.in_network(self.scene.unit, network, since, self.scene.now)
            joined = network_rows.joined_since(self.scene.unit, network, since)
            self.did[network, every] = Did(found["new"], found["done"], joined)
        return self.did[network, every]


def send_due(scene: Scene, asked: set[int], most: int = PAGE) -> int:
    """Plan the news of one page of members; gives how many people will get a message.

    From the digests' hour on everything that is due on this day goes, so that equal news leave together. ``asked``:
    who has a question already, added to as people are asked; ``most``: members on the page.
    """
    if scene.book.quiet(scene.now):
        return 0
    members = rows.due(scene.unit, scene.now, _until(scene), most)
    if not members:
        return 0
    page = _page(scene, members, asked)
    looked = [_take(page, member) for member in members]
    sent = sum(one.sent_at is not None for one in looked)
    for words, alike in page.same.items():
        _send_alike(page, words, alike)
    rows.to_each(scene.unit, page.single, Purpose.DIGEST, scene.now, scene.machine)
    rows.write(scene.unit, looked)
    return sent if len(members) < most else max(sent, most)


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
        digest_rows.mails_of(scene.unit, ids) if digest_mail.is_on(scene) else {},
        {person_id for person_id, times in Counter(ids).items() if times > 1},
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
    wanted = act == Act.NEWS and member.role not in LEADS and member.network in scene.book.networks
    spoke = wanted and _tell(page, member)
    _, due_at = five_steps.after(seen, Act.NEWS, scene.now)
    evidence = member.evidence
    if spoke:
        evidence = {**evidence, "times": evidence.get("times", 0) + 1, "open": True}
    return Looked(member.step_id, due_at, scene.now if spoke else None, evidence)


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
        if page.room <= 0 and not member.company:
            return False  # the month is nearly spent: it waits for her next date, whatever happened since is told then
        page.room -= 1
    words = _words(page, member, _question(page, member), mine)
    page.asked.add(member.person_id)
    if member.has_news or member.company or member.person_id in page.several:
        return _send_along(page, member, words)
    page.same[words].append(member)
    return True


def _words(page: Page, member: Due, question: str | None, mine: list[Case]) -> Words:
    ids = tuple(case.id for case in mine)
    words = Words(member.network, member.every, member.language, question, ids)
    if mine:
        page.own[words] = mine
    return words


def _by_mail(page: Page, member: Due, mine: list[Case]) -> bool:
    """The same by mail, without a question: nobody can tap there."""
    person = people.by_ids(page.scene.unit, [member.person_id])[0]
    made = page.card(_words(page, member, "", mine))
    return digest_mail.to_person(page.scene, person, page.mails[member.person_id], [made], _name(member))


def _name(member: Due) -> str:
    """The name of these news of hers, by which they are written once."""
    return f"step-{member.step_id}-news-{int(member.due_at.timestamp())}"


def _question(page: Page, member: Due) -> str | None:
    """The first question of step 2 she has not answered, else whether the news are useful; "" when she has one open."""
    if member.person_id in page.asked:
        return ""
    known = member.told or {}
    return next((question for question in opinions.QUESTIONS if question not in known), None)


def _send_along(page: Page, member: Due, words: Words) -> bool:
    """Together with what waits for her anyway."""
    person = people.by_ids(page.scene.unit, [member.person_id])[0]
    return push(page.scene, person, [page.card(words)], Purpose.DIGEST, once=_name(member))


def _send_alike(page: Page, words: Words, alike: list[Due]) -> None:
    """The same words for everybody: one by one where they are few, else by multicast."""
    scene = page.scene
    made = scene.house.render([page.card(words)])
    if len(alike) < TOGETHER:
        page.single += [(member.person_id, member.line_id, made, _name(member)) for member in alike]
        return
    for start in range(0, len(alike), MOST):
        group = [(member.person_id, member.line_id) for member in alike[start : start + MOST]]
        rows.to_many(
            scene.unit, group, made, Purpose.DIGEST, scene.now, scene.machine, f"{REF}{words.network}"
        )
