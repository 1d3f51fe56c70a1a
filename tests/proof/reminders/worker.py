"""A worker as a process of its own, on a clock that began at a given moment: `python -m … URL MAIL_URL MOMENT LEASE`.

Delays between attempts and the lease are seconds instead of minutes, so that what takes a day can be seen in minutes.
"""

from __future__ import annotations

import datetime as dt
import sys
import time

from tests.proof import off

#: As many attempts as the product makes, a moment apart.
DELAYS = tuple(dt.timedelta(seconds=seconds) for seconds in (0.2, 0.4, 0.6, 0.8, 1))


def main(url: str, mail_url: str, moment: str, lease: str) -> None:
    off.apply()
    from compliance.domain import messages
    from compliance.services.reminder import outbox
    from tests.support.engines import bare_app

    messages.DELAYS = DELAYS  # type: ignore[misc, assignment]
    began, started = dt.datetime.fromisoformat(moment), time.time()
    office = outbox.post_office(mail_url, "https://tracker.example", secret="signs the links that end mails")
    with bare_app(url):
        while True:
            now = began + dt.timedelta(seconds=time.time() - started)
            outcomes = outbox.send_due(now, office, limit=200, lease=dt.timedelta(seconds=float(lease)))
            if not outcomes:
                time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
