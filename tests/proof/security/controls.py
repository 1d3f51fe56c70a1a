"""The controls that rows of the group `security` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.proof.off import replace
from tests.proof.security.account_controls import ACCOUNT_CONTROLS


def chain_check() -> None:
    """A check that only looks at the numbers and the ends of the chains, not at what the hashes cover."""
    from compliance.domain.audit_chain import Link, Walk

    honest = Walk.step

    def step(self: Walk, link: Link, stored: str) -> None:
        before = len(self.faults)
        honest(self, link, stored)
        self.faults[before:] = [fault for fault in self.faults[before:] if "missing" in fault.reason]

    replace(Walk, "step", step)


def headers() -> None:
    from compliance.web import headers as module

    replace(module, "install", lambda _app, **_options: None)


def trusted_hosts() -> None:
    _without_setting("TRUSTED_HOSTS")


def safe_redirects() -> None:
    """Whoever comes with `next` is sent there."""
    from compliance.web import redirects

    replace(redirects, "local", lambda target: target)


def form_tokens() -> None:
    from flask_wtf import CSRFProtect

    replace(CSRFProtect, "protect", lambda _self: None)


def _without_setting(name: str) -> None:
    from compliance import factory

    honest = factory._config

    def config(settings: Any) -> dict[str, object]:
        return {key: value for key, value in honest(settings).items() if key != name}

    replace(factory, "_config", config)


def clean_text() -> None:
    """Text is stored as it comes, NUL and halves of characters too."""
    from compliance.domain import typed

    replace(typed, "_kept", lambda _character: True)


def named_fields() -> None:
    """A form takes whatever is sent: its texts are stored together with what came under other names."""
    from flask import request
    from wtforms import StringField

    honest = StringField.process_formdata

    def take(self: StringField, values: list[str]) -> None:
        honest(self, [values[0] + " ".join(request.form.values())[-80:]] if values else values)

    StringField.process_formdata = take  # type: ignore[method-assign,assignment]


def quiet_logs() -> None:
    """What is typed is logged."""
    from flask import Flask, request
    from flask.typing import ResponseReturnValue

    honest = Flask.full_dispatch_request

    def talkative(self: Flask) -> ResponseReturnValue:
        self.logger.error("asked for %s with %s", request.full_path, request.form.to_dict())
        return honest(self)

    replace(Flask, "full_dispatch_request", talkative)


def refusals() -> None:
    from compliance import config

    replace(config, "_REFUSALS", ())


CONTROLS: dict[str, Callable[[], None]] = {
    function.__name__: function
    for function in (
        chain_check,
        headers,
        trusted_hosts,
        safe_redirects,
        form_tokens,
        clean_text,
        named_fields,
        quiet_logs,
        refusals,
    )
} | ACCOUNT_CONTROLS
