"""The tables, one file per noun or small family of nouns."""

from compliance.storage.models.assessment import Answer, Assessment, Evidence, MetricValue, Submission
from compliance.storage.models.audit import AuditEvent, AuditHead
from compliance.storage.models.cycle import Cycle, FrameworkVersion, Participation, Sharing
from compliance.storage.models.organisation import Membership, Organisation, Service, User
from compliance.storage.models.outbox import Heartbeat, Message, Reminder
from compliance.storage.models.report import Report, ReportDownload, ReportEdition, ReportFile, ReportText
from compliance.storage.models.report_batch import ReportBatch, ReportBatchFile, ReportBatchItem
from compliance.storage.models.review import Finding, PublicRecord, Result, public_record_service

__all__ = [
    "Answer",
    "Assessment",
    "AuditEvent",
    "AuditHead",
    "Cycle",
    "Evidence",
    "Finding",
    "FrameworkVersion",
    "Heartbeat",
    "Membership",
    "Message",
    "MetricValue",
    "Organisation",
    "Participation",
    "PublicRecord",
    "Reminder",
    "Report",
    "ReportBatch",
    "ReportBatchFile",
    "ReportBatchItem",
    "ReportDownload",
    "ReportEdition",
    "ReportFile",
    "ReportText",
    "Result",
    "Service",
    "Sharing",
    "Submission",
    "User",
    "public_record_service",
]
