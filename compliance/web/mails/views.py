"""The mails that would have gone out, readable in demo mode only."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, render_template

from compliance.domain.errors import NotFound
from compliance.mail.reading import list_mails, read_mail
from compliance.mail.senders import folder_of

blueprint = Blueprint("mails", __name__, url_prefix="/demo-mail")


@blueprint.get("")
def index() -> str:
    """The newest mails, newest first."""
    return render_template("mails/index.html", mails=list_mails(_folder()))


@blueprint.get("/<name>")
def show(name: str) -> str:
    """One mail as plain text."""
    mail = read_mail(_folder(), name)
    if mail is None:
        raise NotFound(name)
    return render_template("mails/show.html", mail=mail)


def _folder() -> Path:
    """The folder of `MAIL_URL`; demo mode allows no other kind."""
    return folder_of(current_app.extensions["settings"].mail_url)
