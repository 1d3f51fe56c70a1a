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
from compliance.storage.models.bench import Presence, ReviewAssignment, ReviewNote
from compliance.storage.models.commitment import Commitment, CommitmentEvent, CommitmentStep, GapAcceptance
from compliance.storage.models.cycle import Cycle, FrameworkVersion, Participation, Sharing
from compliance.storage.models.document import Document
from compliance.storage.models.engagement import Engagement, EngagementAsk
from compliance.storage.models.exchange import Clarification, FindingVersion, Reply
from compliance.storage.models.organisation import Contact, Membership, Organisation, Service, User
from compliance.storage.models.outbox import (
    CalendarFeed,
    Heartbeat,
    MailPreference,
    Message,
    Reminder,
    ReminderPause,
    ReminderWatch,
)
from compliance.storage.models.report import Report, ReportDownload, ReportEdition, ReportFile, ReportText
from compliance.storage.models.report_batch import ReportBatch, ReportBatchFile, ReportBatchItem
from compliance.storage.models.review import Finding, PublicRecord, RecordCorrection, Result, public_record_service
from compliance.storage.models.summary import ResultCell, ResultMetric, SavedView
from compliance.storage.models.team import AnswerNote, Assignment
from compliance.storage.models.workbook import PendingWorkbook

__all__ = [
    "AccountLink",
    "Answer",
    "AnswerNote",
    "Assessment",
    "Assignment",
    "AuditEvent",
    "AuditHead",
    "CalendarFeed",
    "Clarification",
    "Commitment",
    "CommitmentEvent",
    "CommitmentStep",
    "Contact",
    "Cycle",
    "Document",
    "Engagement",
    "EngagementAsk",
    "Evidence",
    "ExtensionRequest",
    "Finding",
    "FindingVersion",
    "FrameworkVersion",
    "GapAcceptance",
    "Heartbeat",
    "HeldForm",
    "Identity",
    "Inquiry",
    "Invitation",
    "MailPreference",
    "Membership",
    "Message",
    "MetricValue",
    "Organisation",
    "Participation",
    "Passkey",
    "PendingWorkbook",
    "Presence",
    "PublicRecord",
    "RecordCorrection",
    "RecoveryCode",
    "Reminder",
    "ReminderPause",
    "ReminderWatch",
    "Reply",
    "Report",
    "ReportBatch",
    "ReportBatchFile",
    "ReportBatchItem",
    "ReportDownload",
    "ReportEdition",
    "ReportFile",
    "ReportText",
    "Result",
    "ResultCell",
    "ResultMetric",
    "ReviewAssignment",
    "ReviewNote",
    "SavedView",
    "Service",
    "Sharing",
    "SingleSignOn",
    "Submission",
    "TryCount",
    "User",
    "UserSession",
    "public_record_service",
]
