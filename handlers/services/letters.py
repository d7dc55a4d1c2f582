"""What a mail to an agency says about a case."""

from __future__ import annotations

from handlers.messages.mail import Mail, MailAct
from handlers.messages.neutral import Line
from handlers.messages.shorten import shorten
from handlers.messages.texts import say
from handlers.services import cards, mail_links
from handlers.services.gateway_news import News
from handlers.talk import Scene
from store.city_data import AgencyRow
from store.models import Case
from store.queries import cases as rows
from store.queries import gateway_outbox
from store.words import RowState, Status

LANG = "th"
MOST_PHOTOS = 6
_MAIN = {"accept", "done"}


def body(scene: Scene, case: Case, agency: AgencyRow, news: News, lane: str) -> dict[str, object]:
    """The mail as it is kept in the outbox."""
    headline = say(LANG, news.headline)
    where = shorten(cards.place_of(scene, case, LANG), 60)
    what = scene.book.plain_name(case.category, LANG)
    return Mail(
        subject=say(LANG, "mail.subject", code=case.code, headline=headline, what=what, where=where),
        title=scene.book.category_name(case.category, LANG),
        badge=say(LANG, "case.urgent") if case.urgent else headline,
        tone="urgent" if case.urgent else "calm",
        said=shorten(news.words, 2000),
        body=shorten(case.text, 3000),
        lines=_lines(scene, case, agency, news),
        acts=_acts(scene, case, agency) if news.acts else (),
        photos=photo_addresses(scene, case) if news.acts else (),
        photos_label=say(LANG, "mail.photos"),
        notes=_notes(scene, news),
        sender=_sender(scene),
        reply=mail_links.mint(scene, case, agency, mail_links.REPLY) if scene.house.mail_replies else "",
        thread=_thread(scene, lane),
        lang=LANG,
    ).to_json()


def facts(scene: Scene, case: Case, lang: str) -> list[Line]:
    """Number, place, point and promise: what whoever does the work needs."""
    lines = [Line(say(lang, "case.code"), case.code)]
    lines.append(Line(say(lang, "case.where"), shorten(cards.place_of(scene, case, lang, inner=True), 200)))
    if case.lat is not None and case.lon is not None:
        at = f"{case.lat:.6f},{case.lon:.6f}"
        lines.append(Line(say(lang, "case.point"), f"https://www.google.com/maps/search/?api=1&query={at}"))
    due = cards.promise(scene, case, lang)
    return [*lines, due] if due else lines


def _lines(scene: Scene, case: Case, agency: AgencyRow, news: News) -> tuple[Line, ...]:
    lines = facts(scene, case, LANG)
    reason = case.routing_reason.get(LANG)
    if news.task:
        lead = scene.book.agency_name(case.lead, LANG)
        lines = [Line(say(LANG, "case.task"), news.task), Line(say(LANG, "case.lead"), lead), *lines]
    elif reason and case.status == Status.OFFERED:
        lines.append(Line(say(LANG, "case.why_you"), reason))
    return tuple(lines)


def acts_for(case: Case, agency: str) -> tuple[str, ...]:
    """What the agency may do next, the expected first."""
    if case.lead != agency:
        return ("done", "progress") if rows.helper(case, [agency]) else ()
    if case.status == Status.OFFERED:
        return ("accept", "decline", "ask")
    if case.status in (Status.ACCEPTED, Status.IN_PROGRESS):
        return ("done", "progress", "ask", "decline")
    return ("done", "progress") if case.status == Status.WAITING else ()


def label(case: Case, agency: str, do: str, lang: str = LANG) -> str:
    """The words of a button."""
    if do == "done" and case.lead != agency:
        return say(lang, "button.helper_done")
    return say(lang, f"button.{do}")


def _acts(scene: Scene, case: Case, agency: AgencyRow) -> tuple[MailAct, ...]:
    return tuple(
        MailAct(
            label(case, agency.code, do),
            mail_links.mint(scene, case, agency, do),
            "main" if do in _MAIN else "plain",
        )
        for do in acts_for(case, agency.code)
    )


def photo_addresses(scene: Scene, case: Case) -> tuple[str, ...]:
    """Unguessable addresses of the citizens' newest pictures; one that is taken back is gone there too."""
    gone = (RowState.REMOVED, RowState.FAILED)
    shown = [p for p in case.photos if p.person_id and p.role != "after" and p.state not in gone]
    shown = shown[-MOST_PHOTOS:]
    return tuple(f"{scene.house.pages}/media/{photo.token}/full.jpg" for photo in shown)


def _notes(scene: Scene, news: News) -> tuple[str, ...]:
    if not news.acts:
        return ()
    keys = ("mail.links", "mail.replies") if scene.house.mail_replies else ("mail.links",)
    return tuple(say(LANG, key) for key in keys)


def _sender(scene: Scene) -> str:
    city = scene.book.data.city
    return say(LANG, "mail.sender", city=city.name_th, phone=city.phone)


def _thread(scene: Scene, lane: str) -> tuple[str, ...]:
    """Keys of the first and the last mail of this lane, oldest first, each once."""
    earlier = [key for _, key in gateway_outbox.in_lane(scene.unit, lane)]
    return tuple(dict.fromkeys([*earlier[:1], *earlier[-1:]]))
