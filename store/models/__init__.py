"""Mapped classes by topic. Import them from here so that every table is known to the metadata."""

from store.models.activities import Activity, Signup
from store.models.base import Base
from store.models.bridges import Bridge, RemoteCase
from store.models.cases import (
    Case,
    CaseNumber,
    Deadline,
    Follower,
    Helper,
    History,
    Photo,
    Report,
    Trace,
    UsualTime,
)
from store.models.charters import Agreement, CaseNetwork, Charter, NetworkLink, Proposal
from store.models.city import (
    Agency,
    Area,
    Category,
    City,
    CityText,
    Faq,
    Holiday,
    Landmark,
    Network,
    RoutingRow,
    RoutingVersion,
    ServiceCode,
    Template,
)
from store.models.clock import JobRun, Lease
from store.models.console import CityUpload, DoorLink, DoorSession
from store.models.decisions import Call, Objection, Poll, Promise, Round, Statement, Vote
from store.models.digests import Endorsement, Inquiry, MailAddress, Recipient
from store.models.learning import Correction, PastCase, PastTime, Training
from store.models.mail import Inbox, MailLink, Outbox, Webhook
from store.models.networks import Appointment, CheckIn, Digest, Membership, Opinion, Step, Task
from store.models.open311 import ApiKey, ApiRequest
from store.models.people import Conversation, Invite, InviteTry, Person, Role
from store.models.resources import Loan, Resource
from store.models.sight import Audit, Praise
from store.models.summary import Summary
from store.models.weaving import Introduction, Lesson, NetworkMonth

__all__ = [
    "Activity",
    "Agency",
    "Agreement",
    "ApiKey",
    "ApiRequest",
    "Appointment",
    "Area",
    "Audit",
    "Base",
    "Bridge",
    "Call",
    "Case",
    "CaseNetwork",
    "CaseNumber",
    "Category",
    "Charter",
    "CheckIn",
    "City",
    "CityText",
    "CityUpload",
    "Conversation",
    "Correction",
    "Deadline",
    "Digest",
    "DoorLink",
    "DoorSession",
    "Endorsement",
    "Faq",
    "Follower",
    "Helper",
    "History",
    "Holiday",
    "Inbox",
    "Inquiry",
    "Introduction",
    "Invite",
    "InviteTry",
    "JobRun",
    "Landmark",
    "Lease",
    "Lesson",
    "Loan",
    "MailAddress",
    "MailLink",
    "Membership",
    "Network",
    "NetworkLink",
    "NetworkMonth",
    "Objection",
    "Opinion",
    "Outbox",
    "PastCase",
    "PastTime",
    "Person",
    "Photo",
    "Praise",
    "RemoteCase",
    "Poll",
    "Promise",
    "Proposal",
    "Recipient",
    "Report",
    "Resource",
    "Role",
    "Round",
    "RoutingRow",
    "RoutingVersion",
    "ServiceCode",
    "Step",
    "Template",
    "Trace",
    "Task",
    "Training",
    "UsualTime",
    "Webhook",
    "Signup",
    "Statement",
    "Step",
    "Summary",
    "Vote",
]
