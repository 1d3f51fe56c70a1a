"""The rows of the group `reminders`."""

from __future__ import annotations

from tests.proof.row import Proof

_HERE = "tests/proof/reminders"

ROWS: tuple[Proof, ...] = (
    Proof(
        "faults-and-kills",
        "Two workers, 10,000 reminders, a server that answers 451 to 10 % and drops 10 % before and 10 % after "
        "acceptance, 20 kills, 1,000 submissions in between",
        "0 missing, 0 to those who submitted, duplicates ≤ drops after acceptance + kills",
        (f"{_HERE}/test_workers.py::test_a_server_that_fails_and_workers_that_die",),
        off="reminder_retry",
    ),
    Proof(
        "no-faults",
        "Two workers without faults, 15 rounds, 10,000 mails in all, both engines",
        "0 duplicates",
        (f"{_HERE}/test_workers.py::test_without_faults_nobody_is_reminded_twice",),
        off="reminder_lease",
    ),
    Proof(
        "kills-only",
        "Workers killed with -9 and nothing else wrong, both engines",
        "duplicates ≤ kills, under the same Message-ID",
        (f"{_HERE}/test_workers.py::test_kills_alone_repeat_at_most_one_mail_each",),
        off="stable_message_id",
    ),
    Proof(
        "races",
        "1,000 races of a submission against the claim of its reminder, both engines",
        "0 sent whose submission was committed before the last look",
        (f"{_HERE}/test_races.py",),
        off="reminder_last_look",
    ),
    Proof(
        "outage",
        "Down for three days and longer, over several stages",
        "one mail for each person, none for stages that passed",
        (f"{_HERE}/test_time.py::test_down_for_three_days",),
        off="reminder_verdict",
    ),
    Proof(
        "clock-back",
        "A clock set back an hour, and rounds all through it",
        "nothing repeated",
        (f"{_HERE}/test_time.py::test_a_clock_set_back_an_hour_repeats_nothing",),
        off="reminder_record",
    ),
    Proof(
        "clock-changes",
        "Ten zones, six years, five times of day, Lord Howe's half hour and times that do not exist among them",
        "each fires once on the right local day",
        (f"{_HERE}/test_time.py::test_each_stage_fires_once_on_the_right_local_day",),
        off="own_zone",
    ),
    Proof(
        "dry-run",
        "What the calendar of staff foretells for ten weeks, beside what rounds then send",
        "0 differences by person and day",
        (f"{_HERE}/test_time.py::test_the_dry_run_is_what_happens",),
        off="dry_run",
    ),
    Proof(
        "real-server",
        "Mails accepted by Postfix on this machine and read back: headers, both parts, calendar, both languages",
        "all 20 as they were written",
        (f"{_HERE}/test_mails.py::test_a_real_mail_server_takes_them_and_they_read_back",),
        off="link_header",
        needs="/usr/sbin/postfix",
    ),
    Proof(
        "injection",
        "Hostile names of people, companies and cycles, with line ends, encoded words and markup",
        "0 of 200 add a header, a recipient or markup",
        (f"{_HERE}/test_mails.py::test_nothing_typed_adds_a_header_or_a_recipient",),
        off="one_line",
    ),
    Proof(
        "links",
        "GET and HEAD of every link of every mail, three times",
        "no row of any table changes",
        (f"{_HERE}/test_mails.py::test_following_every_link_three_times_changes_nothing",),
        off="looking_changes_nothing",
    ),
    Proof(
        "server-down",
        "An hour without a mail server, with 10,000 mails queued, then two workers",
        "everything else works; the queue is empty within 120 s",
        (f"{_HERE}/test_queue.py::test_an_hour_without_a_mail_server",),
        off="unreachable",
    ),
    Proof(
        "plan-speed",
        "What is due among 10,000 companies with the whole usual plan, both engines",
        "≤ 2 s",
        (f"{_HERE}/test_queue.py::test_the_plan_for_ten_thousand_people",),
        why_no_canary="a figure of the machine",
    ),
    Proof(
        "sources",
        "Every stage of the usual plan, escalation, notices, repeats, working time, preferences and pauses, day by day",
        "each person on the right days, at most one reminder mail a day",
        ("tests/services/test_reminder_sources.py",),
        off="reminder_ladder",
    ),
    Proof(
        "desk",
        "What went, failed and will go, by staff of the lead country alone; send again, send now, pause; one's own mail",
        "nothing of other countries; bodies of account mails never shown",
        ("tests/web/test_reminders.py",),
        off="desk_scope",
    ),
    Proof(
        "account-mails",
        "Mails about accounts are queued without their secret, which is made anew at each attempt",
        "no secret in any row",
        ("tests/services/test_account_mails.py",),
        off="secret_at_sending",
    ),
)
