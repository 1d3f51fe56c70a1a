"""Starts the embedded server in a process of its own, without the control that PROOF_OFF names."""

from __future__ import annotations

from tests.proof import off

if __name__ == "__main__":
    off.apply()
    import app

    app.main()
