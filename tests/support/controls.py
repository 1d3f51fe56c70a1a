"""Applies every control of `make prove` in a process of its own; prints those that cannot be."""

from __future__ import annotations

import os
import pkgutil
import sys
import traceback
from importlib import import_module

import compliance
from tests.proof.off import apply


def main(names: list[str]) -> int:
    for module in pkgutil.walk_packages(compliance.__path__, "compliance."):  # once, for all the children
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    failed = 0
    for name in names:
        child = os.fork()
        if child == 0:
            os.environ["PROOF_OFF"] = name
            try:
                apply()
            except BaseException:
                print(f"{name}: {traceback.format_exc().splitlines()[-1]}", flush=True)
                os._exit(1)
            os._exit(0)
        failed += os.waitpid(child, 0)[1] != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
