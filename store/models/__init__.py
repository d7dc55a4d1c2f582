"""Mapped classes by topic. Import them from here so that every table is known to the metadata."""

from store.models.activities import Activity, Signup
from store.models.base import Base
from store.models.cases import Case, CaseNumber, Deadline, Follower, Helper, History, Photo, Report
from store.models.city import Agency, Area, Category, City, Holiday, Landmark, Network, RoutingRow
from store.models.clock import JobRun, Lease
from store.models.decisions import Call, Objection, Poll, Promise, Round, Statement, Vote
from store.models.learning import Correction
from store.models.mail import Inbox, Outbox
from store.models.networks import CheckIn, Digest, Membership, Step
from store.models.people import Conversation, Invite, InviteTry, Person, Role

__all__ = [
    "Activity",
    "Agency",
    "Area",
    "Base",
    "Call",
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
    "Objection",
    "Outbox",
    "Person",
    "Photo",
    "Poll",
    "Promise",
    "Report",
    "Role",
    "Round",
    "RoutingRow",
    "Signup",
    "Statement",
    "Step",
    "Vote",
]
