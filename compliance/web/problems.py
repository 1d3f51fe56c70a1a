"""What a fault found by the rules is called on a page, and beside which field it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _
from wtforms import Field, FieldList, Form, FormField

from compliance.domain.answers import Problem


@dataclass(frozen=True, slots=True)
class PageError:
    """One line of the error summary."""

    text: str
    href: str


#: What each fault is called, by its code; the names in %(…)s are the details of the problem.
SENTENCES: Final = {
    "status_not_offered": _("Choose one of the answers."),
    "unknown_surface": _("Choose from the places listed."),
    "surfaces_needed": _("Tick the places where the measure is in place."),
    "describe_alternative": _("Describe the measure you take instead."),
    "reason_needed": _("Say why this does not apply to the service."),
    "ground_needed": _("Choose why you cannot say."),
    "steps_needed": _("Say which steps you take to find out."),
    "date_needed": _("Enter a date."),
    "stage_days": _("Enter a number of days from 0 to 366."),
    "stage_at": _("Enter a time of day such as 09:00."),
    "stage_to": _("Choose who is reminded."),
    "stage_about": _("Choose what people are reminded of."),
    "stage_anchor": _("Choose what the days count from."),
    "date_past": _("Enter a date that is not in the past."),
    "date_too_far": _("Enter a date within the next ten years."),
    "too_long": _("Shorten this to %(limit)s characters or fewer."),
    "grade_needed": _("Choose what kind of evidence this is."),
    "address_needed": _("Enter the address of the page."),
    "not_a_web_address": _("Enter an address that begins with https:// or http://, without spaces."),
    "unknown_document": _("This document is not there. Choose one from the list."),
    "document_quarantined": _("This document is set aside and cannot be used. Choose another or none."),
    "workbook_too_large": _("A workbook is at most 8 MB."),
    "workbook_damaged": _("This file is damaged: it could not be read (sheet %(sheet)s, cell %(cell)s)."),
    "workbook_bomb": _("This file unpacks to far more than a workbook holds."),
    "workbook_declaration": _("This file holds a document type declaration, which no workbook of ours has."),
    "workbook_encrypted": _("This file is protected by a password. Upload it without."),
    "workbook_macros": _("This file holds macros. Save it as xlsx without them."),
    "workbook_not_ours": _("This is not a workbook of this site. Download it here and fill it in."),
    "workbook_other_assessment": _("This workbook was made for another company or cycle."),
    "workbook_other_framework": _("This workbook was made for other questions. Download a new one."),
    "workbook_too_many_sheets": _("This workbook has more sheets than can be read. Download it again, in parts."),
    "workbook_too_many_rows": _(
        "There is something far outside the questions (sheet %(sheet)s, cell %(cell)s). Remove it."
    ),
    "unknown_question": _("“%(indicator)s” is not a question that is asked here."),
    "question_twice": _("The question “%(indicator)s” stands here twice."),
    "unknown_word": _("“%(word)s” is not one of the words to choose from."),
    "unknown_service": _("“%(service)s” is not one of your services."),
    "answer_missing": _("The question “%(indicator)s” is not answered on the sheet of the service."),
    "not_a_day": _("“%(word)s” is not a date. Write it as year-month-day, such as 2026-03-05."),
    "not_a_number": _("“%(word)s” is not a number."),
    "question_closed": _("Government did not ask about “%(indicator)s”, so this answer cannot be changed now."),
    "formula": _("This cell holds a formula. Put the value itself there."),
    "withdraw_reason_needed": _("Say why your company withdraws its submission."),
    "confirm_no_material": _("Confirm that the document holds no abusive material."),
    "document_empty": _("Choose a document that is not empty."),
    "document_kind": _("Only PDF, Word (docx), Excel (xlsx), CSV and text files are taken."),
    "document_mismatch": _("The content of this file is not what its name says. It was not kept."),
    "document_damaged": _("This file is damaged or incomplete. It was not kept."),
    "document_bomb": _("This file unpacks to far more than its size. It was not kept."),
    "document_declaration": _("This file holds a document type declaration. It was not kept."),
    "document_encrypted": _("This file is protected by a password. Upload it without."),
    "document_macros": _("This file holds macros. Save it without them and upload it again."),
    "document_active": _("This file holds parts that run, fetch or embed something else. It was not kept."),
    "document_markup": _("This text holds markup or scripts. It was not kept."),
    "document_virus": _("The virus scanner found something in this file. It was not kept."),
    "document_too_large": _("A document is at most %(limit)s MB."),
    "too_many_documents": _("A company keeps at most %(limit)s documents. Use one that is there."),
    "store_unavailable": _(
        "The document could not be kept: the store is full or does not answer. What you typed is here. Try later."
    ),
    "scanner_unavailable": _(
        "The document could not be checked for viruses and was not kept. What you typed is here. Try later."
    ),
    "quarantine_reason_needed": _("Say why the document is set aside."),
    "describe_evidence": _("Describe the evidence."),
    "ends_before_start": _("The end must not be before the start."),
    "unknown_metric": _("This number is not asked here."),
    "number_or_reason": _("Enter a number, or say why it is not collected."),
    "number_and_reason": _("Give either a number or a reason, not both."),
    "number_out_of_range": _("Enter a number from 0 to 999,999,999,999,999."),
    "number_too_exact": _("Give at most six figures after the decimal point and fifteen in all."),
    "too_many_numbers": _("One answer holds at most %(limit)s numbers."),
    "claim_reason_needed": _("Say why the answer is confidential."),
    "claim_ground_needed": _("Choose the ground of the claim, or empty its reason."),
    "paste_rows": _("Nothing was saved: put the rows right, or paste them again."),
    "paste_metric": _("Begin the row with the number or the name of one of the metrics above."),
    "paste_columns": _("The row has more than seven cells."),
    "paste_period": _("Give the period as two days like 2026-01-01 and 2026-06-30, or as 2026-H1, 2026-Q1 or 2026."),
    "paste_number": _("The number cannot be read. Write it without a separator of thousands, such as 1200 or 3.5."),
    "copy_target_needed": _("Tick at least one service to copy to."),
    "note_needed": _("Write the note."),
    "inquiry_needed": _("Write your question."),
    "reply_needed": _("Write the reply."),
    "extension_not_later": _("Enter a day after today and after the due date you have."),
    "extension_too_long": _("Enter a day within a year after the due date."),
    "unknown_colleague": _("Choose a colleague who may answer."),
    "last_lead": _("Your team needs a lead. Invite another lead first."),
    "role_needed": _("Choose what this person does."),
    "role_does_not_fit": _("Choose what this person does."),
    "unknown_language": _("Choose a language."),
    "not_an_address": _("Enter an e-mail address in the form name@example.com."),
    "role_held": _("The person has this role already."),
    "role_elsewhere": _("This address cannot be invited. Ask the person for another one."),
    "unknown_country": _("Choose from the governments listed."),
    "whole_number": _("Enter a whole number."),
    "share_over_100": _("A percentage is at most 100."),
    "geography_needed": _("Say which countries the number covers, for example “worldwide”."),
    "method_needed": _("Say in a few words how the number was counted."),
    "name_needed": _("Enter the name of the service."),
    "name_taken": _("Another service already has this name."),
    "unknown_function": _("Choose from the functions listed."),
    "function_needed": _("Tick at least one thing that the service can do."),
    "service_needed": _("List at least one service before you sign."),
    "profile_needed": _("Say what “%(service)s” can do before you sign."),
    "answer_faulty": _("Put the answers marked below right before you sign."),
    "decline_reason_needed": _("Say why your company does not take part."),
    "rating_needed": _("Choose a finding."),
    "finding_reason_needed": _("Give the reason where you do not agree."),
    "statement_needed": _("Say what the source says."),
    "principle_needed": _("Choose the principle that it is about."),
    "unknown_indicator": _("Choose from the indicators listed."),
    "indicator_elsewhere": _("Choose an indicator of the principle above, or none."),
    "scope_needed": _("Choose what the source speaks of."),
    "public_service_needed": _("Name the services, or choose that the source does not say which."),
    "value_needed": _("Enter the number, or empty the unit."),
    "unit_needed": _("Enter the unit as the source gives it."),
    "status_or_value": _("Give either a status or a number, not both: enter two facts."),
    "language_needed": _("Choose one of the two languages."),
    "name_of_person_needed": _("Enter your name."),
    "unknown_time_zone": _("Choose a time zone from the list."),
    "address_taken": _("This address cannot be used."),
    "last_administrator": _("Somebody must be able to give accounts: this is the last administrator."),
    "last_role": _("This is the person's only role. Close the account instead."),
    "sign_in_failed": _("The e-mail address or the password is not right."),
    "password_wrong": _("The password is not right."),
    "password_length": _("Enter a password of %(from)s to %(to)s characters."),
    "password_obvious": _("Choose a password that is harder to guess."),
    "code_wrong": _("The code is not right, or it was used already. Wait for the next one."),
    "code_expired": _("This page was open for too long. Take the key into your app again."),
    "passkey_refused": _("The passkey was not accepted. Try again."),
    "too_many_passkeys": _("You have ten passkeys. Remove one first."),
    "last_passkey": _("You need a second factor. Set up an app before you remove the passkey."),
    "no_provider": _("No organisation with such addresses has its own sign-in here. Use your password."),
    "no_account_here": _("Your organisation knows you, but you have no account here. Ask to be invited."),
    "https_needed": _("Enter an address that begins with https://."),
    "domain_needed": _("Enter what stands after the @ in your people's addresses, such as example.org."),
    "domain_taken": _("Another organisation has these addresses."),
    "last_second_factor": _("You need a second factor. Add a passkey before you remove the app."),
    "reason_for_this_needed": _("Give the reason; it is kept with the report."),
    "no_language_ready": _("Complete the texts in at least one language before you submit."),
    "edition_needed": _("Choose an edition."),
    "report_language_needed": _("Choose at least one language."),
    "layout_needed": _("Choose at least one format."),
    "nothing_to_report": _("Choose a cycle in which companies are shared with your government."),
    "report_kind_needed": _("Choose a kind of report."),
    "report_company_needed": _("Choose a company."),
    "report_company_unclear": _("Several companies have this in their name. Enter the whole name."),
    "report_principle_needed": _("Choose a principle."),
    "report_nothing_shared": _("There is nothing that is shared with your government to report on."),
    "too_few_to_publish": _("Too few companies have results: no table of them can be published safely."),
    "marking_needed": _("Choose a marking."),
    "too_many": _("Choose at most %(limit)s."),
    "line_too_long": _("Shorten each line to %(limit)s characters or fewer."),
    "date_before_cycle": _("Enter a date that is not before the cycle's own."),
    "slug_form": _("Use small letters a to z, figures and single hyphens, at most %(limit)s characters."),
    "slug_taken": _("There is a cycle with this short name already."),
    "name_in_both_languages": _("Enter the name in English and in French."),
    "due_before_opening": _("Enter a day after the cycle has opened."),
    "unknown_version": _("Choose one of the versions that were imported."),
    "unknown_cycle": _("Choose one of the cycles listed."),
    "unknown_company": _("There is no company “%(company)s”."),
    "companies_needed": _("Name at least one company, one to a line."),
    "correction_changes_nothing": _("Change the words: this is how the fact reads now."),
    "decision_needed": _("Choose whether the fact is corrected."),
    "too_many_views": _("Forget a view first: there are as many as can be kept."),
    "needed": _("Fill this in."),
    "pause_reason_needed": _("Say why reminders are held: colleagues will ask."),
    "clarification_needed": _("Write the question to the company."),
    "grant_needed": _("Choose a decision."),
    "dispute_reason_needed": _("Say why you dispute the function: the company reads it."),
    "dispute_stance_needed": _("Choose whether you agree."),
    "clarification_reply_needed": _("Reply to each question that government asked."),
    "clarification_needed_to_return": _("Write a question about at least one answer before you return the assessment."),
    "clarification_date_past": _(
        "The last day of a question has come. Give it a later one before you return the assessment."
    ),
    "clarification_waits": _(
        "A question to the company was written and not sent. Return the assessment, or delete the question."
    ),
    "date_not_after_today": _("Enter a date after today."),
    "date_over_a_year": _("Enter a date within a year."),
    "change_reason_needed": _("The company has seen this finding. Say why you change it: it is told."),
    "signed_anew": _("The company signed this answer anew while you were writing. Read it, then save again."),
    "finding_needed": _("Record at least one finding before you share the findings."),
    "stance_needed": _("Choose what you say to the finding."),
    "correction_needed": _("Say which fact is wrong, and what is right."),
    "disagreement_needed": _("Give your reasons."),
    "reply_needed_to_send": _("Write at least one reply before you send."),
    "reason_for_act_needed": _("Give a reason."),
    "date_over_two_years": _("Enter a date within two years."),
    "date_in_future": _("Enter a date that is not in the future."),
    "follow_up_before_meeting": _("The follow-up cannot be before the meeting."),
    "outcome_needed": _("Choose what came of it."),
    "too_many_asks": _("Enter at most %(limit)s asks."),
    "reviewer_needed": _("Choose a reviewer."),
    "too_many_steps": _("Enter at most %(limit)s steps."),
    "step_after_end": _("A step must not end after the commitment."),
}
OTHERWISE: Final = _("This cannot be saved as it is.")


def message(problem: Problem) -> str:
    """The sentence for a problem, in the language of the page."""
    return sentence(problem.code, problem.details)


def sentence(code: str, details: Mapping[str, str]) -> str:
    """What a fault is called, in the language of the page."""
    return str(SENTENCES.get(code, OTHERWISE)) % dict(details)


def fault(code: str) -> str:
    """The sentence for a fault that needs no details."""
    return str(SENTENCES.get(code, OTHERWISE))


def attach(form: Form, problems: Iterable[Problem]) -> None:
    """Put each problem beside its field; `evidence.0.address` is the address in the first entry of the list.

    A field that could not be read has its error already and gets no second one.
    """
    for problem in problems:
        field = _find(form, problem.field.split("."))
        if field is not None:
            field.errors = list(field.errors) or [message(problem)]
        else:
            form.form_errors = [*form.form_errors, message(problem)]


def _find(form: Form, path: list[str]) -> Field | None:
    field = form._fields.get(path[0])
    for step in path[1:]:
        if isinstance(field, FieldList) and step.isdecimal() and int(step) < len(field.entries):
            field = field.entries[int(step)]
        elif isinstance(field, FormField):
            field = field.form._fields.get(step)
        else:
            return None
        if isinstance(field, FormField) and step.isdecimal():
            continue
    return field


def summary(form: Form) -> list[PageError]:
    """Every error of the form in the order of its fields, each with the address of its field."""
    return [PageError(text, "") for text in form.form_errors] + list(_walk(form._fields))


def _walk(fields: Mapping[str, Field]) -> Iterable[PageError]:
    for field in fields.values():
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from _walk(entry.form._fields if isinstance(entry, FormField) else {"entry": entry})
        elif isinstance(field, FormField):
            yield from _walk(field.form._fields)
        else:
            for text in field.errors:
                yield PageError(str(text), f"#{field.id}")
