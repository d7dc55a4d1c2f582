"""The city as data: loaded from the city folder, never edited by code or migrations."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Code, Codes, Instant, Json, Key, Long, Machine, Word
from store.types import Data


class City(Base):
    """The one municipality of this installation (row 1)."""

    __tablename__ = "city"
    id: Mapped[Key]
    code: Mapped[Code]
    prefix: Mapped[Word]
    name_th: Mapped[Long]
    name_en: Mapped[Long]
    data: Mapped[Json]
    clock_offset: Mapped[Machine] = mapped_column(default=0.0)
    """Seconds that the city clock runs ahead of the machine; zero in production."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts up at every load, so that processes know when to read the city again."""


class Area(Base):
    __tablename__ = "area"
    code: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    name_th: Mapped[Long]
    name_en: Mapped[Long]
    level: Mapped[Word]
    parent: Mapped[Code] = mapped_column(default="")
    lat: Mapped[float]
    lon: Mapped[float]
    radius_m: Mapped[float]
    inside: Mapped[bool] = mapped_column(default=False)
    aliases: Mapped[Codes] = mapped_column(default=list)
    shape: Mapped[list[Any]] = mapped_column(Data, default=list, server_default="[]")
    """Its border as rings of (latitude, longitude); empty where only centre and radius are known."""


class Landmark(Base):
    """A village, temple, market, road … that people name when they say where."""

    __tablename__ = "landmark"
    id: Mapped[Key]
    name: Mapped[Long]
    kind: Mapped[Word]
    area: Mapped[Code]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    aliases: Mapped[Codes] = mapped_column(default=list)


class Category(Base):
    __tablename__ = "category"
    code: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    group: Mapped[Word]
    name_th: Mapped[Long]
    name_en: Mapped[Long]
    mandate: Mapped[Word]
    ack_hours: Mapped[float]
    finish_hours: Mapped[float]
    urgent_ack_hours: Mapped[float]
    emoji: Mapped[Word]
    keywords: Mapped[Codes] = mapped_column(default=list)
    plan_hours: Mapped[float] = mapped_column(default=0.0, server_default="0")
    urgent_plan_hours: Mapped[float] = mapped_column(default=0.0, server_default="0")
    urgent_finish_hours: Mapped[float] = mapped_column(default=0.0, server_default="0")


class Agency(Base):
    __tablename__ = "agency"
    code: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    name_th: Mapped[Long]
    name_en: Mapped[Long]
    short_th: Mapped[Long]
    sector: Mapped[Word]
    powers: Mapped[Codes] = mapped_column(default=list)
    areas: Mapped[Codes] = mapped_column(default=list)
    gateway: Mapped[Word]
    phone: Mapped[Long] = mapped_column(default="")
    email: Mapped[Long] = mapped_column(default="")
    opens: Mapped[Word]
    closes: Mapped[Word]
    days: Mapped[Codes] = mapped_column(default=list)
    """ISO weekdays as digits, Monday = "1"."""
    parent: Mapped[Code] = mapped_column(default="")
    head_title_th: Mapped[Long] = mapped_column(default="")
    endpoint: Mapped[Long] = mapped_column(default="", server_default="")
    """Address of the agency's own system, for gateways that speak to one."""
    secret: Mapped[Long] = mapped_column(default="", server_default="")
    """Where its key is found ("env:NAME"); never the key itself."""
    remote_id: Mapped[Long] = mapped_column(default="", server_default="")
    """What the other system calls the agency."""
    intake: Mapped[bool] = mapped_column(default=False, server_default=false())
    """What is reported to it in the other system becomes a case here."""


class ServiceCode(Base):
    """What an agency's Open311 server calls a category."""

    __tablename__ = "service_code"
    id: Mapped[Key]
    agency: Mapped[Code]
    category: Mapped[Code]
    service_code: Mapped[Long]


class Template(Base):
    """A ready answer of an agency ("*": of all), with blanks such as ``{code}``."""

    __tablename__ = "template"
    id: Mapped[Key]
    agency: Mapped[Code]
    code: Mapped[Code]
    name_th: Mapped[Long]
    name_en: Mapped[Long]
    text_th: Mapped[Long]
    text_en: Mapped[Long]


class RoutingRow(Base):
    """Area × category × mandate × integrator → lead and helpers; the first row in order that fits wins."""

    __tablename__ = "routing_row"
    id: Mapped[Key]
    position: Mapped[int]
    area: Mapped[Code]
    category: Mapped[Code]
    lead: Mapped[Code]
    helpers: Mapped[list[list[str]]] = mapped_column(Data, default=list)
    """Pairs of agency code and task."""
    reason_th: Mapped[Long]
    reason_en: Mapped[Long]
    mandate: Mapped[Word] = mapped_column(default="*", server_default="*")
    integrator: Mapped[Code] = mapped_column(default="*", server_default="*")


class RoutingVersion(Base):
    """One state of the routing rows: since when, from where, what changed, and what it would have changed before."""

    __tablename__ = "routing_version"
    id: Mapped[Key]
    at: Mapped[Instant]
    source: Mapped[Word]
    """"folder" (loaded by an operator) or "console" (changed by an administrator there)."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Data)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Data, default=list)
    effect: Mapped[Json] = mapped_column(default=dict)


class Network(Base):
    """An issue network: issue × area, with a goal and conditions of membership."""

    __tablename__ = "network"
    code: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    name_th: Mapped[Long]
    name_en: Mapped[Long]
    goal_th: Mapped[Long]
    goal_en: Mapped[Long]
    categories: Mapped[Codes] = mapped_column(default=list)
    areas: Mapped[Codes] = mapped_column(default=list)
    integrator: Mapped[Code]
    conditions_th: Mapped[Long]
    conditions_en: Mapped[Long]
    level: Mapped[Word]
    kind: Mapped[Word]
    integration: Mapped[Word] = mapped_column(default="state", server_default="state")
    consensus: Mapped[float] = mapped_column(default=0.7, server_default="0.7")
    quorum: Mapped[float] = mapped_column(default=0.2, server_default="0.2")
    quorum_least: Mapped[int] = mapped_column(default=2, server_default="2")
    rounds: Mapped[int] = mapped_column(default=2, server_default="2")
    days: Mapped[int] = mapped_column(default=7, server_default="7")
    structure: Mapped[Word] = mapped_column(default="horizontal", server_default="horizontal")
    founded: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Made in the chat or by an administrator, so that loading the folder again leaves it alone."""


class Faq(Base):
    """A question people ask often, in several wordings, with the city's answer."""

    __tablename__ = "faq"
    code: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    questions: Mapped[Codes] = mapped_column(default=list)
    answer_th: Mapped[Long]
    answer_en: Mapped[Long]
    agency: Mapped[Code] = mapped_column(default="")
    link: Mapped[Long] = mapped_column(default="")


class CityText(Base):
    """A sentence of the bot in the city's own words; empty where it says what the program brings."""

    __tablename__ = "city_text"
    key: Mapped[Word] = mapped_column(primary_key=True)
    th: Mapped[Long] = mapped_column(default="", server_default="")
    en: Mapped[Long] = mapped_column(default="", server_default="")


class Holiday(Base):
    """A day the city adds to (+) or takes from (-) the national calendar."""

    __tablename__ = "holiday"
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    change: Mapped[Word]
    name_th: Mapped[Long]
