"""Runs the commands of the product in tests."""

from __future__ import annotations

from typing import Any

from click.testing import Result
from flask.testing import FlaskCliRunner


class CommandRunner(FlaskCliRunner):
    """Runs each command in the whole product, although the database is already open for factories."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        with self.app.app_context():
            return super().invoke(*args, **kwargs)
