"""The blocks that an outline may name, each with the sentences that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_type_hints

from compliance.reporting.document import Block
from compliance.reporting.voice import Voice

#: The keys of the sentences, each with the placeholders that it may use.
Needs = Mapping[str, frozenset[str]]
Build = Callable[[Any, Voice], list[Block]]


@dataclass(frozen=True, slots=True)
class BlockType:
    """`build` gets checked facts and a voice; an empty list means that there is nothing to say.

    `needs` is the TypedDict that its facts must have the keys of: a block fits every shape that has them.

    `may_be_empty`: an outline must give it an `empty` sentence or omit it when empty. `new_page`: starts one.
    """

    build: Build
    needs: type
    sentences: Needs
    may_be_empty: bool
    new_page: bool


BLOCKS: Final[dict[str, BlockType]] = {}

#: Sentences of the frame: what stands around the blocks, and phrases that several blocks share.
FRAME: Final[Needs] = {
    "kind_name": frozenset(),
    "title": frozenset(),  # these three also name what the report is about: shapes.NAMES
    "subtitle": frozenset(),
    "footer": frozenset(),
    "page_of": frozenset({"page", "pages"}),
    "not_printable": frozenset({"number"}),
    "draft": frozenset(),
    "approved": frozenset({"name", "date", "version"}),
    "redacted": frozenset({"edition"}),
    "withheld": frozenset({"count"}),
    "principle": frozenset({"number"}),
    "company_wide": frozenset(),
    "services_some": frozenset({"names", "number", "of"}),
    "services_more": frozenset({"names", "count", "number", "of"}),
    "names_more": frozenset({"names", "count"}),
    "n_of": frozenset({"number", "of"}),
    "quote": frozenset({"text"}),
    "original": frozenset({"language"}),
    "shortened": frozenset(),
}


#: The sentences of the frame that name what the report is about.
NAMING: Final = ("title", "subtitle", "footer")


def sentence(*placeholders: str) -> frozenset[str]:
    """The placeholders that a sentence may use."""
    return frozenset(placeholders)


def block(
    name: str, *, may_be_empty: bool = False, new_page: bool = False, **sentences: frozenset[str]
) -> Callable[[Build], Build]:
    """Registers a function as the block `name` with the sentences that it needs."""

    def register(build: Build) -> Build:
        BLOCKS[name] = BlockType(build, get_type_hints(build)["facts"], sentences, may_be_empty, new_page)
        return build

    return register
