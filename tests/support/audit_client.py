"""A test client that looks at each page it fetches, so that no view needs a test of its own for what all pages owe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

#: What a title may begin with instead of the heading: there is an error on the page.
ERROR_PREFIXES = ("Error: ", "Erreur : ", "Erreur\N{NO-BREAK SPACE}: ")
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "headers")


class BadPage(AssertionError):
    """A page that is not well made, with every reason."""


class AuditClient(FlaskClient):
    """Fails on a page that is broken. `language` is what pages must be in once someone is signed in."""

    language: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            faults = list(faults_of(response.get_data(as_text=True), self.language))
            if response.status_code >= 500:
                faults.insert(0, f"the status is {response.status_code}")
            if faults:
                raise BadPage(f"{response.request.path}: " + "; ".join(faults))
        return response


def faults_of(page: str, language: str | None = None) -> Iterator[str]:
    """What is wrong with a whole page, as sentences."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parse(page)
    for (line, column), code, _data in parser.errors:
        yield f"line {line}, column {column}: {code}"
    yield from _language_faults(root, language)
    yield from _title_faults(root)
    yield from _id_faults(root)
    yield from _policy_faults(root)
    yield from _control_faults(root)


def text_of(element: Element) -> str:
    """The text of an element as one reads it."""
    return " ".join("".join(element.itertext()).split())


def _language_faults(root: Element, language: str | None) -> Iterator[str]:
    said = root.get("lang")
    if said not in ("en", "fr"):
        yield f"the page says that its language is {said!r}"
    elif language is not None and said != language:
        yield f"the page is in {said!r} and not in {language!r}"


def _title_faults(root: Element) -> Iterator[str]:
    headings = list(root.iter("h1"))
    if len(headings) != 1:
        yield f"there are {len(headings)} h1"
        return
    heading = text_of(headings[0])
    title = next((text_of(element) for element in root.iter("title")), "")
    if not heading or not title.startswith((heading, *(prefix.strip() + " " + heading for prefix in ERROR_PREFIXES))):
        yield f"the title {title!r} does not begin with the heading {heading!r}"


def _id_faults(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    yield from (f"the id {name!r} is there {count} times" for name, count in ids.items() if count > 1)
    for element in root.iter():
        for attribute in _REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute}={name!r} of <{element.tag}> points nowhere"
        link = element.get("href") or ""
        if link.startswith("#") and link not in ("#", "#top") and link[1:] not in ids:
            yield f"the link {link!r} points nowhere"


def _policy_faults(root: Element) -> Iterator[str]:
    """What the content security policy would refuse."""
    for element in root.iter():
        if element.get("style") is not None:
            yield f"<{element.tag}> has a style of its own"
        yield from (f"<{element.tag}> has {name}" for name in element.attrib if str(name).startswith("on"))
    yield from ("a <style> in the page" for _ in root.iter("style"))
    yield from ("a <script> in the page" for script in root.iter("script") if not script.get("src"))


def _control_faults(root: Element) -> Iterator[str]:
    """Every field has a label and every picture a text."""
    labelled = {label.get("for") for label in root.iter("label")}
    for tag in ("input", "select", "textarea"):
        for field in root.iter(tag):
            if field.get("type") in ("hidden", "submit", "button"):
                continue
            if not (field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")):
                yield f"<{tag} name={field.get('name')!r}> has no label"
    yield from (f"<img src={image.get('src')!r}> has no alt" for image in root.iter("img") if image.get("alt") is None)


__all__ = ["AuditClient", "BadPage", "faults_of", "text_of"]
