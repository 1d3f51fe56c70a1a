"""Who the company is: endorsement, lead country, services and what they do."""

from __future__ import annotations

from compliance.reporting.blocks.common import line, link, quiet, strong
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Line, Pairs, Paragraph, Table, TableCell
from compliance.reporting.facts import Envelope, OfCompany, OfServices, Service
from compliance.reporting.voice import Voice


@block(
    "background",
    endorsed_label=sentence(),
    endorsed_on=sentence("date"),
    endorsed_undated=sentence(),
    not_endorsed=sentence(),
    source_label=sentence(),
    lead_label=sentence(),
)
def background(facts: OfCompany, voice: Voice) -> list[Block]:
    """Description and endorsement. Endorsing is not implementing, which the method notes say."""
    company = facts["company"]
    if company["endorsed_on"]:
        endorsed = voice.say("endorsed_on", date=voice.date(company["endorsed_on"]))
    else:
        endorsed = voice.say("endorsed_undated" if company["endorsement_source"] else "not_endorsed")
    rows: list[tuple[str, Line]] = [(voice.say("endorsed_label"), line(endorsed))]
    if company["endorsement_source"]:
        rows.append((voice.say("source_label"), (link(company["endorsement_source"]),)))
    if company["lead_country"]:
        rows.append((voice.say("lead_label"), line(voice.text(company["lead_country"]))))
    description = voice.text(company["description"]).strip()
    return [*([Paragraph(line(description))] if description else []), Pairs(tuple(rows))]


@block(
    "services",
    may_be_empty=True,
    caption=sentence(),
    service_column=sentence(),
    functions_column=sentence(),
    not_declared=sentence(),
    no_functions=sentence(),
    dropped=sentence("functions"),
    disputed_has=sentence("function", "stance"),
    disputed_lacks=sentence("function", "stance"),
    not_said=sentence(),
    agrees=sentence(),
    disagrees=sentence(),
)
def services(facts: OfServices, voice: Voice) -> list[Block]:
    """Each service with its functions, those that were ticked last cycle and are no more, and those disputed."""
    rows = tuple(_row(service, voice) for service in facts["services"])
    if not rows:
        return []
    columns = (voice.say("service_column"), voice.say("functions_column"))
    return [Table(voice.say("caption"), columns, rows, (3, 7))]


def _row(service: Service, voice: Voice) -> tuple[TableCell, ...]:
    functions = voice.list(voice.text(label) for label in service["functions"])
    if not service["functions_declared"]:
        functions = voice.say("not_declared")
    cell: list[Line] = [line(functions or voice.say("no_functions"))]
    if service["dropped_functions"]:
        dropped = voice.list(voice.text(label) for label in service["dropped_functions"])
        cell.append(strong(voice.say("dropped", functions=dropped)))
    for disputed in service["disputed_functions"]:
        key = "disputed_has" if disputed["has"] else "disputed_lacks"
        stance = voice.say(disputed["stance"])
        cell.append(strong(voice.say(key, function=voice.text(disputed["function"]), stance=stance)))
    return ((line(service["name"]),), tuple(cell))


@block("annex", new_page=True, intro=sentence())
def annex(facts: Envelope, voice: Voice) -> list[Block]:  # noqa: ARG001 - the same for every company
    """Where the first page ends."""
    return [Paragraph(quiet(voice.say("intro")))]
