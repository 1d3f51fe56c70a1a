"""Reads `reports/<kind>/outline.yaml`: which blocks a report has, in which order, with which words.

Words that several kinds share stand once in `reports/phrases.yaml`; an outline may give its own instead. Policy
officers edit these files, so each fault is named with its file, its key and the reason.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from compliance.domain.text import LANGUAGES, Language
from compliance.reporting.blocks import BLOCKS, FRAME, NAMING, Needs
from compliance.reporting.markings import load_markings
from compliance.reporting.shapes import NAMES, SHAPES, Shape, lacking
from compliance.reporting.voice import Sentence

LARGEST_FILE: Final = 1_000_000  # bytes
EMPTY: Final = "empty"
FILE: Final = "outline.yaml"
SHARED_FILE: Final = "phrases.yaml"
HEADINGS_FILE: Final = "headings.yaml"
Words = Mapping[Language, Sentence]


class OutlineError(ValueError):
    """A fault in an outline: `file: key: reason`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One block of a report. A block without a heading continues the one before it."""

    block: str
    heading: Words | None
    sentences: Mapping[str, Words]
    omit_when_empty: bool

    def spoken(self, language: Language) -> dict[str, Sentence]:
        """The sentences in `language`."""
        return {key: words[language] for key, words in self.sentences.items()}


@dataclass(frozen=True, slots=True)
class Outline:
    """A kind of report: its name, the shape of its facts, its frame (footer, page number …), its blocks in order.

    `marking` is the id of the handling marking that it begins with; "": the usual one.
    """

    kind: str
    shape: Shape
    frame: Entry
    blocks: tuple[Entry, ...]
    headings: Mapping[str, Words]
    marking: str = ""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of `reports/phrases.yaml`: of the frame, and of blocks by name."""

    frame: Mapping[str, Words]
    blocks: Mapping[str, Mapping[str, Words]]


def load_outlines(folder: Path) -> dict[str, Outline]:
    """Every kind of report under `folder` (the product's `reports/`), by name; raises OutlineError for a fault."""
    return {path.parent.name: load_outline(folder, path.parent.name) for path in sorted(folder.glob(f"*/{FILE}"))}


def load_outline(folder: Path, kind: str) -> Outline:
    """The outline of `kind` under `folder` (the product's `reports/`); raises OutlineError for the first fault."""
    path, shared, names = folder / kind / FILE, folder / SHARED_FILE, folder / HEADINGS_FILE
    return _load(path, kind, (shared, names), (_state(path), _state(shared), _state(names)))


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return (0, 0)  # reading it says what is wrong with it
    return (state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _load(path: Path, kind: str, beside: tuple[Path, Path], _states: tuple[tuple[int, int], ...]) -> Outline:
    """Kept until a file changes: reading it takes twice as long as laying out a brief."""
    shared, names = beside
    phrases = _Reader(str(shared)).phrases(_read(shared)) if shared.is_file() else Phrases({}, {})
    headings = _Reader(str(names)).headings(_read(names)) if names.is_file() else {}
    return _Reader(str(path), phrases).outline(_read(path), kind, headings)


class _Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice is a fault, not a silent loss of the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                mark = node.value[place][0].start_mark
                raise yaml.MarkedYAMLError(problem=f"{key!r} stands here twice", problem_mark=mark)
        return super().construct_mapping(node, deep)


def _read(path: Path) -> Any:
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST_FILE:
            raise OutlineError(f"{path}: file: larger than {LARGEST_FILE} bytes")
        return yaml.load(raw.decode("utf-8"), Loader=_Loader)  # noqa: S506  # nosec B506 - a SafeLoader
    except FileNotFoundError:
        raise OutlineError(f"{path}: file: there is no such file") from None
    except UnicodeDecodeError:
        raise OutlineError(f"{path}: file: is not UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "file"
        raise OutlineError(f"{path}: {line}: {getattr(error, 'problem', None) or 'is not YAML'}") from None


class _Reader:
    """Turns the plain data of a file into an outline, and knows how to complain about it."""

    def __init__(self, file: str, phrases: Phrases | None = None) -> None:
        self._file = file
        self._phrases = phrases or Phrases({}, {})

    def _fail(self, key: str, reason: str) -> OutlineError:
        return OutlineError(f"{self._file}: {key}: {reason}")

    def phrases(self, data: Any) -> Phrases:
        """What all kinds share: any sentence of the frame and of the blocks."""
        self._keys(data, "phrases", set(), {"frame", "blocks"})
        frame = data.get("frame", {})
        self._keys(frame, "frame", set(), set(FRAME) - set(NAMING))
        blocks = data.get("blocks", {})
        self._keys(blocks, "blocks", set(), set(BLOCKS))
        return Phrases(
            {name: self._words(frame[name], f"frame.{name}", FRAME[name]) for name in frame},
            {name: self._some(blocks[name], name) for name in blocks},
        )

    def _some(self, data: Any, block: str) -> dict[str, Words]:
        needs = {**BLOCKS[block].sentences, EMPTY: frozenset[str]()}
        key = f"blocks.{block}"
        self._keys(data, key, set(), set(needs))
        return {name: self._words(data[name], f"{key}.{name}", needs[name]) for name in data}

    def headings(self, data: Any) -> dict[str, Words]:
        """What each fact is called."""
        self._keys(data, "file", {"headings"})
        names = data["headings"]
        if not isinstance(names, dict):
            raise self._fail("headings", "must be a mapping of facts to words")
        return {str(name): self._words(words, f"headings.{name}", frozenset()) for name, words in names.items()}

    def outline(self, data: Any, kind: str, headings: Mapping[str, Words]) -> Outline:
        self._keys(data, "outline", {"kind", "frame", "blocks"}, {"shape", "marking"})
        if data["kind"] != kind:
            raise self._fail("kind", f"is {data['kind']!r} in a folder named {kind}")
        shape = SHAPES.get(str(data.get("shape", kind)))
        if shape is None:
            raise self._fail("shape", f"there is no shape {data.get('shape', kind)!r}; there are {', '.join(SHAPES)}")
        if not isinstance(data["blocks"], list) or not data["blocks"]:
            raise self._fail("blocks", "must be a list of blocks")
        needs = {**FRAME, **dict.fromkeys(NAMING, NAMES[shape.subject])}
        frame = Entry("frame", None, self._sentences(data["frame"], "frame", needs, self._phrases.frame), False)
        blocks = tuple(self._entry(item, f"blocks.{place}", shape) for place, item in enumerate(data["blocks"]))
        self._no_doubles(blocks)
        return Outline(kind, shape, frame, blocks, headings, self._marking(data.get("marking", "")))

    def _marking(self, value: Any) -> str:
        known = load_markings(Path(self._file).parents[1]) if value else {}
        if value and value not in known:
            raise self._fail("marking", f"there is no marking {value!r}; there are {', '.join(known)}")
        return str(value)

    def _no_doubles(self, blocks: tuple[Entry, ...]) -> None:
        seen: set[str] = set()
        for place, entry in enumerate(blocks):
            if entry.block in seen:
                raise self._fail(f"blocks.{place}.block", f"{entry.block} stands in the outline twice")
            seen.add(entry.block)

    def _entry(self, data: Any, key: str, shape: Shape) -> Entry:
        self._keys(data, key, {"block"}, {"heading", "sentences", "omit_when_empty"})
        block = BLOCKS.get(data["block"]) if isinstance(data["block"], str) else None
        if block is None:
            raise self._fail(f"{key}.block", f"there is no block {data['block']!r}; there are {', '.join(BLOCKS)}")
        if missing := lacking(shape, block.needs):
            raise self._fail(f"{key}.block", f"needs {', '.join(missing)}, which {shape.name} does not have")
        if block.new_page and "heading" not in data:
            raise self._fail(f"{key}.heading", "is missing")
        omit = data.get("omit_when_empty", False)
        if not isinstance(omit, bool):
            raise self._fail(f"{key}.omit_when_empty", "must be true or false")
        given = data.get("sentences", {})
        needs, shared = dict(block.sentences), self._phrases.blocks.get(data["block"], {})
        if block.may_be_empty and (not omit or (isinstance(given, dict) and EMPTY in given)):
            needs[EMPTY] = frozenset()
        sentences = self._sentences(given, f"{key}.sentences", needs, shared)
        heading = self._words(data["heading"], f"{key}.heading", frozenset()) if "heading" in data else None
        return Entry(data["block"], heading, sentences, omit)

    def _sentences(self, data: Any, key: str, needs: Needs, shared: Mapping[str, Words]) -> dict[str, Words]:
        """The sentences that are needed: those given here, else those that all kinds share."""
        self._keys(data, key, {name for name in needs if name not in shared}, set(needs))
        return {
            name: self._words(data[name], f"{key}.{name}", allowed) if name in data else shared[name]
            for name, allowed in needs.items()
        }

    def _words(self, data: Any, key: str, allowed: frozenset[str]) -> Words:
        """A sentence in both languages, its placeholders among `allowed`; {count} is what chooses a plural."""
        self._keys(data, key, set(LANGUAGES))
        return {language: self._forms(data[language], f"{key}.{language}", allowed, language) for language in LANGUAGES}

    def _forms(self, data: Any, key: str, allowed: frozenset[str], language: Language) -> Sentence:
        if isinstance(data, dict):
            if "count" not in allowed:
                raise self._fail(key, "has no {count} that could choose between one and other")
            self._keys(data, key, {"one", "other"})
            return {form: self._text(data[form], f"{key}.{form}", allowed, language) for form in data}
        return {"other": self._text(data, key, allowed, language)}

    def _text(self, value: Any, key: str, allowed: frozenset[str], language: Language) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._fail(key, "must be a text that is not empty")
        try:
            parts = list(string.Formatter().parse(value))
        except ValueError as error:
            raise self._fail(key, f"braces do not match ({error})") from None
        for _, name, form, conversion in parts:
            if name is not None and (name not in allowed or form or conversion):
                offered = ", ".join(f"{{{one}}}" for one in sorted(allowed)) or "no placeholder"
                raise self._fail(key, f"{{{name}}} is not offered here; there is {offered}")
        text = " ".join(value.split())
        return _french_spaces(text) if language == "fr" else text

    def _keys(self, data: Any, key: str, required: set[str] | set[Language], optional: set[str] | None = None) -> None:
        if not isinstance(data, dict):
            raise self._fail(key, "must be a mapping of keys to values")
        for name in sorted(required, key=str):
            if name not in data:
                raise self._fail(f"{key}.{name}", "is missing")
        for name in data:
            if name not in required and name not in (optional or ()):
                raise self._fail(f"{key}.{name}", "is not a key that is known here")


def _french_spaces(text: str) -> str:
    """The spaces that French sets before a colon and inside quotation marks, made non-breaking."""
    return re.sub(r" (?=[:»])|(?<=«) ", "\u00a0", text)
