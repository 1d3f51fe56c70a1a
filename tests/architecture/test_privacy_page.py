"""docs/privacy.md lists every column about people, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from compliance.domain.retention import RETENTION
from compliance.storage.models import User

PAGE = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
#: What a reference to a person is called in tables that are about something else.
WHO_DID_IT = re.compile(r"\w+_by_id|author_id|actor_id|approver_id|reviewer_id|recipient_id|user_id")


def columns() -> dict[str, set[str]]:
    return {name: {column.name for column in table.columns} for name, table in User.metadata.tables.items()}


def listed() -> set[str]:
    section = PAGE.read_text(encoding="utf-8").split("## By table")[1].split("## In all other")[0]
    return set(re.findall(r"`(\w+\.\w+)`", section))


def test_every_column_of_the_tables_about_people_is_listed_and_no_other() -> None:
    tables = {name.partition(".")[0] for name in listed()}
    there = {f"{table}.{column}" for table, names in columns().items() if table in tables for column in names}
    assert listed() == there


def test_every_other_reference_to_a_person_is_named_for_what_it_says() -> None:
    tables = {name.partition(".")[0] for name in listed()}
    others = [
        f"{table.name}.{key.parent.name}"
        for table in User.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "user.id" and table.name not in tables
    ]
    assert [name for name in others if not WHO_DID_IT.fullmatch(name.partition(".")[2])] == []


def test_no_address_or_name_of_a_person_stands_anywhere_else() -> None:
    tables = {name.partition(".")[0] for name in listed()}
    personal = re.compile(r"e?mail|phone|address_of_person|birth\w*|password\w*|ip|agent|totp\w*")
    found = [f"{t}.{c}" for t, names in columns().items() if t not in tables for c in names if personal.fullmatch(c)]
    assert found == []


def test_the_days_are_those_of_the_code() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## For how long")[1]
    assert {kind: int(days) for kind, days in re.findall(r"\| `(\w+)` \| (\d+) \|", section)} == dict(RETENTION)
