"""Reads and checks the frameworks in `principles/`. Needs no settings and no database, and knows no framework by name.

`load` gives a version that has no fault, `check` only its faults; `build` makes the framework from a stored document.
"""

from compliance.content.building import build
from compliance.content.checking import Loaded, check, load, publish
from compliance.content.faults import ContentError, Fault
from compliance.content.priority import load_priority
from compliance.content.reminders import load_reminders

__all__ = ["ContentError", "Fault", "Loaded", "build", "check", "load", "load_priority", "load_reminders", "publish"]
