"""docs/commands.md lists exactly the commands that the product adds to `flask`."""

import re
from pathlib import Path

import click
from flask import Flask

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
#: Flask's own; and Flask-Migrate's, of which an operator needs `upgrade` only.
NOT_OURS = {"run", "shell", "routes", "db"}


def ours(app: Flask) -> set[str]:
    found = {"db upgrade"}
    for name, command in app.cli.commands.items():
        if name in NOT_OURS:
            continue
        if isinstance(command, click.Group):
            found |= {f"{name} {part}" for part in command.commands}
        else:
            found.add(name)
    return found


def listed() -> list[str]:
    rows = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.split(r" [A-Z]", row)[0] for row in rows]


def test_page_and_commands_agree(app: Flask) -> None:
    assert set(listed()) == ours(app)
    assert len(listed()) == len(set(listed()))


def test_every_option_has_the_form_that_the_page_names(app: Flask) -> None:
    """An option named on the page exists."""
    page = PAGE.read_text(encoding="utf-8")
    known = {
        option
        for command in app.cli.commands.values()
        if isinstance(command, click.Group)
        for part in command.commands.values()
        for parameter in part.params
        for option in parameter.opts
    }
    assert set(re.findall(r"(--[a-z][a-z-]*)", page)) <= known | {"--app", "--help"}
