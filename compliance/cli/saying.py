"""What a command says when something is wrong: one sentence per fault, exit code 1, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from compliance.content import ContentError
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound, ProductError

SENTENCES: Final = {
    "slug_form": "{slug!r} cannot stand in an address: use a-z, 0-9 and single hyphens, at most {limit} characters",
    "slug_taken": "{slug!r} is there already",
    "name_needed": "a name is needed",
    "name_in_both_languages": "a name is needed in English and in French",
    "quarantine_reason_needed": "a reason is needed",
    "file_unreadable": "the file cannot be read",
    "workbook_refused": "nothing was saved: cells are refused",
    "workbook_damaged": "the workbook is damaged",
    "workbook_not_ours": "this is not a workbook of this product",
    "workbook_other_assessment": "the file was made for another company or cycle",
    "workbook_other_framework": "the file was made for other questions",
    "workbook_bomb": "the file unpacks to far more than a workbook holds",
    "workbook_declaration": "the file holds a document type declaration",
    "workbook_encrypted": "the file is protected by a password",
    "workbook_macros": "the file holds macros",
    "workbook_too_large": "the file is too large",
    "workbook_too_many_rows": "there is something far outside the questions (sheet {sheet}, cell {cell})",
    "too_long": "the {field} is longer than {limit} characters",
    "country_needed": "a country is needed, one of {countries}",
    "operator_country": "an operator acts for no country: leave the country out",
    "unknown_time_zone": "{time_zone!r} is not a time zone such as America/Toronto",
    "unknown_language": "the language is one of {languages}",
    "not_an_address": "{email!r} is not an e-mail address",
    "unknown_organisation": "there is no organisation {organisation!r}",
    "role_does_not_fit": "a {kind} has no {role}: its roles are {roles}",
    "role_elsewhere": "{email} has a role in another organisation, and a person acts in one",
    "role_held": "{email} is {role} in {organisation} already",
    "password_length": "a password has {from} to {to} characters",
    "password_obvious": "the password is too easy to guess",
    "needs_second_person": "two administrators can act: one of them invites a new {role}, and the other one agrees",
    "unknown_version": "{framework} {version} was not imported",
    "unknown_cycle": "there is no cycle {cycle!r}",
    "unknown_company": "there is no company {company!r}",
    "ends_before_start": "the period ends before it starts",
    "date_before_cycle": "nobody gets less time than the cycle gives",
    "date_past": "the {field} is past",
    "date_over_a_year": "the {field} is more than a year away",
    "needed": "the {field} is needed",
    "due_before_opening": "the cycle is due before it has opened",
}


@contextmanager
def faults_as_sentences() -> Iterator[None]:
    """Turn an expected error into sentences on standard error and exit code 1."""
    try:
        yield
    except Invalid as error:
        for problem in error.problems:
            click.echo(f"Error: {sentence(problem)}.", err=True)
        sys.exit(1)
    except ContentError as error:
        for fault in error.faults:
            click.echo(f"Error: {fault}", err=True)
        sys.exit(1)
    except NotFound as error:
        raise click.ClickException(f"there is no {str(error)!r}.") from None
    except ProductError as error:
        raise click.ClickException(f"{error}.") from None


def sentence(problem: Problem) -> str:
    """A fault in words."""
    return SENTENCES[problem.code].format(field=problem.field.replace("_", " "), **problem.details)
