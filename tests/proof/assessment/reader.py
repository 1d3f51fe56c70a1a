"""Reads workbooks in a process of its own with little memory, one result a line: what the site would say of each.

`python -m tests.proof.assessment.reader FOLDER`: the files are read in the order of their names.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from pathlib import Path

from tests.proof import off

MEMORY = 512 * 1024 * 1024
SECONDS = 3


def main(folder: Path) -> None:
    """One line of JSON for each file: its outcome, the seconds of processor it took, the places it names."""
    off.apply()
    from compliance.domain.workbook_reading import rows_of
    from compliance.files.workbooks import BadWorkbook, read_workbook
    from tests.support import taken

    words, framework = taken.vocabulary(), taken.framework()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        start = time.process_time()
        signal.alarm(60)  # whatever the load of the machine: a hang is a hang
        try:
            rows, faults = rows_of(read_workbook(content), words, framework, {})
            found = {"read": True, "rows": len(rows), "places": [[f.place.sheet, f.place.cell, f.code] for f in faults]}
        except BadWorkbook as bad:
            found = {"read": False, "code": bad.code}
        except BaseException as error:
            found = {"crash": repr(error)[:200]}
        signal.alarm(0)
        took = time.process_time() - start
        print(json.dumps({"file": path.name, "seconds": round(took, 3), **found}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
