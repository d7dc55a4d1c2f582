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


class RoleName(StrEnum):
    """What a person may do for an agency or a network."""

    OFFICIAL = "official"
    HEAD = "head"
    COORDINATOR = "coordinator"
    REPRESENTATIVE = "representative"
    ADMINISTRATOR = "administrator"


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


class Purpose(StrEnum):
    """Why a message is sent; quota and statistics count by it."""

    ANSWER = "answer"
    CARD = "card"
    CASE = "case"
    FOLLOWER = "follower"
    REMINDER = "reminder"
    STEP = "step"
    DIGEST = "digest"
    DECISION = "decision"
    ACTIVITY = "activity"


class Member(StrEnum):
    """State of a membership."""

    INVITED = "invited"
    ACTIVE = "active"
    DECLINED = "declined"
    LEFT = "left"
