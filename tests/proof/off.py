"""Switching off a control that a proof names. Nothing in the product knows of it: it is patched from outside.

A pytest run or a server started by `tests.proof.launch` with PROOF_OFF=name works without that control.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module

import pytest

from tests.proof.row import NAMES


def apply() -> None:
    """Switch off what PROOF_OFF names, in this process."""
    name = os.environ.get("PROOF_OFF")
    if name:
        _control(name)()


def _control(name: str) -> Callable[[], None]:
    for group in NAMES:
        controls = import_module(f"tests.proof.{group}.controls").CONTROLS
        if name in controls:
            found: Callable[[], None] = controls[name]
            return found
    raise LookupError(f"there is no control {name}")


def replace(module: object, name: str, value: object) -> None:
    """Put `value` in the place of a name that the product looks up when it runs; one that is not there is refused."""
    if not hasattr(module, name):
        raise AttributeError(f"{module} has no {name}: the control turns nothing off")
    setattr(module, name, value)


def pytest_configure(config: pytest.Config) -> None:
    """As a plugin (`-p tests.proof.off`)."""
    del config
    apply()
