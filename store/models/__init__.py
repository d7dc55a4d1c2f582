"""Mapped classes by topic. Import them from here so that every table is known to the metadata."""

from store.models.base import Base
from store.models.cases import Case, CaseNumber, Deadline, Follower, Helper, History, Photo, Report
from store.models.charters import Agreement, CaseNetwork, Charter, NetworkLink, Proposal
from store.models.city import Agency, Area, Category, City, Faq, Holiday, Landmark, Network, RoutingRow
from store.models.clock import JobRun, Lease
from store.models.learning import Correction, PastCase, Training, UsualTime
from store.models.mail import Inbox, MailLink, Outbox, Webhook
from store.models.networks import CheckIn, Digest, Membership, Opinion, Step, Task
from store.models.people import Conversation, Invite, InviteTry, Person, Role
from store.models.resources import Loan, Resource
from store.models.sight import Audit, Praise

__all__ = [
    "Agency",
    "Agreement",
    "Area",
    "Audit",
    "Base",
    "Case",
    "CaseNetwork",
    "CaseNumber",
    "Category",
    "Charter",
    "CheckIn",
    "City",
    "Conversation",
    "Correction",
    "Deadline",
    "Digest",
    "Faq",
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
    "Loan",
    "MailLink",
    "Membership",
    "Network",
    "NetworkLink",
    "Opinion",
    "Outbox",
    "PastCase",
    "Person",
    "Photo",
    "Praise",
    "Proposal",
    "Report",
    "Resource",
    "Role",
    "RoutingRow",
    "Step",
    "Task",
    "Training",
    "UsualTime",
    "Webhook",
]
