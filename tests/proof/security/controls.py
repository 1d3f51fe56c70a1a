"""The controls that rows of the group `security` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.proof.off import replace


def chain_check() -> None:
    """A check that only looks at the numbers and the ends of the chains, not at what the hashes cover."""
    from compliance.domain.audit_chain import Link, Walk

    honest = Walk.step

    def step(self: Walk, link: Link, stored: str) -> None:
        before = len(self.faults)
        honest(self, link, stored)
        self.faults[before:] = [fault for fault in self.faults[before:] if "missing" in fault.reason]

    replace(Walk, "step", step)


CONTROLS: dict[str, Callable[[], None]] = {function.__name__: function for function in (chain_check,)}
