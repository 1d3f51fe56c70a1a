"""One principle across companies: its text, and the answers beside each other."""

from __future__ import annotations

from compliance.reporting.blocks.common import indicator_name, line, n_of, own_words, quiet, strong, tag
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Heading, Line, Paragraph, Run, Table, TableCell
from compliance.reporting.facts import PrincipleReport, SideAnswer, SideBySide
from compliance.reporting.voice import Voice


@block("principle_text", not_official=sentence())
def principle_text(facts: PrincipleReport, voice: Voice) -> list[Block]:
    """The agreed text, and whether it is official in this language."""
    principle = facts["principle"]
    blocks: list[Block] = [Paragraph(line(voice.text(principle["text"])))]
    if not principle["official"][voice.language]:
        blocks.append(Paragraph(quiet(voice.say("not_official"))))
    return blocks


@block(
    "side_by_side",
    may_be_empty=True,
    left_out=sentence("number", "most"),
    nobody=sentence(),
    caption=sentence("indicator"),
    company_column=sentence(),
    says_column=sentence(),
    finding_column=sentence(),
    status=sentence("word"),
    evidence=sentence("grade"),
    finding=sentence("rating"),
    no_finding=sentence(),
)
def side_by_side(facts: PrincipleReport, voice: Voice) -> list[Block]:
    """Each indicator with the number of companies by worst word, then every answer, by company and service."""
    known, blocks = facts["basis"], list[Block]()
    if known["with_results"] > known["most"]:
        numbers = {"number": voice.number(known["with_results"]), "most": voice.number(known["most"])}
        blocks.append(Paragraph(line(voice.say("left_out", **numbers))))
    for item in facts["indicators"]:
        blocks += [Heading(indicator_name(item["indicator"], voice), level=2), _counts(item, voice)]
        if item["answers"]:
            caption = voice.say("caption", indicator=item["indicator"]["id"])
            columns = tuple(voice.say(f"{name}_column") for name in ("company", "says", "finding"))
            rows = tuple(_answer(answer, voice) for answer in item["answers"])
            blocks.append(Table(caption, columns, rows, (12, 18, 16)))
    return blocks


def _counts(item: SideBySide, voice: Voice) -> Paragraph:
    if not item["counts"]:
        return Paragraph(quiet(voice.say("nobody")))
    runs: list[Run] = []
    for count in item["counts"]:
        share = n_of(count["n"], item["companies"], voice)
        runs += [tag(count["severity"], voice), Run(f" {share}  ")]
    return Paragraph(tuple(runs))


def _answer(answer: SideAnswer, voice: Voice) -> tuple[TableCell, ...]:
    service = answer["service"] if answer["service"] is not None else voice.say("company_wide")
    says: list[Line] = [line(voice.say("status", word=voice.text(answer["status"]["word"])))]
    if answer["explanation"] and answer["explanation"]["text"]:
        says.append(own_words(answer["explanation"], voice))
    found: list[Line] = [line(voice.say("evidence", grade=voice.text(answer["grade"]["word"])))]
    finding = answer["finding"]
    if finding is None:
        found.append(quiet(voice.say("no_finding")))
    else:
        found.append(line(voice.say("finding", rating=voice.text(finding["rating"]["word"]))))
        if finding["reason"] and finding["reason"]["text"]:
            found.append(own_words(finding["reason"], voice))
    company = (strong(answer["company"]), quiet(service), (tag(answer["severity"], voice),))
    return (company, tuple(says), tuple(found))
