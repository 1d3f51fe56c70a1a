"""Words for what the reminders pages name: topics, stages, what became of a reminder, and how often."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from compliance.domain.messages import MessageState
from compliance.domain.reminders import NOTICE, About, Anchor, Audience, Stage, Why
from compliance.domain.working_time import Rhythm
from compliance.services.reminder.outlook import PAUSED, WAITING, WILL_GO


def topic_word(about: str) -> str:
    """What people are reminded of."""
    words: dict[About, str] = {
        About.PARTICIPATION: _("Assessments"),
        About.CLARIFICATION: _("Questions about an assessment"),
        About.REPLY: _("Reply to findings"),
        About.COMMITMENT: _("Commitments"),
        About.EVIDENCE: _("Evidence that expires"),
        About.ENGAGEMENT: _("Meetings to follow up"),
        About.DIGEST: _("Weekly digest"),
    }
    return words[About(about)]


def audience_word(audience: str) -> str:
    """Whom a stage is for."""
    words: dict[Audience, str] = {
        Audience.CONTRIBUTOR: _("contributors"),
        Audience.LEAD: _("leads"),
        Audience.VIEWER: _("viewers"),
        Audience.EXECUTIVE: _("executive contact"),
        Audience.STAFF: _("staff of the lead country"),
    }
    return words[Audience(audience)]


def anchor_word(anchor: str, days: int) -> str:
    """What the days of a stage count from, said after the number."""
    words: dict[Anchor, tuple[str, str]] = {
        Anchor.BEGAN: (_("before it began"), _("after it began")),
        Anchor.OPENING: (_("before the opening"), _("after the opening")),
        Anchor.HALFWAY: (_("before half of the time is over"), _("after half of the time is over")),
        Anchor.DUE: (_("before the last day"), _("after the last day")),
    }
    return words[Anchor(anchor)][days >= 0]


def rhythm_word(rhythm: str) -> str:
    """How often a person wants to hear."""
    words: dict[Rhythm, str] = {
        Rhythm.IMMEDIATE: _("When it comes, at most once a day"),
        Rhythm.DAILY: _("Once a day, at ten"),
        Rhythm.WEEKLY: _("Once a week, on the first working day"),
        Rhythm.NEVER: _("No mail"),
    }
    return words[Rhythm(rhythm)]


def stage_word(stage: Stage) -> str:
    """When a stage comes, in words."""
    return str(_stage_word(stage))


def _stage_word(stage: Stage) -> object:
    if stage.kind == NOTICE:
        return _("Notice, at once")
    if stage.about is About.DIGEST:
        return _("Weekly")
    if stage.anchor is Anchor.BEGAN:
        return _("At the beginning")
    if stage.anchor is Anchor.OPENING:
        return _("At the opening")
    if stage.anchor is Anchor.HALFWAY:
        return _("Halfway")
    if stage.days == 0:
        return _("On the last day")
    if stage.days < 0:
        return ngettext("%(num)s day before", "%(num)s days before", -stage.days)
    return ngettext("%(num)s day after", "%(num)s days after", stage.days)


def standing_word(standing: str) -> str:
    """What became or would become of a reminder."""
    words: dict[str, str] = {
        WILL_GO: _("will go"),
        WAITING: _("waits for its hour"),
        PAUSED: _("held: reminders are paused"),
        MessageState.QUEUED: _("queued"),
        MessageState.CLAIMED: _("being sent"),
        MessageState.SENT: _("sent"),
        MessageState.FAILED: _("failed"),
        MessageState.CANCELLED: _("cancelled"),
        Why.SUBMITTED: _("not sent: it was submitted"),
        Why.WITHDRAWN: _("not sent: it was withdrawn"),
        Why.DECLINED: _("not sent: it was declined"),
        Why.ANSWERED: _("not sent: it was answered"),
        Why.DONE: _("not sent: it was done"),
        Why.NOT_AGREED: _("not sent: it was not agreed"),
        Why.NOTHING: _("not sent: nothing waited"),
        Why.CLOSED: _("not sent: the cycle was closed"),
        Why.LEFT: _("not sent: the person has no such role any more"),
        Why.STOPPED: _("not sent: the person wants no such mail"),
        Why.DUE_DATE_MOVED: _("not sent: the date was moved"),
        Why.PLAN_CHANGED: _("not sent: the plan was changed"),
        Why.SUPERSEDED: _("not sent: a later reminder took its place"),
        Why.PASSED: _("not sent: the day it announced was over"),
        Why.GONE: _("not sent: what it was about is gone"),
    }
    return words.get(standing, standing)


def reasons(state_reason: str) -> str:
    """Why a message was cancelled: one reason or several, each in words."""
    words = {"paused": _("held: reminders are paused"), "left": standing_word(Why.LEFT), "empty": ""}
    return ", ".join(words.get(reason, standing_word(reason)) for reason in state_reason.split(", ") if reason)


def kind_word(kind: str) -> str:
    """What kind of mail it is."""
    words: dict[str, str] = {"reminder": _("Reminder"), "notice": _("Notice"), "account": _("Account")}
    return words.get(kind, kind)
