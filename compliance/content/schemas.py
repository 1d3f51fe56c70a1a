"""The shape of each content file: which fields there are and what they hold. What they refer to is checked later."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema

from compliance.content.fields import Group, Part, Several, Whole, Words, YesNo, choice, identity, names, not_empty
from compliance.domain.answers import Status
from compliance.domain.framework import Scope, UnitKind
from compliance.domain.rules import DIMENSIONS, Kind
from compliance.domain.text import LANGUAGES

PROVENANCE: Final = ("verified", "unverified")
PERIODS: Final = ("month", "quarter", "half_year", "year", "point")
#: The pages and reports have a style for each of these and for no other.
COLOURS: Final = ("red", "violet", "amber", "green", "blue", "grey")
#: What a company can choose; "unanswered" is the absence of a choice.
OFFERED: Final = tuple(status.value for status in Status if status is not Status.UNANSWERED)


class TextShape(Group):
    en = Words(required=True)
    fr = Words(required=True)


class OfficialShape(Group):
    en = YesNo(required=True)
    fr = YesNo(required=True)


class ProvenanceShape(Group):
    en = choice(PROVENANCE)
    fr = choice(PROVENANCE)


class SourceIdsShape(Group):
    """The source of each language; a text that was read nowhere has none."""

    en = Words()
    fr = Words()


class WordingShape(Group):
    text = Part(TextShape, required=True)
    official = Part(OfficialShape, required=True)
    provenance = Part(ProvenanceShape, required=True)
    source = Part(SourceIdsShape)
    remark = Part(TextShape)


class ThemeShape(WordingShape):
    id = identity()


class PrincipleTextShape(WordingShape):
    id = identity()
    theme = Words(required=True)


class SourceShape(Group):
    id = identity()
    name = Words(required=True)
    language = choice(LANGUAGES)


class WordingFile(Group):
    sources = Several(Part(SourceShape), required=True)
    title = Part(WordingShape, required=True)
    note = Part(TextShape)
    themes = Several(Part(ThemeShape), required=True, validate=not_empty())
    principles = Several(Part(PrincipleTextShape), required=True, validate=not_empty())


class TermShape(Group):
    id = identity()
    label = Part(TextShape, required=True)
    help = Part(TextShape)


class SurfaceShape(Group):
    id = identity()
    label = Part(TextShape, required=True)
    functions = names()


class FrameworkFile(Group):
    id = identity()
    version = identity()
    name = Part(TextShape)
    functions = Several(Part(TermShape), required=True)
    surfaces = Several(Part(SurfaceShape), required=True)
    statuses = Several(Part(TermShape), required=True)
    reasons = Several(Part(TermShape), required=True)


class UnitShape(Group):
    id = identity()
    kind = choice(UnitKind)
    seconds = Whole()
    label = Part(TextShape, required=True)


class UnitsFile(Group):
    units = Several(Part(UnitShape), required=True)


class AppliesWhenShape(Group):
    any = names()
    all = names()
    none = names()


class LinesUpWithShape(Group):
    regime = Words(required=True)
    reference = Words(required=True)
    source = Words(required=True)
    provenance = choice(PROVENANCE)


class IndicatorShape(Group):
    id = identity()
    scope = choice(Scope)
    name = Part(TextShape, required=True)
    question = Part(TextShape, required=True)
    help = Part(TextShape, required=True)
    evidence_hint = Part(TextShape, required=True)
    applies_when = Part(AppliesWhenShape)
    surfaces = names()
    statuses = names(required=True, values=OFFERED)
    ask = Part(TextShape, required=True)
    replaces = names()
    lines_up_with = Several(Part(LinesUpWithShape))
    official = YesNo(required=True)
    provenance = choice(PROVENANCE)


class MetricShape(Group):
    id = identity()
    indicator = Words(required=True)
    scope = choice(Scope)
    name = Part(TextShape, required=True)
    help = Part(TextShape, required=True)
    unit = Words(required=True)
    period = choice(PERIODS)
    official = YesNo(required=True)
    provenance = choice(PROVENANCE)


class PrincipleFile(Group):
    principle = Words(required=True)
    indicators = Several(Part(IndicatorShape), required=True, validate=not_empty())
    metrics = Several(Part(MetricShape))


class SeverityShape(Group):
    id = identity()
    kind = choice(Kind)
    word = Part(TextShape, required=True)
    symbol = Words(required=True)
    colour = choice(COLOURS)


ConditionShape: Any = Group.from_dict(
    {dimension: names(values=values) for dimension, values in DIMENSIONS.items()}, name="ConditionShape"
)


class RowShape(Group):
    severity = Words(required=True)
    when = Several(Part(ConditionShape), required=True, validate=not_empty())


class RulesFile(Group):
    severities = Several(Part(SeverityShape), required=True, validate=not_empty())
    table = Several(Part(RowShape), required=True, validate=not_empty())
    grades = Several(Part(TermShape), required=True)
    findings = Several(Part(TermShape), required=True)
    plans = Several(Part(TermShape), required=True)
    flags = Several(Part(TermShape), required=True)
    changes = Several(Part(TermShape), required=True)
    participation = Several(Part(TermShape), required=True)


class PinShape(Group):
    version = identity()
    sha256 = Words(required=True)
    published = Words(required=True)


class PinList(Group):
    """A file that is one list is checked as if it stood under the name "pins"."""

    pins = Several(Part(PinShape), required=True)


FILES: Final[dict[str, type[Schema]]] = {
    "wording.yaml": WordingFile,
    "framework.yaml": FrameworkFile,
    "units.yaml": UnitsFile,
    "rules.yaml": RulesFile,
}
