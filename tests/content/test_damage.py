"""Whatever is in the files: a check ends soon, raises nothing, and says faults one a line."""

from __future__ import annotations

import copy
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.content import Fault, check
from tests.content.broken import GOOD, copy_of_good

FILES = sorted(str(path.relative_to(GOOD.parent)) for path in GOOD.parent.rglob("*.yaml"))
SECONDS = 5.0  # far more than a check takes, so that a busy machine does not matter

#: What has meaning in YAML, in UTF-8 or to the checks: more likely to hurt than random bytes.
TOKENS = [b"\t", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\r", b"\n", b"&a", b"*a", b"<<:", b"!!", b"? ",
          b"---\n", b"...\n", b"%YAML 1.1\n", b"{", b"}", b"[", b"]", b": ", b"- ", b"#", b'"', b"'", b"|", b">", b"~",
          b"yes", b"1.5", b"2026-01-31", b'"\\ud800"', b'"\\x00"', b"[" * 300, b"a: " * 300, b"- " * 300]  # fmt: skip

edit = st.tuples(
    st.floats(0, 1),
    st.integers(0, 40),
    st.one_of(st.sampled_from(TOKENS), st.binary(max_size=20), st.text(max_size=10).map(lambda text: text.encode())),
)


def checked(version: Path) -> list[Fault]:
    """The faults of the folder, after looking at their form."""
    start = time.monotonic()
    faults = check(version)
    assert time.monotonic() - start < SECONDS
    for fault in faults:
        assert len(str(fault).splitlines()) == 1
        assert fault.line >= 1
        assert fault.file
        assert fault.reason
        str(fault).encode()
    assert faults == sorted(faults)
    return faults


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=st.sampled_from(FILES), edits=st.lists(edit, min_size=1, max_size=5))
def test_damaged_bytes(file: str, edits: list[tuple[float, int, bytes]]):
    with tempfile.TemporaryDirectory() as folder:
        version = copy_of_good(Path(folder))
        path = version.parent / file
        data = path.read_bytes()
        for share, cut, new in edits:
            place = int(share * len(data))
            data = data[:place] + new + data[place + cut :]
        path.write_bytes(data)
        checked(version)


def places(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value within `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield (*where, step)
        yield from places(inner, (*where, step))


SHEETS = {file: yaml.safe_load((GOOD.parent / file).read_text(encoding="utf-8")) for file in FILES}
PLACES = [(file, where) for file in FILES for where in places(SHEETS[file])]
VALUES: list[Any] = [None, [], {}, "", " ", "x", "C1.a", "è🙂\u00a0", 5, -1, 10**30, True, False, [[]], [None], {"a": {"b": []}}, ["x"],
          {"en": "x"}, "y" * 5_000, "1.0", "unverified", "_schema", {"_schema": 1}]  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(PLACES), value=st.sampled_from(VALUES), act=st.sampled_from(["put", "remove", "repeat"]))
def test_damaged_values(place: tuple[str, tuple[Any, ...]], value: Any, act: str):
    file, where = place
    data = copy.deepcopy(SHEETS[file])
    inner = data
    for step in where[:-1]:
        inner = inner[step]
    if act == "put":
        inner[where[-1]] = value
    elif act == "remove":
        del inner[where[-1]]
    elif isinstance(inner, list):
        inner.append(copy.deepcopy(inner[where[-1]]))
    else:
        inner["again"] = inner[where[-1]]
    with tempfile.TemporaryDirectory() as folder:
        version = copy_of_good(Path(folder))
        text = yaml.dump(data, allow_unicode=True, sort_keys=False, Dumper=PlainDumper)
        (version.parent / file).write_text(text, encoding="utf-8")
        checked(version)


class PlainDumper(yaml.SafeDumper):
    """Writes a value out each time instead of referring back to it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def test_strange_paths(tmp_path: Path):
    """A path is an input as well."""
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    paths = [
        "",
        ".",
        "/",
        "/dev/null",
        "/proc/self/fd/0",
        "nowhere",
        "a" * 5_000,
        "a\x00b",
        "a\nb",
        "\udcff",
        "../" * 500,
    ]
    paths += [str(tmp_path / name) for name in ("loop", "file", "file/x", "empty")]
    for path in paths:
        assert checked(Path(path))


def test_the_folder_of_the_framework_is_told_from_a_version(tmp_path: Path):
    framework = copy_of_good(tmp_path).parent
    shutil.copytree(framework / "1.0", framework / "0.9")
    assert [fault.reason for fault in checked(framework)] == [
        "is not the folder of a version; give one of its versions: 0.9, 1.0"
    ]


def test_huge_files_together(tmp_path: Path):
    version = copy_of_good(tmp_path)
    for number in range(10):
        (version / f"x{number}.yaml").write_text("# and so on\n" * 60_000)
    assert [fault.reason for fault in checked(version)] == ["the files together are larger than 5 MB"]


def test_the_largest_that_is_read_is_read_in_time(tmp_path: Path):
    version = copy_of_good(tmp_path)
    for number in range(5):
        (version / f"x{number}.yaml").write_text("- {a: [1, 2, 3]}\n" * 50_000)
    assert len(checked(version)) == 5
