"""The cookies of a sign-in: the key of the session, and the mark of a device on which a person has signed in."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final

from flask import current_app, g, request, session
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from compliance.services.account import held_forms, passkeys, sessions
from compliance.services.account.held_forms import Held
from compliance.services.account.sessions import Device, Entered, Visit
from compliance.services.account.sign_in import From, KnownDevice, Passwords
from compliance.services.account.vault import Vault

#: For how long a device stays known after its last sign-in, in seconds.
DEVICE_LIFETIME: Final = 180 * 24 * 60 * 60
_KEY: Final = "key"
_HELD: Final = "held"
_CHALLENGE: Final = "challenge"


def now() -> dt.datetime:
    """The moment of the request."""
    return dt.datetime.now(dt.UTC)


def vault() -> Vault:
    found: Vault = current_app.extensions["vault"]
    return found


def passwords() -> Passwords:
    found: Passwords = current_app.extensions["passwords"]
    return found


def second_factor_required() -> bool:
    """Everyone needs a second factor, except in the demo of invented people."""
    return not current_app.extensions["settings"].demo


def load() -> Visit | None:
    """The session that the cookie belongs to."""
    key = session.get(_KEY)
    return sessions.current(key, now=now()) if isinstance(key, str) else None


def visit() -> Visit:
    """The session of this request; only called behind the guard."""
    found: Visit = g.visit
    return found


def keep(key: str) -> None:
    """Put a session's new key into the cookie. Everything else in the cookie begins anew, but the language."""
    kept = {name: session[name] for name in ("language", _HELD) if name in session}
    session.clear()
    session.update(kept)
    session[_KEY] = key


def drop() -> None:
    """Forget the session in the cookie."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def source() -> From:
    """From where the request comes, and whom it says to have signed in there before."""
    return From(Device(request.remote_addr or "", request.user_agent.string), _known_device())


def mark_device(response: Response, entered: Entered) -> Response:
    """Let the device be known as one on which this person has signed in."""
    known = _known_device()
    same = known is not None and known.user_id == entered.user_id
    name = known.id if same and known is not None else secrets.token_hex(16)
    value = _serializer().dumps([name, entered.user_id, entered.marker])
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        _cookie(), value, max_age=DEVICE_LIFETIME, secure=secure, httponly=True, samesite="Lax", path="/"
    )
    return response


def _known_device() -> KnownDevice | None:
    try:
        name, user_id, marker = _serializer().loads(request.cookies.get(_cookie(), ""), max_age=DEVICE_LIFETIME)
    except (BadSignature, ValueError, TypeError):
        return None
    return KnownDevice(str(name), int(user_id), str(marker))


def _cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known device")


def hold_form(sender: Visit) -> None:
    """Keep the form of this request until its sender has signed in again. Files are not kept.

    What a page saves by itself is not kept: the page has it still, and tries again.
    """
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    key = held_forms.hold(sender.actor, Held(request.full_path.rstrip("?"), fields), vault(), now=now())
    if key is not None:
        session[_HELD] = key


def held_key() -> str | None:
    found = session.get(_HELD)
    return found if isinstance(found, str) else None


def held_form() -> Held | None:
    """The form that waits for the person who is signed in."""
    key = held_key()
    return held_forms.held(visit().actor, key, vault(), now=now()) if key else None


def let_held_form_go() -> None:
    key = held_key()
    if key is not None:
        held_forms.let_go(key)
        session.pop(_HELD)


def base_url() -> str:
    """The address of the site for links in mails; never taken from a request."""
    found: str = current_app.extensions["settings"].base_url
    return found


def challenge() -> bytes:
    """What a passkey is to answer: the same on all pages that are open, until it was answered or is too old."""
    kept = session.get(_CHALLENGE)
    if isinstance(kept, list) and now().timestamp() - kept[1] < passkeys.LIFETIME.total_seconds() / 2:
        return bytes.fromhex(kept[0])
    made = secrets.token_bytes(32)
    session[_CHALLENGE] = [made.hex(), int(now().timestamp())]
    return made


def passkey_answer() -> passkeys.Answer:
    """What the browser sent, and the challenge that it had to answer; that one is never asked again."""
    kept = session.pop(_CHALLENGE, None)
    in_time = isinstance(kept, list) and now().timestamp() - kept[1] < passkeys.LIFETIME.total_seconds()
    challenge = bytes.fromhex(kept[0]) if in_time and kept is not None else b""
    return passkeys.Answer(request.form.get("credential", "")[:20_000], challenge, base_url())
