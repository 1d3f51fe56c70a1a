"""The import contracts of pyproject.toml name everything that they must keep out."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def contract(name: str) -> dict[str, list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == name)
    return found


def test_domain_contract_names_every_package_asked_for() -> None:
    asked = (ROOT / "requirements" / "runtime.in").read_text(encoding="utf-8")
    names = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z][\w.-]*)", asked, re.MULTILINE)}
    modules = {
        module
        for module, distributions in packages_distributions().items()
        if not module.startswith("_") and names & {name.lower().replace("_", "-") for name in distributions}
    }
    assert "sqlalchemy" in modules  # and one of them leaves a stray `tests` folder behind
    assert modules - {"tests"} <= set(contract("domain")["forbidden_modules"])


def test_everything_of_ours_is_in_a_layer() -> None:
    folder = ROOT / "compliance"
    here = {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}
    here |= {path.stem for path in folder.glob("*.py")} - {"__init__", "config"}
    layers = {name.strip(" ()") for layer in contract("layers")["layers"] for name in layer.split("|")}
    assert here <= layers
