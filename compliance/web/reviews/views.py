"""The review bench: the answers of one submission, and a finding on each."""

from __future__ import annotations

import datetime as dt
import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid
from compliance.domain.questionnaire import Place
from compliance.services import findings, reviews
from compliance.services.reviews import Reviewed, ReviewPage
from compliance.web.access import actor
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, summary
from compliance.web.reviews.forms import FindingForm

blueprint = Blueprint("reviews", __name__, url_prefix="/companies/<slug>/<cycle>/review")

Answered = str | Response | tuple[str, int]


@blueprint.get("")
def index(slug: str, cycle: str) -> str:
    """All questions of a submission; the filters are in the address."""
    review = reviews.review_of(actor(), slug, cycle, now=dt.datetime.now(dt.UTC))
    wanted = reviews.Filter(
        principle=request.args.get("principle", ""),
        severity=request.args.get("severity", ""),
        unreviewed="unreviewed" in request.args,
    )
    items = [item for item in review.items if wanted.keeps(item)]
    return render_template("reviews/index.html", review=review, items=items, wanted=wanted, address_of=address_of)


@blueprint.route("/company/<indicator>", methods=["GET", "POST"])
def company(slug: str, cycle: str, indicator: str) -> Answered:
    """The answer to a question asked once for the company."""
    return _answer(Place(cycle, None, indicator, slug))


@blueprint.route("/services/<service>/<indicator>", methods=["GET", "POST"])
def service(slug: str, cycle: str, service: str, indicator: str) -> Answered:
    """The answer to a question about one service."""
    return _answer(Place(cycle, service, indicator, slug))


def _answer(place: Place) -> Answered:
    now = dt.datetime.now(dt.UTC)
    page = reviews.review_page(actor(), place, now=now)
    form = _form(page)
    if not form.is_submitted():
        return _render(page, form)
    try:
        findings.save_finding(actor(), place, form.entry(), stamp_of(form), now=now)
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _render(page, form), 422
    except Conflict:
        page = reviews.review_page(actor(), place, now=now)
        form.version.data = str(page.version)
        return _render(page, form, conflict=True), 409
    return _after(page)


def _form(page: ReviewPage) -> FindingForm:
    finding = page.item.finding
    return FindingForm(
        data={
            "rating": finding.rating if finding else None,
            "reason": finding.reason if finding else "",
            "version": str(page.version),
            "key": request.form.get("key") or secrets.token_hex(8),
        }
    )


def _after(page: ReviewPage) -> Response:
    company, cycle = page.review.view.company.slug, page.review.view.cycle.slug
    flash(_("The finding on %(indicator)s is saved.", indicator=page.item.question.indicator.id))
    if request.form.get("then") == "next" and page.next_unreviewed is not None:
        return redirect(address_of(page.next_unreviewed, company, cycle), code=303)
    return redirect(url_for("reviews.index", slug=company, cycle=cycle), code=303)


def address_of(item: Reviewed, company: str, cycle: str) -> str:
    """The page of one answer on the bench."""
    service, indicator = item.question.key
    if service is None:
        return url_for("reviews.company", slug=company, cycle=cycle, indicator=indicator)
    return url_for("reviews.service", slug=company, cycle=cycle, service=service, indicator=indicator)


def _render(page: ReviewPage, form: FindingForm, *, conflict: bool = False) -> str:
    return render_template(
        "reviews/answer.html", page=page, form=form, errors=summary(form), conflict=conflict, address_of=address_of
    )
