"""Mapped classes by topic. Import them from here so that every table is known to the metadata."""

from store.models.base import Base
from store.models.cases import Case, CaseNumber, Deadline, Follower, Helper, History, Photo, Report, Trace
from store.models.city import Agency, Area, Category, City, Holiday, Landmark, Network, RoutingRow, Template
from store.models.clock import JobRun, Lease
from store.models.learning import Correction
from store.models.mail import Inbox, Outbox
from store.models.networks import CheckIn, Digest, Membership, Step
from store.models.people import Conversation, Invite, InviteTry, Person, Role

__all__ = [
    "Agency",
    "Area",
    "Base",
    "Case",
    "CaseNumber",
    "Category",
    "CheckIn",
    "City",
    "Conversation",
    "Correction",
    "Deadline",
    "Digest",
    "Follower",
    "Helper",
    "History",
    "Holiday",
    "Inbox",
    "Invite",
    "InviteTry",
    "JobRun",
    "Landmark",
    "Lease",
    "Membership",
    "Network",
    "Outbox",
    "Person",
    "Photo",
    "Report",
    "Role",
    "RoutingRow",
    "Step",
    "Template",
    "Trace",
]
