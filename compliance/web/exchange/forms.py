"""The company's words to government: to a question about an answer, and to a finding."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

from compliance.domain.replies import ReplyEntry, Stance
from compliance.services.review.clarifications import QuestionReply
from compliance.web.fields import clean


class QuestionReplyForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    agrees = RadioField(_("What do you say to that?"), validate_choice=False, choices=[])
    reply = TextAreaField(_("Your reply"), filters=[clean])
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def given(self) -> QuestionReply:
        return QuestionReply(self.reply.data or "", {"yes": True, "no": False}.get(self.agrees.data or ""))


class FindingReplyForm(FlaskForm):  # type: ignore[misc]
    """Accept, correct a fact, or disagree with reasons; the rules in `domain.replies` decide what may be saved."""

    stance = RadioField(_("Your reply"), validate_choice=False, choices=[])
    text = TextAreaField(_("Which fact is wrong, or your reasons"), filters=[clean])
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def entry(self) -> ReplyEntry:
        stance = Stance(self.stance.data) if self.stance.data in set(Stance) else None
        return ReplyEntry(stance, self.text.data or "")
