"""The texts of the pages and mails in other languages: templates/words/<language>/LC_MESSAGES/messages.po.

words.py update    collect the texts of code and templates into each catalogue
words.py compile   write the .mo files that the product reads (not committed)
words.py check     exit 1 when a text has no translation, a doubtful one, or one with other placeholders
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "templates" / "words"
COLLECTED = ROOT / "build" / "words.pot"
LANGUAGES = ("fr",)


# What `pybabel` on the command line does; the function itself carries no types.
pybabel: Callable[[list[str]], object] = CommandLineInterface().run


def catalogue(language: str) -> Path:
    return WORDS / language / "LC_MESSAGES" / "messages.po"


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def collect() -> Catalog:
    COLLECTED.parent.mkdir(exist_ok=True)
    command = ["pybabel", "--quiet", "extract", "-F", "pyproject.toml", "-o", str(COLLECTED)]
    command += ["-k", "lazy_gettext", "-k", "_l", "-k", "lazy_ngettext:1,2", "-k", "lazy_pgettext:1c,2"]
    command += ["--add-location=file", "--sort-by-file", "--no-wrap", "--project=compliance", "."]
    pybabel(command)
    return read(COLLECTED)


def update() -> int:
    collect()
    for language in LANGUAGES:
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        verb = ["update", "--no-fuzzy-matching", "--ignore-obsolete"] if path.exists() else ["init"]
        command = ["pybabel", "--quiet", *verb, "--no-wrap", "-i", str(COLLECTED), "-o", str(path), "-l", language]
        pybabel(command)
    check()
    return 0


def compile_all() -> int:
    for language in LANGUAGES:
        path = catalogue(language)
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, read(path, language))
        fresh.replace(path.with_suffix(".mo"))
    return 0


def check() -> int:
    collected = collect()
    faults = [fault for language in LANGUAGES for fault in faults_of(language, collected)]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def faults_of(language: str, collected: Catalog) -> list[str]:
    path = catalogue(language)
    name = path.relative_to(ROOT)
    if not path.exists():
        return [f"{name}: does not exist; run `make words`"]
    catalog = read(path, language)
    faults = []
    for message in collected:
        if not message.id:
            continue
        found = catalog.get(message.id, message.context)
        text = repr(message.id if isinstance(message.id, str) else message.id[0])
        if found is None:
            faults.append(f"{name}: {text} is missing; run `make words`")
        elif not all(found.string if isinstance(found.string, (list, tuple)) else [found.string]):
            faults.append(f"{name}: {text} has no translation")
        elif found.fuzzy:
            faults.append(f"{name}: {text} is marked fuzzy")
    for message, errors in catalog.check():
        faults.extend(f"{name}:{message.lineno}: {error}" for error in errors)
    return faults


if __name__ == "__main__":
    commands = {"update": update, "compile": compile_all, "check": check}
    sys.exit(commands[sys.argv[1]]())
