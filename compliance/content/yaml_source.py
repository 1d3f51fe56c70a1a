"""From a YAML text to a sheet: a small, safe part of YAML in which every value is what it looks like.

Refused: anchors, aliases, tags and merge keys (a reader must not have to look elsewhere), several documents, duplicate
keys, deep nesting, and unquoted words that YAML 1.1 turns into something else (yes, 2026.1, 2026-01-31, 010).
The tree is built from the parser's events, without recursion, so that no input can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from compliance.content.faults import ContentError, Fault, quoted
from compliance.content.plain_text import FORBIDDEN, character_name, read_text
from compliance.content.sheet import Sheet, Where

DEPTH_LIMIT: Final = 20
VALUE_LIMIT: Final = 20_000  # values in one file; the largest file of the voluntary principles has about 700

_WHOLE_NUMBER = re.compile("0|-?[1-9][0-9]{0,17}")
_KINDS: Final = {"bool": "true or false", "int": "a number", "float": "a number", "timestamp": "a date"}


def read_sheet(path: Path, name: str) -> Sheet:
    """The file at `path` as a sheet called `name`. Raises ContentError with all that is wrong with the file as YAML."""
    builder = _Builder(name)
    text = read_text(path, name)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.YAMLError as error:
        raise ContentError([*builder.faults, _syntax_fault(error, name)]) from None
    return builder.sheet()


def _events(text: str) -> Iterator[Event]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is four times as fast where it is there
    yield from yaml.parse(text, Loader=loader)


def _syntax_fault(error: yaml.YAMLError, name: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    hint = "; put a text that holds a colon in quotes" if "mapping values" in problem else ""
    begun = getattr(error, "context_mark", None)
    if mark is not None and begun is not None and begun.line < mark.line:
        hint += f" (what is wrong may be on line {begun.line + 1}, where this part begins)"
    return Fault(name, mark.line + 1 if mark is not None else 1, f"this is not valid YAML: {problem}{hint}")


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being filled. `key` is the key whose value comes next, None while a key is awaited."""

    where: Where
    data: Any
    key: str | None = None
    key_line: int = 0


@dataclass(slots=True)
class _Builder:
    name: str
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Where, int] = field(default_factory=dict)
    stack: list[_Frame] = field(default_factory=list)
    root: Any = None
    documents: int = 0
    resolver: Resolver = field(default_factory=Resolver)

    def take(self, event: Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(line, "several documents (---) in one file; keep one")
        elif isinstance(event, AliasEvent):
            self._stop(line, f"*{event.anchor} repeats another place; write the value out")
        elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
            self._refuse_marks(event, line)
            self._take_value(event, line)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.stack.pop()

    def sheet(self) -> Sheet:
        if not self.documents or (self.root is None and not self.faults):
            raise ContentError([Fault(self.name, 1, "the file is empty")])
        if self.faults:
            raise ContentError(self.faults)
        return Sheet(self.name, self.root, self.lines)

    def _refuse_marks(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, line: int) -> None:
        if event.anchor:
            self._stop(line, f"&{event.anchor} names a value for use elsewhere; leave it out")
        if event.tag:
            self._stop(line, "a tag (!) is not used here; leave it out, or put the text in quotes")

    def _take_value(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, line: int) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame and isinstance(frame.data, dict) and frame.key is None:
            self._take_key(frame, event, line)
            return
        where = self._place(frame, line)
        if isinstance(event, ScalarEvent):
            self._put(frame, self._scalar(event, line))
            return
        if len(self.stack) >= DEPTH_LIMIT:
            self._stop(line, f"nested more than {DEPTH_LIMIT} levels deep")
        inner: Any = {} if isinstance(event, MappingStartEvent) else []
        self._put(frame, inner)
        self.stack.append(_Frame(where, inner))

    def _take_key(self, frame: _Frame, event: Event, line: int) -> None:
        if not isinstance(event, ScalarEvent):
            self._stop(line, "a field name must be a word")
            return
        if self._kind(event) == "merge":
            self._stop(line, "<< merges another place; write the fields out")
        key = self._scalar(event, line)
        if not isinstance(key, str):
            self._add(line, f"the field name {event.value} is read as something else; put it in quotes")
            key = event.value
        if key in frame.data:
            self._add(line, f"the field {quoted(key)} is there twice (first on line {self.lines[*frame.where, key]})")
        frame.key, frame.key_line = key, line

    def _place(self, frame: _Frame | None, line: int) -> Where:
        """Where the coming value stands; its line is that of its key, which is where a reader looks for it."""
        if frame is None:
            where: Where = ()
        elif frame.key is not None:
            where, line = (*frame.where, frame.key), frame.key_line
        else:
            where = (*frame.where, len(frame.data))
        self.lines.setdefault(where, line)
        if len(self.lines) > VALUE_LIMIT:
            self._stop(line, f"more than {VALUE_LIMIT:,} values in one file; split it")
        return where

    def _put(self, frame: _Frame | None, value: Any) -> None:
        if frame is None:
            self.root = value
        elif frame.key is not None:
            frame.data[frame.key] = value
            frame.key = None
        else:
            frame.data.append(value)

    def _scalar(self, event: ScalarEvent, line: int) -> str | int | bool | None:
        found = FORBIDDEN.search(event.value)
        if found:  # written as an escape ("\x07"), so not seen in the text
            self._add(line, f"{character_name(found.group())} does not belong in a text")
        kind = self._kind(event)
        if kind == "null":
            return None
        if kind == "bool" and event.value in ("true", "false"):
            return event.value == "true"
        if kind == "int" and _WHOLE_NUMBER.fullmatch(event.value):
            return int(event.value)
        if kind in _KINDS:
            self._add(line, f"{event.value} is read as {_KINDS[kind]}; put it in quotes")
        return str(event.value)

    def _kind(self, event: ScalarEvent) -> str:
        """What YAML takes the scalar for: "str", "bool", "int", "null", "merge" …"""
        tag: str = self.resolver.resolve(ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        return tag.rpartition(":")[2]

    def _add(self, line: int, reason: str) -> None:
        self.faults.append(Fault(self.name, line, reason))

    def _stop(self, line: int, reason: str) -> None:
        """Give up on the file: what follows would only repeat the fault."""
        self._add(line, reason)
        raise ContentError(self.faults)
