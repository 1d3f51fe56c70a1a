"""The rows of the group `security` about accounts."""

from __future__ import annotations

from tests.proof.row import Proof

ACCOUNT_ROWS: tuple[Proof, ...] = (
    Proof(
        "guessing",
        "1,000 tries at one account in five minutes from 50 addresses, by two processes and over a restart",
        "at most 5 looked at; the owner comes in on a known device; 5 of 40 tries by four processes within the limit",
        (
            "tests/proof/security/test_guessing.py::test_a_thousand_tries_from_fifty_addresses",
            "tests/proof/security/test_guessing.py::test_processes_share_the_count",
        ),
        off="try_counts",
    ),
    Proof(
        "same-time",
        "Signing in with a wrong password, known and unknown address by turns, 200 pairs",
        "ratio of medians 0.9 to 1.1",
        ("tests/proof/security/test_guessing.py::test_known_and_unknown_take_the_same_time",),
        off="nobodys_hash",
    ),
    Proof(
        "code-once",
        "50 threads show the same code at once, on both engines; a recovery code counts once",
        "1 comes through",
        (
            "tests/proof/security/test_guessing.py::test_fifty_threads_show_one_code",
            "tests/web/test_sign_in.py::test_a_code_and_a_recovery_code_count_once",
        ),
        off="code_once",
    ),
    Proof(
        "second-factor",
        "The password alone lets nobody in; a second factor is shown, not set up anew; a reset skips nothing",
        "no page without the second factor",
        ("tests/web/test_sign_in.py", "tests/web/test_accounts.py::test_a_forgotten_password"),
        off="second_factor",
    ),
    Proof(
        "reset-link",
        "A link to set a password works once, for an hour, and the newest only; the address is told",
        "404 for every other one; all sessions end",
        (
            "tests/web/test_accounts.py::test_a_forgotten_password",
            "tests/web/test_accounts.py::test_a_reset_link_lapses_and_a_newer_one_takes_its_place",
        ),
        off="link_once",
    ),
    Proof(
        "session-limits",
        "Sessions end after 30 minutes (company) or 15 (staff) without use, and after 12 hours",
        "the next request asks to sign in",
        (
            "tests/web/test_sign_in.py::test_a_session_ends_when_nothing_happens",
            "tests/web/test_sign_in.py::test_no_session_outlives_twelve_hours",
        ),
        off="session_limits",
    ),
    Proof(
        "session-replay",
        "A cookie used again after signing out, or after its session was ended elsewhere",
        "refused",
        (
            "tests/web/test_sign_in.py::test_a_cookie_is_worth_nothing_after_signing_out",
            "tests/web/test_accounts.py::test_sessions_are_listed_and_ended",
        ),
        off="session_end",
    ),
    Proof(
        "taken-away",
        "Role removed, user disabled, company closed, account closed",
        "the next request is refused",
        ("tests/web/test_sign_in.py::test_what_was_taken_away_counts_with_the_next_request",),
        off="account_state",
    ),
    Proof(
        "text-survives",
        "A form sent after its session ran out is kept, sealed, for its sender alone",
        "shown after signing in again; to nobody else",
        (
            "tests/web/test_sign_in.py::test_what_was_typed_survives_the_end_of_the_session",
            "tests/web/test_sign_in.py::test_it_is_sealed",
        ),
        off="held_forms",
    ),
    Proof(
        "step-up",
        "What takes data out, gives roles or publishes asks again after a quarter of an hour",
        "the confirmation page",
        ("tests/web/test_sign_in.py::test_an_export_asks_again_after_a_quarter_of_an_hour",),
        off="step_up",
    ),
    Proof(
        "second-person",
        "Administrators and approvers: one invites, another agrees; nothing goes out before",
        "403 for the first person; both in the trail",
        (
            "tests/web/test_accounts.py::test_two_people_give_the_roles_that_matter",
            "tests/cli/test_setting_up.py::test_the_command_line_gives_the_first_two_administrators",
        ),
        off="second_person",
    ),
    Proof(
        "leaver",
        "A leaver's account does not work, the name stays in the record",
        "no password, no factor, no session",
        ("tests/web/test_accounts.py::test_a_leaver_is_out_at_once_and_the_name_stays",),
        off="shut_account",
    ),
    Proof(
        "passkeys",
        "A passkey is registered, used and removed in Chromium with a virtual authenticator",
        "used: signed in; removed: refused",
        ("tests/browser/test_passkeys.py",),
        off="passkey_known",
        needs="chromium",
    ),
    Proof(
        "single-sign-on",
        "OpenID Connect with a provider program: forged, missing and repeated answers, people of other organisations",
        "nobody comes in whom the organisation's provider does not vouch for",
        ("tests/web/test_single_sign_on.py",),
        off="provider_people",
    ),
    Proof(
        "privacy",
        "Every column about people is listed with its reason; old rows go as the settings say",
        "0 columns unlisted",
        ("tests/architecture/test_privacy_page.py", "tests/services/test_retention.py"),
        off="retention",
    ),
)
