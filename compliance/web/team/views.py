"""The people of a company, and who answers what."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.domain.permissions import Permission, could_ever
from compliance.services.account import team
from compliance.services.assessment import assessments, teamwork
from compliance.web import visits
from compliance.web.access import actor
from compliance.web.fields import whole_number
from compliance.web.problems import attach, summary
from compliance.web.questions.views import address_of
from compliance.web.team.forms import EndForm, InviteForm

blueprint = Blueprint("team", __name__)

Answered = str | Response | tuple[str, int]


@blueprint.get("/team")
def index() -> str:
    """Everybody in the team."""
    return render_template("team/index.html", team=team.team(actor()))


@blueprint.route("/team/invite", methods=["GET", "POST"])
def invite() -> Answered:
    """Invite a colleague, without asking government."""
    form = InviteForm(language=actor().language)
    if form.is_submitted():
        try:
            team.invite(actor(), form.invitation(), now=visits.now(), base_url=visits.base_url())
        except Invalid as invalid:
            attach(form, invalid.problems)
        else:
            flash(_("The invitation goes out by e-mail."))
            return redirect(url_for("team.index"), code=303)
    page = render_template("team/invite.html", form=form, errors=summary(form))
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/team/<int:user>/end", methods=["GET", "POST"])
def end(user: int) -> Answered:
    """A colleague leaves: end the roles and hand over the assignments. Drafts stay."""
    person, member = actor(), team.member(actor(), user)
    form, status = EndForm(), 200
    if form.is_submitted():
        try:
            team.end(person, user, whole_number(form.successor.data) or None, now=dt.datetime.now(dt.UTC))
            flash(_("The person no longer has access. All drafts are kept."))
            return redirect(url_for("team.index"), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
    others = [item for item in team.team(person).members if item.user.id != user]
    page = render_template("team/end.html", form=form, errors=summary(form), member=member, others=others)
    return page, status


@blueprint.route("/assessments/<cycle>/work", methods=["GET", "POST"])
def work(cycle: str) -> Answered:
    """Who answers which principle."""
    if request.method == "POST":
        sent = {name.removeprefix("who-"): value for name, value in request.form.items() if name.startswith("who-")}
        wanted = {subject: whole_number(value) or None for subject, value in sent.items()}
        teamwork.assign(actor(), cycle, wanted, now=dt.datetime.now(dt.UTC))
        flash(_("It is noted who answers what."))
        return redirect(url_for("team.work", cycle=cycle), code=303)
    split = teamwork.split(actor(), cycle)
    return render_template(
        "team/work.html",
        split=split,
        may_assign=could_ever(actor(), Permission.WORK_ASSIGN),
        address_of=address_of,
        assignee=assessments.assignee,
        subject_of=assessments.subject_of,
    )
