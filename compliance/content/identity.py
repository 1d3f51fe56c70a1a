"""Are all ids of a version different, and do they stand where they say?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compliance.content.faults import Fault, quoted
from compliance.content.folder import Folder, Version
from compliance.content.sheet import Sheet, Where

#: Lists of things with ids; within each, no id may be there twice.
_WORDING_LISTS: Final = ("sources", "themes", "principles")
_FRAMEWORK_LISTS: Final = ("functions", "surfaces", "statuses", "reasons")
_RULES_LISTS: Final = ("severities", "grades", "findings", "plans", "flags", "changes", "participation")


def identity_faults(folder: Folder, version: Version) -> Iterator[Fault]:
    """Ids that are there twice, ids that do not begin with their principle, and names that differ from the folder's."""
    yield from _folder_faults(folder, version.framework)
    lists = [(version.units, "units")]
    lists += [(version.wording, name) for name in _WORDING_LISTS]
    lists += [(version.framework, name) for name in _FRAMEWORK_LISTS]
    lists += [(version.rules, name) for name in _RULES_LISTS]
    for sheet, name in lists:
        yield from _repeats([(sheet, (name,))])
    # indicators and metrics of all files together: pages, addresses and spreadsheets name both by id alone
    yield from _repeats([(sheet, (name,)) for sheet in version.principles for name in ("indicators", "metrics")])
    yield from _principle_repeats(version)
    for sheet in version.principles:
        yield from _prefix_faults(sheet)


def _folder_faults(folder: Folder, sheet: Sheet) -> Iterator[Fault]:
    if sheet.data["id"] != folder.framework:
        reason = f"is {quoted(sheet.data['id'])}, but the folder is called {quoted(folder.framework)}"
        yield sheet.fault(("id",), reason)
    if sheet.data["version"] != folder.version:
        reason = f"is {quoted(sheet.data['version'])}, but the folder is called {quoted(folder.version)}"
        yield sheet.fault(("version",), reason)


def _repeats(lists: list[tuple[Sheet, Where]]) -> Iterator[Fault]:
    """Ids that are there twice within `lists`. Capitals do not make two ids different: people read them aloud."""
    seen: dict[str, tuple[Sheet, Where]] = {}
    for sheet, (name,) in lists:
        for place, item in enumerate(sheet.data.get(name, ())):
            where = (name, place, "id")
            first = seen.setdefault(item["id"].casefold(), (sheet, where))
            if first != (sheet, where):
                yield sheet.fault(where, _twice(item["id"], *first))


def _principle_repeats(version: Version) -> Iterator[Fault]:
    seen: dict[str, Sheet] = {}
    for sheet in version.principles:
        first = seen.setdefault(sheet.data["principle"], sheet)
        if first is not sheet:
            yield sheet.fault(("principle",), _twice(sheet.data["principle"], first, ("principle",)))


def _twice(name: str, sheet: Sheet, where: Where) -> str:
    return f"is {quoted(name)}, which is already used at {sheet.file}:{sheet.line(where)}"


def _prefix_faults(sheet: Sheet) -> Iterator[Fault]:
    principle = sheet.data["principle"]
    for name in ("indicators", "metrics"):
        for place, item in enumerate(sheet.data.get(name, ())):
            rest = item["id"].removeprefix(principle)
            # "P11.a" is not an indicator of "P1": what follows must be a mark
            if rest == item["id"] or not rest or rest[0].isalnum():
                reason = f"is {quoted(item['id'])}, but must begin with its principle: {principle}. or {principle}-"
                yield sheet.fault((name, place, "id"), reason)
