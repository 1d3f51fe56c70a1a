"""The forms of a page as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import html
from werkzeug.datastructures import MultiDict


def forms_of(page: str) -> Iterator[tuple[str, MultiDict[str, str]]]:
    """Each form of a page: its address (empty: that of the page), and its fields as they stand, ticked or not."""
    for form in html.fromstring(page).forms:
        yield (
            (form.action or "").partition("?")[0],
            MultiDict((name, value or "") for name, value in form.form_values()),
        )


def complete(page: str) -> Iterator[tuple[str, MultiDict[str, str]]]:
    """The same, filled in as far as a stranger can: the first choice where none is made, words where there are none."""
    for (address, values), form in zip(forms_of(page), html.fromstring(page).forms, strict=True):
        filled = MultiDict((name, value or "Own words") for name, value in values.items(multi=True))
        for field in form.inputs:
            if field.name and field.name not in filled and field.get("type") != "file":
                filled.add(field.name, _first(field))
        yield address, filled


def _first(field: Any) -> str:
    return (field.get("value") if field.tag == "input" else None) or "Own words"
