"""The rows about answering, and the controls that only they switch off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.proof.off import replace
from tests.proof.row import Proof

ROWS = (
    Proof(
        "lost-update-200",
        "8 writers, 200 rounds each, on 5 answers over HTTP",
        "0 accepted edits lost; losers see both texts",
        ("tests/proof/assessment/test_lost_update.py",),
        off="version_check",
    ),
    Proof(
        "whole-path",
        "The whole path by keyboard alone, in French, at 320 px and at 400 % zoom, with and without JavaScript",
        "0 violations of WCAG 2.2 AA, nothing scrolls sideways",
        ("tests/browser/test_assessment_path.py",),
        off="page_language",
        needs="chromium",
    ),
    Proof(
        "saved-as-typed",
        "Saved as one types: a lost connection, a lost answer, an expired session, signing out, a colleague's save",
        "no text lost, none overwritten, none readable by the next person",
        ("tests/browser/test_drafts.py",),
        off="drafts_kept",
        needs="chromium",
    ),
    Proof(
        "sixty-questions",
        "Task list and save of an assessment of at least 60 questions beside a hello world",
        "task list ≤ 30 ×, save ≤ 12 ×",
        ("tests/proof/assessment/test_speed.py",),
        why_no_canary="a plain figure: there is no control whose absence it would show",
    ),
    Proof(
        "carried-forward",
        "Answers of the last cycle are brought in on request, marked until confirmed, and never replace one",
        "every one marked; signed as such; flagged stale",
        ("tests/services/test_carrying.py",),
        off="carried_mark",
    ),
    Proof(
        "together",
        "Assignments, notes, history, team, questions to government: by role, organisation and country",
        "nothing of it shown outside the company; a leaver's drafts stay",
        ("tests/services/test_teamwork.py", "tests/web/test_teamwork.py"),
        off="tenant_scope",
    ),
    Proof(
        "one-act",
        "Accepting, adding a service, signing several times at once; declining while signing, on both engines",
        "one act each, never an error page",
        ("tests/services/test_twice.py",),
        off="rows_held",
    ),
    Proof(
        "sealed-format",
        "Any answer through the sealed form and back; a copy of another version is read",
        "nothing lost, no field forgotten",
        ("tests/domain/test_plain.py",),
        off="tolerant_reading",
    ),
    Proof(
        "before-signing",
        "Errors, warnings and hints before signing, each with its question; what a redacted edition leaves out",
        "all there, each linked; nothing withheld is shown",
        ("tests/web/test_teamwork.py",),
        off="remarks_made",
    ),
)


def drafts_kept() -> None:
    """Pages without the person's key: the browser keeps nothing."""
    from compliance.web.questions import views

    replace(views, "drafts_key", lambda: "")


def carried_mark() -> None:
    """Answers of the last cycle slip in as if they were of this one."""
    from compliance.services.assessment import carrying

    replace(carrying, "replace", lambda entry, **_changes: entry)


def rows_held() -> None:
    """Two requests at once do not wait for each other."""
    from compliance.storage.queries import assessments, cycles

    replace(cycles, "held_own_participation", cycles.own_participation)
    replace(assessments, "hold_company", lambda *_args: None)


def tolerant_reading() -> None:
    """A reader that takes only what its own version wrote."""
    from compliance.domain import submissions
    from compliance.domain.answers import AnswerEntry

    honest = submissions.load_answer
    wanted = submissions.dump_answer(AnswerEntry()).keys()

    def load_answer(data: Any) -> Any:
        if not wanted <= data.keys():
            raise KeyError("a field is missing")
        return honest(data)

    replace(submissions, "load_answer", load_answer)


def remarks_made() -> None:
    from compliance.services.assessment import remarks

    replace(remarks, "_remarks", lambda *_args: iter(()))


CONTROLS: dict[str, Callable[[], None]] = {
    function.__name__: function for function in (drafts_kept, carried_mark, rows_held, tolerant_reading, remarks_made)
}
