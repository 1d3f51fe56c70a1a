"""The key with which a person's browser locks away what could not be saved yet."""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import current_app

from compliance.web.access import actor


def drafts_key() -> str:
    """32 bytes in base64: the person's own, the same at each visit, and not to be guessed without the server's secret.

    A shared machine keeps drafts of several people; whoever signs in next cannot read those of the one before.
    """
    secret = str(current_app.secret_key).encode()
    return base64.b64encode(hmac.new(secret, f"drafts:{actor().user_id}".encode(), hashlib.sha256).digest()).decode()
