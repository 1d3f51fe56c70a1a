"""Which language a page speaks: as asked for, else as the person prefers, else as the browser does."""

from __future__ import annotations

from flask import g, has_request_context, request, session

from compliance.domain.text import LANGUAGES, Language, Text, language_of


def selected() -> Language:
    """The language of the current request. `?lang=fr` changes it for the rest of the visit."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = _choose()
    return language_of(g.language)


def _choose() -> str:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["language"] = asked
        return asked
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    actor = g.get("actor")
    if actor is not None:
        return str(actor.language)
    return request.accept_languages.best_match(LANGUAGES) or "en"


def say(text: Text | None) -> str:
    """`text` in the language of the page. The template filter `say`."""
    return text.get(selected()) if text else ""
