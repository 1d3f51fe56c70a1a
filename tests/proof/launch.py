"""The product in a process of its own, without the control that PROOF_OFF names: as a server, or for `flask --app`."""

from __future__ import annotations

from typing import Any

from tests.proof import off


def create_app() -> Any:
    """The application, for `flask --app tests.proof.launch:create_app`."""
    off.apply()
    from compliance.factory import create_app as create

    return create()


if __name__ == "__main__":
    off.apply()
    import app

    app.main()
