"""New cases as Atom and RSS: of the whole city, an area, an issue or a network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from bot.web.opendata.texts import texts
from handlers.city import CityBook
from handlers.services.cards import status_name
from handlers.services.open_cases import OpenCase
from handlers.services.reports import iso
from store.city_data import AreaRow, CategoryRow, NetworkRow
from store.queries.open_cases import Wanted

ATOM, RSS = "atom", "rss"
TYPES = {ATOM: "application/atom+xml; charset=utf-8", RSS: "application/rss+xml; charset=utf-8"}
ENTRIES = 50
_ATOM_SPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def chosen(book: CityBook, what: str, code: str, lang: str) -> tuple[Wanted, str] | None:
    """(which cases, the name of what they have in common); None for what the city does not have."""
    if what == "all":
        return Wanted(), ""
    row: AreaRow | CategoryRow | NetworkRow | None
    if what == "area":
        row, wanted = book.areas.get(code), Wanted(area=code)
    elif what == "issue":
        row, wanted = book.categories.get(code), Wanted(categories=[code])
    else:
        row, wanted = book.networks.get(code), Wanted(network=code)
    return (wanted, book.name(row, lang)) if row else None


@dataclass(frozen=True)
class Feed:
    """``address``: of the feed itself; ``pages``: the public address of the site; ``of``: a name, or "" for all."""

    book: CityBook
    lang: str
    pages: str
    address: str
    of: str
    now: datetime

    @property
    def title(self) -> str:
        city = self.book.data.city
        name = city.name_en if self.lang == "en" else city.name_th
        words = texts(self.lang)["feed"]
        return str((words["of"] if self.of else words["title"]).format(city=name, what=self.of))

    def title_of(self, case: OpenCase) -> str:
        kind, status = self.book.plain_name(case.category, self.lang), status_name(case.status, self.lang)
        return str(texts(self.lang)["feed"]["entry"].format(kind=kind, status=status))

    def words_of(self, case: OpenCase) -> str:
        """What, where, who: each on a line of its own."""
        words = texts(self.lang)["feed"]
        area = self.book.areas.get(case.area or "")
        place = case.place or (self.book.name(area, self.lang) if area else "")
        lead = self.book.agency_name(case.lead, self.lang)
        lines = [
            case.text if case.words else words["private"],
            words["where"].format(place=place) if place else "",
            words["lead"].format(lead=lead) if lead else "",
        ]
        return "\n".join(line for line in lines if line)

    def link_of(self, case: OpenCase) -> str:
        return f"{self.pages}/cases/{case.code}" if case.public else f"{self.pages}/open-data"

    def id_of(self, case: OpenCase) -> str:
        """A name that stays, whatever address the site moves to later (RFC 4151)."""
        host = urlsplit(self.pages).hostname or "localhost"
        return f"tag:{host},{case.opened_at:%Y-%m-%d}:case/{case.code}"


def atom(feed: Feed, cases: Sequence[OpenCase]) -> bytes:
    root = Element("feed", {"xmlns": _ATOM_SPACE, "xml:lang": feed.lang})
    city = feed.book.data.city
    _text(root, "title", feed.title)
    _text(root, "id", feed.address)
    SubElement(root, "link", {"rel": "self", "href": feed.address})
    SubElement(root, "link", {"rel": "alternate", "href": f"{feed.pages}/open-data", "type": "text/html"})
    _text(root, "updated", iso(max((c.changed_at for c in cases), default=feed.now)) or "")
    _text(root, "rights", f"{city.licence} {city.licence_url}")
    author = SubElement(root, "author")
    _text(author, "name", city.name_en if feed.lang == "en" else city.name_th)
    for case in cases:
        entry = SubElement(root, "entry")
        _text(entry, "title", feed.title_of(case))
        _text(entry, "id", feed.id_of(case))
        SubElement(entry, "link", {"rel": "alternate", "href": feed.link_of(case)})
        _text(entry, "published", iso(case.opened_at) or "")
        _text(entry, "updated", iso(case.changed_at) or "")
        SubElement(entry, "category", {"term": case.category})
        _text(entry, "content", feed.words_of(case)).set("type", "text")
    return _document(root)


def rss(feed: Feed, cases: Sequence[OpenCase]) -> bytes:
    root = Element("rss", {"version": "2.0", "xmlns:atom": _ATOM_SPACE})
    channel = SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", f"{feed.pages}/open-data")
    _text(channel, "description", feed.title)
    _text(channel, "language", feed.lang)
    link = {"rel": "self", "href": feed.address, "type": "application/rss+xml"}
    SubElement(channel, "atom:link", link)
    for case in cases:
        item = SubElement(channel, "item")
        _text(item, "title", feed.title_of(case))
        _text(item, "link", feed.link_of(case))
        _text(item, "description", feed.words_of(case))
        _text(item, "category", feed.book.plain_name(case.category, feed.lang))
        _text(item, "guid", feed.id_of(case)).set("isPermaLink", "false")
        _text(item, "pubDate", format_datetime(case.opened_at.astimezone(UTC), usegmt=True))
    return _document(root)


WRITERS = {ATOM: atom, RSS: rss}


def _text(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name)
    made.text = _NOT_XML.sub("", text)
    return made


def _document(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(
        root, "utf-8", xml_declaration=False
    )
