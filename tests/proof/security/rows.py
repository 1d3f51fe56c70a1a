"""The rows of the group `security`."""

from __future__ import annotations

from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (
    Proof(
        "chain",
        "The audit trail is altered, cut, added to, swapped and rewritten by somebody with the rights of the database",
        "1,000 of 1,000 found at the right event; the database itself refuses, on both engines",
        ("tests/proof/security/test_chain.py::test_a_thousand_trials", "tests/services/test_audit_chain.py"),
        off="chain_check",
    ),
    Proof(
        "chain-speed",
        "`audit verify` on a million events",
        "within 10 seconds on two cores",
        ("tests/proof/security/test_chain.py::test_a_million_events",),
        why_no_canary="a figure of the machine; that the check finds what is wrong is the row above",
    ),
    Proof(
        "access-list",
        "Every rule and method of the site is in the access list, and everything listed is there",
        "both ways; a route that is not listed answers 403",
        ("tests/web/test_access.py", "tests/proof/security/test_matrix.py::test_every_route_and_method_is_listed"),
        off="route_guard",
    ),
    Proof(
        "matrix",
        "Route x method x role x object x state by real requests",
        "all combinations, 0 leaks, nothing refused changes a row",
        ("tests/proof/security/test_matrix.py",),
        off="tenant_scope",
    ),
    Proof(
        "tenants",
        "200 random worlds of companies and sharings, 50 requests in each",
        "each answer holds only what is visible to who asked",
        ("tests/proof/security/test_tenants.py",),
        off="tenant_scope",
    ),
    Proof(
        "headers",
        "Security headers on every route, 404, 500, static files and downloads",
        "all there, nothing unsafe-inline, private pages never stored",
        ("tests/proof/security/test_front_door.py::TestHeaders",),
        off="headers",
    ),
    Proof(
        "hosts",
        "30 forged Host headers",
        "each is refused",
        ("tests/proof/security/test_front_door.py::test_another_host_is_refused",),
        off="trusted_hosts",
    ),
    Proof(
        "redirects",
        "60 hostile redirect targets",
        "none leaves the site",
        ("tests/proof/security/test_front_door.py::test_no_redirect_leaves_the_site",),
        off="safe_redirects",
    ),
    Proof(
        "forged-forms",
        "Every change without, with a wrong and with another session's token",
        "refused, and no row changed",
        ("tests/proof/security/test_front_door.py::TestForgedForms",),
        off="form_tokens",
    ),
    Proof(
        "mass-assignment",
        "Every column of the database sent to every form",
        "nothing is stored that is not a field of the form",
        ("tests/proof/security/test_forms.py::test_no_column_is_taken_from_a_form",),
        off="named_fields",
    ),
    Proof(
        "form-fuzzer",
        "5,000 hostile posts to all forms",
        "no server error",
        ("tests/proof/security/test_forms.py::test_whatever_is_sent_no_page_breaks",),
        off="clean_text",
    ),
    Proof(
        "log-hygiene",
        "A planted password, token, answer and evidence text",
        "in no log, error, address and mail",
        ("tests/proof/security/test_log_hygiene.py",),
        off="quiet_logs",
    ),
    Proof(
        "settings",
        "Unsafe settings beyond the embedded default",
        "more than twelve refused at the start, by name",
        ("tests/test_settings.py",),
        off="refusals",
    ),
)
