"""How an activity is shown, and what the clock does for it: calls, reminders, thanks, the turn of the next host."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.messages.neutral import Button, Card, Line, Message, Picture, Text, tap
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.messages.times import moment
from handlers.rules import gathering, participation
from handlers.rules.gathering import GOING, WAITING
from handlers.services import activities, ballots, calls, cards
from handlers.services.activities import Host
from handlers.services.pushing import push
from handlers.talk import Scene
from store.models import Activity, Person, Photo, Signup
from store.queries import activities as rows
from store.queries import cases as case_rows
from store.queries import people
from store.words import Purpose, RoleName

DRAFT_FOR = timedelta(days=30)
MOST_PHOTOS = 3
"""LINE takes five messages in one send: the thanks, the minutes and these."""


def card(
    scene: Scene, activity: Activity, lang: str, *, badge: str = "", buttons: Sequence[Button] = ()
) -> Card:
    """What, when, where, with whom, and how many places are left."""
    lines = [Line(say(lang, "activity.kind"), say(lang, f"kind.{activity.kind}"))]
    if activity.starts_at:
        when = moment(activity.starts_at, scene.now, scene.book.zone, lang)
        lines.append(Line(say(lang, "activity.when"), when))
    lines.append(Line(say(lang, "activity.where"), shorten(activity.place, 200)))
    host = activities.host_name(scene, Host(activity.host_agency, activity.host_id), lang)
    lines.append(Line(say(lang, "activity.host"), host))
    lines.append(Line(say(lang, "activity.places"), _places(scene, activity, lang)))
    case = case_rows.by_id(scene.unit, activity.case_id) if activity.case_id else None
    if case is not None:
        lines.append(Line(say(lang, "case.code"), case.code))
    level = activity.level or participation.of_activity(activity.kind)
    lines.append(Line(say(lang, "level.title"), participation.promise(level, lang, say)))
    name = ballots.network_name(scene, activity.network, lang)
    return Card(
        title=shorten(activity.title, 200),
        lines=tuple(lines),
        buttons=tuple(buttons),
        badge=shorten(badge or name, 60),
        alt=shorten(f"{badge or name}: {activity.title}", 300),
    )


def _places(scene: Scene, activity: Activity, lang: str) -> str:
    going = rows.number(scene.unit, activity.id, GOING)
    if activity.most is None:
        return say(lang, "activity.going", n=going)
    waiting = rows.number(scene.unit, activity.id, WAITING)
    key = "activity.full" if going >= activity.most else "activity.going_of"
    return say(lang, key, n=going, most=activity.most, waiting=waiting)


def join_button(activity: Activity, lang: str) -> Button:
    return tap(say(lang, "button.activity_join"), "activity.join", style="main", activity=activity.id)


def leave_button(activity: Activity, lang: str) -> Button:
    return tap(say(lang, "button.activity_leave"), "activity.leave", style="quiet", activity=activity.id)


def call(scene: Scene, activity: Activity) -> int:
    """One push per member who wants news."""

    def build(person: Person) -> list[Message]:
        lang = person.language
        return [
            card(
                scene,
                activity,
                lang,
                badge=say(lang, "activity.call"),
                buttons=(join_button(activity, lang),),
            )
        ]

    return calls.round_up(scene, activity.network, f"activity-{activity.id}", build, Purpose.ACTIVITY)


def to_signed_up(scene: Scene, activity: Activity, key: str, once: str, but: Person) -> int:
    """The same news to everybody on a list, once, but not to who just said it."""
    signed = rows.signups(scene.unit, activity.id, (GOING, WAITING))
    due = scene.book.next_allowed(scene.now)
    told = 0
    for person in people.by_ids(scene.unit, {signup.person_id for signup in signed} - {but.id}):
        lang = person.language
        buttons = () if activity.state == "cancelled" else (leave_button(activity, lang),)
        shown: list[Message] = [
            Text(say(lang, key, title=activity.title)),
            card(scene, activity, lang, buttons=buttons),
        ]
        sent = scene.post.send(person, shown, Purpose.ACTIVITY, once=f"{once}-{person.id}", due_at=due)
        told += sent is not None
    return told


def tell_risen(scene: Scene, activity: Activity, risen: Sequence[Signup]) -> None:
    """A place has become free."""
    for signup in risen:
        for person in people.by_ids(scene.unit, [signup.person_id]):
            lang = person.language
            shown: list[Message] = [
                Text(say(lang, "activity.risen", title=activity.title)),
                card(scene, activity, lang, buttons=(leave_button(activity, lang),)),
            ]
            once = f"risen-{activity.id}-{person.id}-{signup.at.timestamp():.0f}"
            due = scene.book.next_allowed(scene.now)
            scene.post.send(person, shown, Purpose.ACTIVITY, once=once, due_at=due)


def leave_all(scene: Scene, person: Person, network: str | None = None) -> None:
    """She leaves the network (or everything): her places go to those who wait for them."""
    for activity, signup in rows.of_person(scene.unit, person.id):
        if activity.state == "open" and signup.came_at is None and network in (None, activity.network):
            _, risen = activities.leave(scene, activity, person)
            tell_risen(scene, activity, risen)


def thanks(scene: Scene, activity: Activity, but: Person) -> int:
    """Minutes and pictures to everybody who signed up; thanks, with the number, to those who came."""
    signed = {s.person_id: s for s in rows.signups(scene.unit, activity.id, (GOING, WAITING))}
    return sum(
        _thank(scene, activity, person, came=signed[person.id].came_at is not None)
        for person in people.by_ids(scene.unit, signed.keys() - {but.id})
    )


def _thank(scene: Scene, activity: Activity, person: Person, *, came: bool) -> bool:
    """Held until the last picture can be seen."""
    key = "activity.thanks" if came else "activity.missed"
    words = say(person.language, key, title=activity.title, n=rows.came(scene.unit, activity.id))
    text = shorten(f"{words}\n\n{activity.minutes}".strip(), 4500)
    sent = scene.post.send(
        person,
        [Text(text), *_photos(scene, activity)],
        Purpose.ACTIVITY,
        once=f"thanks-{activity.id}-{person.id}",
        due_at=scene.book.next_allowed(scene.now),
        photo_id=activity.photos[-1] if activity.photos else None,
    )
    return sent is not None


def _photos(scene: Scene, activity: Activity) -> list[Message]:
    found: list[Message] = []
    for photo_id in activity.photos[:MOST_PHOTOS]:
        photo = scene.unit.get(Photo, photo_id)
        full, small = (
            (cards.photo_url(scene, photo), cards.photo_url(scene, photo, "small")) if photo else (None, None)
        )
        if full and small:
            found.append(Picture(full, small))
    return found


# --- the clock


def run(scene: Scene) -> int:
    """Everything that is due for activities. In quiet hours nothing is, for all of it speaks to people."""
    if scene.book.quiet(scene.now):
        return 0
    done = 0
    for activity in rows.all_open(scene.unit):
        if activity.network in scene.book.networks and activity.starts_at is not None:
            done += _open(scene, activity)
    return done + _half_years(scene)


def clean_up(scene: Scene) -> int:
    return rows.drop_old_drafts(scene.unit, scene.now - DRAFT_FOR)


def _open(scene: Scene, activity: Activity) -> int:
    assert activity.starts_at is not None
    if scene.now < activity.starts_at:
        return call(scene, activity) + _remind(scene, activity)
    if scene.now >= activity.starts_at + gathering.FORGOTTEN_AFTER:
        activities.finish(scene, activity)
        return 1
    if scene.now >= activity.starts_at + gathering.ASK_AFTER and activity.asked_at is None:
        activity.asked_at = scene.now
        calls.to_representatives(
            scene,
            activity.network,
            lambda person: [how_was_it(activity, person.language)],
            Purpose.REMINDER,
            f"how-{activity.id}",
        )
        return 1
    return 0


def _remind(scene: Scene, activity: Activity) -> int:
    """The day before at five, to those who have a place, with the button to say that she is there."""
    assert activity.starts_at is not None
    if activity.reminded_at is not None or scene.now < gathering.remind_from(
        activity.starts_at, scene.book.zone
    ):
        return 0
    activity.reminded_at = scene.now
    going = rows.signups(scene.unit, activity.id, (GOING,))
    for person in people.by_ids(scene.unit, [signup.person_id for signup in going]):
        lang = person.language
        here = tap(say(lang, "button.here"), "activity.here", style="main", activity=activity.id)
        badge = say(lang, "activity.reminder")
        shown = card(scene, activity, lang, badge=badge, buttons=(here, leave_button(activity, lang)))
        once = f"tomorrow-{activity.id}-{activity.version}-{person.id}"
        push(scene, person, [shown], Purpose.ACTIVITY, once=once)
    return 1


def how_was_it(activity: Activity, lang: str) -> Card:
    """To the representative, after it was held."""
    buttons = (
        tap(say(lang, "button.minutes"), "activity.report", style="main", activity=activity.id),
        tap(say(lang, "button.activity_cancel"), "activity.cancel", style="quiet", activity=activity.id),
    )
    title = say(lang, "activity.how", title=shorten(activity.title, 150))
    return Card(title=title, body=say(lang, "activity.how_body"), buttons=buttons)


def _half_years(scene: Scene) -> int:
    """At least two activities a year: a network that did nothing together for half a year hears whose turn it is."""
    return sum(
        _half_year(scene, person, network)
        for person, network in people.representatives(scene.unit)
        if network in scene.book.networks
    )


def _half_year(scene: Scene, person: Person, network: str) -> int:
    role = people.role(scene.unit, person, RoleName.REPRESENTATIVE, None, network)
    since = rows.last_start(scene.unit, network) or (role.since if role else scene.now)
    passed = gathering.half_years(since, scene.now)
    if not passed:
        return 0
    lang = person.language
    host = next(iter(activities.next_hosts(scene, network)), Host())
    name = ballots.network_name(scene, network, lang)
    turn = activities.host_name(scene, host, lang) or say(lang, "activity.host_you")
    new = tap(say(lang, "button.activity_new"), "activity.new", style="main", network=network)
    shown = Card(title=say(lang, "activity.half_year", name=name, host=turn), buttons=(new,))
    once = f"half-year-{network}-{since.date().isoformat()}-{passed}-{person.id}"
    if not push(scene, person, [shown], Purpose.REMINDER, once=once):
        return 0
    calls.note(scene, once.removesuffix(f"-{person.id}")[:60], person)
    return 1
