"""Words that columns and rules share: statuses, roles, sectors, mandates and the states of rows."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands (the lifecycle table lives in ``handlers.rules.lifecycle``)."""

    NEW = "new"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting_citizen"
    DONE = "done"
    CLOSED = "closed"
    REOPENED = "reopened"
    REJECTED = "rejected"
    MERGED = "merged"


OPEN = (Status.NEW, Status.OFFERED, Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING, Status.REOPENED)
"""Statuses in which somebody still owes the citizen something."""

FIXED = (Status.DONE, Status.CLOSED)
"""Statuses in which the agency has said that it is done."""


class CaseKind(StrEnum):
    """What a citizen wants with a case."""

    PROBLEM = "problem"
    QUESTION = "question"
    SUGGESTION = "suggestion"


LEAD_CLOCKS = ("ack", "plan", "finish", "promise")
"""Kinds of promises that the lead makes; those of helpers are their own and never make the case late."""


class RoleName(StrEnum):
    """What a person may do for an agency or a network."""

    OFFICIAL = "official"
    HEAD = "head"
    COORDINATOR = "coordinator"
    REPRESENTATIVE = "representative"
    ADMINISTRATOR = "administrator"


LEADS = ("lead", "colead", "representative")
"""Roles of members who act for their network: each of them represents it."""

AGENCY_ROLES = (RoleName.OFFICIAL, RoleName.HEAD, RoleName.COORDINATOR)


class RowState(StrEnum):
    """Life of an inbox, outbox or photo row."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    SKIPPED = "skipped"
    PARKED = "parked"
    HELD = "held"
    FAILED = "failed"
    """A photo that never became a picture."""
    REMOVED = "removed"


LINE, EMAIL, WEBHOOK, OPEN311, TRAFFY = "line", "email", "webhook", "open311", "traffy"
"""Channels of the outbox; those of other systems are named after their gateway."""


class Purpose(StrEnum):
    """Why a message is sent; quota and statistics count by it."""

    ANSWER = "answer"
    CARD = "card"
    CASE = "case"
    FOLLOWER = "follower"
    REMINDER = "reminder"
    STEP = "step"
    DIGEST = "digest"
    AGENCY = "agency"
    """To an agency by its gateway."""
    EVENT = "event"
    """To a webhook of somebody else's system."""
    DECISION = "decision"
    ACTIVITY = "activity"


class Member(StrEnum):
    """State of a membership."""

    INVITED = "invited"
    ACTIVE = "active"
    DECLINED = "declined"
    LEFT = "left"
