"""Cycles: the list, a new one, one with its chase list, closing it, and a date of its own for one company."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.domain.reminder_plans import dump_plan
from compliance.domain.reminders import Audience
from compliance.services.cycle import cycle_pages, cycles, due_dates
from compliance.services.cycle.due_dates import NewDate
from compliance.services.gap import results
from compliance.services.portfolio import companies
from compliance.services.reminder import plans
from compliance.web.access import actor
from compliance.web.cycles.forms import CloseForm, CompaniesForm, CycleForm, DateForm
from compliance.web.cycles.plan_form import TOPICS, PlanForm, plan_form, stages_of
from compliance.web.fields import whole_number
from compliance.web.portfolio.filters import LEADS
from compliance.web.problems import attach, summary
from compliance.web.reminders.words import anchor_word, audience_word
from compliance.web.values import day

blueprint = Blueprint("cycles", __name__, url_prefix="/cycles")
for word in (audience_word, anchor_word):
    blueprint.add_app_template_filter(word)

Page = str | Response | tuple[str, int]
#: As many companies' results are computed before the page answers; the schedule computes the rest.
AT_ONCE = 25


@blueprint.get("")
def index() -> str:
    """Every cycle, newest first."""
    found, may_open = cycle_pages.cycle_list(actor())
    return render_template("cycles/index.html", cycles=found, may_open=may_open)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Open a cycle and invite its companies, in one act."""
    offer = cycle_pages.offer(actor())
    form = CycleForm(data=None if request.method == "POST" else {"choice": "all"})
    if not form.is_submitted():
        return _new(form, offer)
    now = dt.datetime.now(dt.UTC)
    try:
        if not form.validate() or form.missing():
            raise Invalid(form.missing())
        chosen = cycle_pages.companies_for(actor(), form.choice.data, form.slugs())
        wanted = form.new_cycle(None if chosen is None else list(chosen))
        cycle, invited = cycles.open_cycle(wanted, actor=actor(), now=now)
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _new(form, offer), 422
    _compute(now)
    flash(
        ngettext(
            "The cycle is open; %(num)s company was invited.",
            "The cycle is open; %(num)s companies were invited.",
            invited,
        )
    )
    return redirect(url_for("cycles.show", slug=cycle.slug), code=303)


def _new(form: CycleForm, offer: cycle_pages.Offer) -> str:
    return render_template("cycles/new.html", form=form, offer=offer, errors=summary(form))


def _compute(now: dt.datetime) -> None:
    """Compute a few results at once, so that small cycles are complete when the page comes."""
    results.refresh_stale(now=now, limit=AT_ONCE)


@blueprint.get("/<slug>")
def show(slug: str) -> str:
    """One cycle: who takes part how, and whom to ask after it."""
    asked = request.args.get("lead", "")
    found = cycle_pages.cycle_page(
        actor(),
        slug,
        lead=asked if asked in LEADS else "",
        page=whole_number(request.args.get("page")) or 1,
        now=dt.datetime.now(dt.UTC),
    )
    return render_template("cycles/show.html", found=found, lead=asked, leads=LEADS, close=CloseForm())


@blueprint.route("/<slug>/invite", methods=["GET", "POST"])
def invite(slug: str) -> Page:
    """Invite more companies; whoever is in the cycle already stays as it is."""
    offer, form = cycle_pages.offer(actor()), CompaniesForm()
    cycle = next((each for each in offer.cycles if each.slug == slug), None)
    if cycle is None:
        raise NotFound(slug)
    if form.is_submitted():
        try:
            if form.problems():
                raise Invalid(form.problems())
            chosen = cycle_pages.companies_for(actor(), form.choice.data, form.slugs())
            now = dt.datetime.now(dt.UTC)
            invited = cycles.invite(slug, chosen, actor=actor(), now=now)
            _compute(now)
            flash(ngettext("%(num)s company was invited.", "%(num)s companies were invited.", invited))
            return redirect(url_for("cycles.show", slug=slug), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
    page = render_template("cycles/invite.html", form=form, offer=offer, cycle=cycle, errors=summary(form))
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/<slug>/close")
def close(slug: str) -> Response:
    """Close a cycle: answers are no longer taken."""
    now = dt.datetime.now(dt.UTC)
    try:
        cycles.close_cycle(slug, early=bool(CloseForm().early.data), actor=actor(), now=now)
        _compute(now)
        flash(_("The cycle is closed."))
    except NotAllowed:
        flash(_("The cycle stays open: some company may still submit. Tick the box to close it early."))
    return redirect(url_for("cycles.show", slug=slug), code=303)


@blueprint.route("/<slug>/companies/<company>/date", methods=["GET", "POST"])
def extend(slug: str, company: str) -> Page:
    """Give one company a later date, or take it back; the page says when a colleague was faster."""
    now = dt.datetime.now(dt.UTC)
    view = companies.company_view(actor(), company, slug, now=now)
    if view.participation is None or not due_dates.may_grant(actor(), view.company):
        raise (NotFound(company) if view.participation is None else Denied(company))
    form = DateForm(data={"due_on": view.due_on, "seen": view.due_on.isoformat()})
    conflict = False
    if form.is_submitted():
        try:
            if not form.validate() or form.due_on.errors:
                raise Invalid([])
            date = NewDate(slug, company, form.due_on.data, form.reason.data or "")
            holds = due_dates.grant(actor(), date, seen=_seen(form), now=now)
            flash(_("%(company)s has until %(day)s.", company=view.company.name, day=day(holds)))
            return redirect(url_for("cycles.show", slug=slug), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
        except Conflict:
            view = companies.company_view(actor(), company, slug, now=now)
            form.seen.data, conflict = view.due_on.isoformat(), True
    page = render_template("cycles/date.html", view=view, form=form, errors=summary(form), conflict=conflict)
    return (page, 409 if conflict else 422) if form.is_submitted() else page


@blueprint.route("/<slug>/reminders", methods=["GET", "POST"])
def reminder_plan(slug: str) -> Page:
    """The reminder plan of a cycle, for everybody in government to see and for coordinators to change."""
    found = plans.plan_of(actor(), slug)
    form = PlanForm(formdata=request.form) if request.method == "POST" else plan_form(found.plan or (), found.seen)
    code = 200
    if request.method == "POST":
        try:
            wanted = dump_plan(plans.usual_plan()) if "usual" in request.form else stages_of(form, found.plan or ())
            plans.change_plan(actor(), slug, wanted, seen=form.seen.data or "", now=dt.datetime.now(dt.UTC))
            flash(_("The reminder plan is saved."))
            return redirect(url_for("cycles.reminder_plan", slug=slug), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            code = 422
        except Conflict:
            found = plans.plan_of(actor(), slug)
            form.seen.data, code = found.seen, 409
    page = render_template(
        "cycles/reminder_plan.html",
        found=found,
        form=form,
        errors=summary(form),
        conflict=code == 409,
        stages_now={stage.id: stage for stage in found.plan or ()},
        topics=TOPICS,
        audiences=list(Audience),
    )
    return page, code


def _seen(form: DateForm) -> dt.date:
    """The date that stood on the page; one that cannot be read fits nothing."""
    try:
        return dt.date.fromisoformat(form.seen.data or "")
    except ValueError:
        return dt.date.min
