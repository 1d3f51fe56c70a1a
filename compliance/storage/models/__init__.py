"""The tables, one file per noun or small family of nouns."""

from compliance.storage.models.account import (
    AccountLink,
    HeldForm,
    Identity,
    Invitation,
    Passkey,
    RecoveryCode,
    SingleSignOn,
    TryCount,
    UserSession,
)
from compliance.storage.models.asking import ExtensionRequest, Inquiry
from compliance.storage.models.assessment import Answer, Assessment, Evidence, MetricValue, Submission
from compliance.storage.models.audit import AuditEvent, AuditHead
from compliance.storage.models.cycle import Cycle, FrameworkVersion, Participation, Sharing
from compliance.storage.models.organisation import Membership, Organisation, Service, User
from compliance.storage.models.outbox import Heartbeat, Message, Reminder
from compliance.storage.models.review import Finding, PublicRecord, Result, public_record_service
from compliance.storage.models.team import AnswerNote, Assignment

__all__ = [
    "AccountLink",
    "Answer",
    "AnswerNote",
    "Assessment",
    "Assignment",
    "AuditEvent",
    "AuditHead",
    "Cycle",
    "Evidence",
    "ExtensionRequest",
    "Finding",
    "FrameworkVersion",
    "Heartbeat",
    "HeldForm",
    "Identity",
    "Inquiry",
    "Invitation",
    "Membership",
    "Message",
    "MetricValue",
    "Organisation",
    "Participation",
    "Passkey",
    "PublicRecord",
    "RecoveryCode",
    "Reminder",
    "Result",
    "Service",
    "Sharing",
    "SingleSignOn",
    "Submission",
    "TryCount",
    "User",
    "UserSession",
    "public_record_service",
]
