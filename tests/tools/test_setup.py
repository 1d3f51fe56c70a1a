"""What is missing on a machine is said in one sentence, and an unfinished step is never trusted."""

from pathlib import Path

import pytest

from tools import setup


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: NameResolutionError: Temporary failure in name resolution", "could not be reached"),
        ("npm error code ENOTFOUND", "could not be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("npm error code EINTEGRITY", "not the one that was locked"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: No matching distribution found for example==1.0", "no build for this system"),
        ("something else", "build/setup.log"),
    ],
)
def test_reason_is_one_sentence(output: str, words: str) -> None:
    sentence = setup.reason("Installing Python packages", output)
    assert words in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 2))
    with pytest.raises(setup.Stop, match=r"3\.11 or newer is needed; this one is 3\.9"):
        setup.check_machine()


def test_missing_venv_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(setup.Stop, match="python3-venv"):
        setup.check_machine()


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"'])
def test_broken_stamp_counts_as_none(tmp_path: Path, content: str) -> None:
    stamp = tmp_path / "stamp.json"
    stamp.write_text(content)
    assert setup.read_stamp(stamp) == {}


def test_failed_install_leaves_no_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / ".venv"
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", venv)
    monkeypatch.setattr(setup, "VENV_STAMP", venv / "stamp.json")
    monkeypatch.setattr(setup, "PYTHON", venv / "bin" / "python")
    (tmp_path / "requirements").mkdir()
    for name in ("build", "runtime", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name)
    done: list[str] = []

    def run(what: str, command: list[str], **_: object) -> None:
        done.append(what)
        (venv / "bin").mkdir(parents=True, exist_ok=True)
        (venv / "bin" / "python").touch()
        if "Python packages" in what and len(done) < 4:
            raise setup.Stop("no network.")

    monkeypatch.setattr(setup, "run", run)
    with pytest.raises(setup.Stop):
        setup.make_environment("dev")
    assert not setup.VENV_STAMP.exists()
    setup.make_environment("dev")
    assert done[0] == done[3] == "Making the Python environment in .venv"
    before = len(done)
    setup.make_environment("dev")
    setup.make_environment("runtime")
    assert len(done) == before, "an environment for tests also runs the product, and nothing is done twice"
