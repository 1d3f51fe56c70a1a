"""A version folder on disk: which files belong to it, and their sheets.

<framework>/wording.yaml            what was agreed; stands beside the versions
<framework>/published.yaml          the sha256 of each published version
<framework>/<version>/framework.yaml, units.yaml, rules.yaml
<framework>/<version>/<any name>.yaml   one principle each
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compliance.content.faults import ContentError, Fault, one_line
from compliance.content.plain_text import reason_of
from compliance.content.schemas import FILES, PrincipleFile
from compliance.content.shapes import shape_faults
from compliance.content.sheet import Sheet
from compliance.content.yaml_source import read_sheet

WORDING: Final = "wording.yaml"
SHARED: Final = ("framework.yaml", "units.yaml", "rules.yaml")
FILES_LIMIT: Final = 200  # entries of a folder that are looked at
BYTES_LIMIT: Final = 5_000_000  # of all files of a version together


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a version stands. `version` and `framework` are the names of the two folders."""

    path: Path

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Folder:
        # not resolved: a link may give a folder another name, and the name is what is checked
        return cls(Path(os.path.normpath(Path(path).absolute())))

    @property
    def version(self) -> str:
        return self.path.name

    @property
    def framework(self) -> str:
        return self.path.parent.name

    def name_of(self, file: str) -> str:
        """What faults call a file of the version folder: its path from the framework's folder."""
        return one_line(f"{self.version}/{file}" if file else self.version)


@dataclass(frozen=True, slots=True)
class Version:
    """The sheets of a version: each has the shape of its file."""

    wording: Sheet
    framework: Sheet
    units: Sheet
    rules: Sheet
    principles: tuple[Sheet, ...]


def read_version(folder: Folder) -> Version:
    """All sheets of the version in `folder`. Raises ContentError with every fault of reading and of shape."""
    sheets: dict[str, Sheet] = {}
    faults: list[Fault] = []
    for name, path in _paths(folder).items():
        shown = name if name == WORDING else folder.name_of(name)
        try:
            sheets[name] = read_sheet(path, shown)
            faults += shape_faults(sheets[name], FILES.get(name, PrincipleFile))
        except ContentError as error:
            faults += error.faults
    if faults:
        raise ContentError(sorted(faults))
    own = tuple(sheet for name, sheet in sheets.items() if name not in FILES)
    framework, units, rules = (sheets[name] for name in SHARED)
    return Version(sheets[WORDING], framework, units, rules, own)


def _paths(folder: Folder) -> Mapping[str, Path]:
    """The files to read by name, the shared ones always, so that a missing one is named."""
    entries = _entries(folder)
    if "framework.yaml" not in entries:
        _refuse_other_folder(folder)
    own = sorted(_yaml_names(folder, entries))
    names = [*SHARED, *(name for name in own if name not in SHARED)]
    paths = {WORDING: folder.path.parent / WORDING, **{name: folder.path / name for name in names}}
    if sum(_size(path) for path in paths.values()) > BYTES_LIMIT:
        raise _error(folder, f"the files together are larger than {BYTES_LIMIT // 1_000_000} MB")
    return paths


def _yaml_names(folder: Folder, entries: list[str]) -> Iterator[str]:
    """The YAML files of the folder; hidden files and files of other kinds are nobody's business here."""
    for name in entries:
        stem, _, ending = name.rpartition(".")
        if name.startswith(".") or ending.lower() not in ("yaml", "yml"):
            continue
        if ending != "yaml":
            raise ContentError([Fault(folder.name_of(name), 1, f"name the file {one_line(stem)}.yaml")])
        if name == WORDING:
            reason = "this file stands beside the version folders, not in one"
            raise ContentError([Fault(folder.name_of(name), 1, reason)])
        yield name


def _entries(folder: Folder) -> list[str]:
    names: list[str] = []
    try:
        with os.scandir(folder.path) as entries:
            for entry in entries:
                names.append(entry.name)
                if len(names) > FILES_LIMIT:
                    raise _error(folder, f"the folder holds more than {FILES_LIMIT} files")
    except FileNotFoundError:
        raise _error(folder, "there is no such folder") from None
    except NotADirectoryError:
        raise _error(folder, "is a file; give the folder of a version, the one that holds framework.yaml") from None
    except (OSError, ValueError) as error:
        raise _error(folder, f"the folder cannot be read: {reason_of(error)}") from None
    return names


def _refuse_other_folder(folder: Folder) -> None:
    """Someone who names the framework's folder is told which versions there are."""
    versions = version_names(folder.path)
    if versions:
        raise _error(folder, f"is not the folder of a version; give one of its versions: {', '.join(versions)}")


def version_names(framework: Path) -> list[str]:
    """The version folders within the folder of a framework, in the order of their names."""
    try:
        with os.scandir(framework) as entries:
            names = [entry.name for entry in entries if os.path.lexists(Path(entry.path) / "framework.yaml")]
    except (OSError, ValueError):
        return []
    return sorted(one_line(name) for name in names)


def _size(path: Path) -> int:
    """In bytes; nothing for a file that cannot be looked at, which is said when it is read."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _error(folder: Folder, reason: str) -> ContentError:
    return ContentError([Fault(folder.name_of(""), 1, reason)])
