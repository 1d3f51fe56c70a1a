"""The embedded default: one command that prepares everything and serves it on this machine."""

from __future__ import annotations

import datetime as dt
import faulthandler
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from flask import Flask
from flask_security.utils import hash_password, verify_password
from waitress.server import create_server

from compliance.config import ROOT, BadSetting, Settings
from compliance.demo import accounts, loading
from compliance.domain.errors import NotAllowed
from compliance.factory import STATIC, create_app
from compliance.jobs.scheduler import start_scheduler
from compliance.services import setup

DEMO_COMPANIES: Final = 12
DEMO_SEED: Final = 1
THREADS: Final = 8
#: A stop takes a second or two; work that hangs must not keep the process for ever.
STOP_SECONDS: Final = 20


def serve(settings: Settings) -> None:
    """Migrate, import the frameworks, load the demo data in demo mode, and serve until stopped.

    Raises BadSetting, naming the setting, for whatever stands in the way.
    """
    if not (STATIC / "manifest.json").is_file():
        raise BadSetting("the style sheet was not built yet; run `make assets`")
    app = create_app(settings)
    server = _listen(app, settings)  # before the database is touched: another process may be serving from it
    with app.app_context():
        with setup.one_at_a_time():
            _prepare(settings, now=dt.datetime.now(dt.UTC))
        _greet(settings)
    with _scheduler(app, settings), _stopping_on_request():
        server.run()


def _listen(app: Flask, settings: Settings) -> Any:
    # A page that waits for one of the threads is no news; everything else that waitress reports is.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        return create_server(app, host=settings.host, port=settings.port, threads=THREADS, ident=None)
    except PermissionError:
        raise BadSetting(f"PORT {settings.port} may not be used by this account; choose one from 1024") from None
    except OSError as error:
        reason = "is already in use" if "in use" in str(error) else f"cannot be used ({error.strerror})"
        raise BadSetting(f"PORT {settings.port} {reason}; choose another, such as PORT=8080") from None


def _prepare(settings: Settings, *, now: dt.datetime) -> None:
    setup.upgrade()
    for problem in setup.import_frameworks(ROOT / "principles", now=now):
        _say(f"Not imported: {problem}")
    try:
        if settings.demo:
            _prepare_demo(settings, now)
        else:
            loading.refuse_demo_data()
    except NotAllowed as refused:
        raise BadSetting(f"DEMO={int(settings.demo)}: {refused}") from None


def _prepare_demo(settings: Settings, now: dt.datetime) -> None:
    password = accounts.password_in(settings.instance / "demo_password")
    loading.load(DEMO_COMPANIES, DEMO_SEED, hash_password=lambda: hash_password(password), now=now)
    accounts.keep_password(password, verify_password, hash_password)


def _greet(settings: Settings) -> None:
    """Say where the site is and, in demo mode, who can sign in."""
    if settings.demo:
        _say("Invented companies and people to sign in as, all with the password")
        _say(f"\n    {accounts.password_in(settings.instance / 'demo_password')}\n")
        for line in accounts.table(accounts.sign_ins()):
            _say(f"    {line}")
        _say("\nAt each company contributor@ and viewer@ work, too. No mail leaves this machine.\n")
    _say(f"Serving on {settings.base_url} (Ctrl-C stops it)")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def _scheduler(app: Flask, settings: Settings) -> Iterator[None]:
    """The reminder clock runs beside the server, and the message under way is finished before the process ends."""
    if not settings.scheduler:
        yield
        return
    schedule = start_scheduler(app)
    try:
        yield
    finally:
        schedule.stop()


@contextmanager
def _stopping_on_request() -> Iterator[None]:
    """Let SIGTERM end the server as Ctrl-C does: requests under way are finished, and the process ends with 0."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        timer = threading.Timer(STOP_SECONDS, _stop_at_once)
        timer.daemon = True
        timer.start()
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    signal.pthread_sigmask(signal.SIG_UNBLOCK, before)  # whoever started this process may have held them back
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_at_once() -> None:
    """End a process that does not come to its end. Nothing is lost: what was said to be saved is, as after a kill."""
    logging.getLogger(__name__).error("not stopped after %s s; its threads are told below", STOP_SECONDS)
    faulthandler.dump_traceback(all_threads=True)
    os._exit(0)
