"""What should be true: the exchange as plain Python, written from the rules and not from the services.

Each method says what an act must do, or which error it must end in. Nothing here reads the database.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound

Key = tuple[str | None, str]
Error = type[Exception]

REVIEWED = ("submitted", "returned")
SEEN = ("findings_shared", "concluded")
WEEK = 7


@dataclass
class Question:
    state: str  # draft, open, answered, withdrawn
    due_on: dt.date
    made_on: int  # the submission it is about
    round: int
    reply: str = ""
    answered_in: int | None = None


@dataclass(frozen=True)
class Version:
    rating: str
    reason: str
    due_on: dt.date
    stance: str | None = None
    sent: bool = False


@dataclass
class Pledge:
    key: Key
    state: str
    side: str
    due_on: dt.date


@dataclass
class Exchange:
    """One assessment: what the company drafts, signed and was told, and what government found."""

    state: str = "draft"
    draft: dict[Key, str] = field(default_factory=dict)
    signed: list[dict[Key, str]] = field(default_factory=list)
    questions: dict[Key, list[Question]] = field(default_factory=dict)
    findings: dict[Key, tuple[str, str, int]] = field(default_factory=dict)  # rating, reason, submission
    versions: dict[Key, list[Version]] = field(default_factory=dict)
    reply_due_on: dt.date | None = None
    replied: bool = False
    conclusion: str = ""
    pledges: list[Pledge] = field(default_factory=list)

    # the company

    def open_keys(self) -> set[Key]:
        return {key for key, rows in self.questions.items() if rows and rows[-1].state == "open"}

    def save(self, key: Key, text: str) -> Error | None:
        if self.state in ("draft", "reopened") or (self.state == "returned" and key in self.open_keys()):
            self.draft[key] = text
            return None
        return NotAllowed

    def submit(self) -> Error | None:
        if self.state == "submitted":
            return None  # the same signature again: one submission
        if self.state not in ("draft", "returned", "reopened"):
            return NotAllowed
        asked = [self.questions[key][-1] for key in self.open_keys()]
        if self.state == "returned" and any(not question.reply for question in asked):
            return Invalid
        if self.state == "returned":
            for question in asked:
                question.state, question.answered_in = "answered", len(self.signed) + 1
        self.signed.append(dict(self.draft))
        self.state = "submitted"
        return None

    def reply_to_question(self, key: Key, text: str) -> Error | None:
        rows = self.questions.get(key, [])
        if not rows or rows[-1].state != "open":
            return NotAllowed
        rows[-1].reply = text
        return None

    # government

    def _hidden(self) -> bool:
        return self.state == "draft"

    def ask(self, key: Key, today: dt.date, days: int) -> Error | None:
        if self._hidden():
            return NotFound
        if self.state not in REVIEWED:
            return NotAllowed
        rows = self.questions.setdefault(key, [])
        if rows and rows[-1].state == "open":
            return NotAllowed
        if not rows or rows[-1].state != "draft":
            rows.append(Question("draft", today, len(self.signed), len(rows) + 1))
        rows[-1].due_on, rows[-1].made_on = today + dt.timedelta(days=days), len(self.signed)
        if self.state == "returned":
            rows[-1].state = "open"
        return None

    def give_back(self, today: dt.date) -> Error | None:
        if self._hidden():
            return NotFound
        if self.state != "submitted":
            return NotAllowed
        drafts = [rows[-1] for rows in self.questions.values() if rows and rows[-1].state == "draft"]
        if not drafts or any(question.due_on <= today for question in drafts):
            return Invalid
        for question in drafts:
            question.state = "open"
        self.state = "returned"
        return None

    def drop(self, key: Key) -> Error | None:
        rows = self.questions.get(key, [])
        if self._hidden():
            return NotFound
        if self.state not in REVIEWED:
            return NotAllowed
        if not rows or rows[-1].state not in ("draft", "open"):
            return NotFound
        if rows[-1].state == "draft":
            rows.pop()
            return None
        rows[-1].state = "withdrawn"
        if not self.open_keys():
            self.state = "submitted"
        return None

    def recall(self) -> Error | None:
        if self._hidden():
            return NotFound
        if self.state != "returned":
            return NotAllowed
        for key in self.open_keys():
            self.questions[key][-1].state = "withdrawn"
        self.state = "submitted"
        return None

    def find(self, key: Key, rating: str, told: str, today: dt.date) -> Error | None:
        if self._hidden():
            return NotFound
        if self.state not in (*REVIEWED, *SEEN):
            return NotAllowed
        if self.state in SEEN and not told:
            return Invalid
        self.findings[key] = (rating, f"Seen as {rating}.", len(self.signed))
        if self.state in SEEN:
            self._show(key, today)
        return None

    def _show(self, key: Key, today: dt.date) -> None:
        known, due = self.versions.setdefault(key, []), self.reply_due_on or today
        own = max(due, today + dt.timedelta(days=WEEK)) if known else due
        rating, reason, _number = self.findings[key]
        known.append(Version(rating, reason, own))
        self.reply_due_on = max(own, due)

    def share(self, today: dt.date, days: int) -> Error | None:
        if self._hidden():
            return NotFound
        if self.state != "submitted":
            return NotAllowed
        unsettled = any(rows and rows[-1].state in ("draft", "open") for rows in self.questions.values())
        if not self.findings or unsettled:
            return Invalid
        self.state, self.replied, self.conclusion = "findings_shared", False, ""
        self.reply_due_on = today + dt.timedelta(days=days)
        for key, (rating, reason, _number) in self.findings.items():
            known = self.versions.get(key)
            if not known or (known[-1].rating, known[-1].reason) != (rating, reason):
                self._show(key, today)
        return None

    def reply(self, key: Key, stance: str, today: dt.date) -> Error | None:
        known = self.versions.get(key)
        if not known:
            return NotFound
        last = known[-1]
        late = self.state == "concluded" and not (len(known) > 1 and today <= last.due_on)
        if self.state not in SEEN or last.sent or late:
            return NotAllowed
        known[-1] = replace(last, stance=stance)
        return None

    def send(self) -> Error | None:
        if self.state not in SEEN:
            return NotAllowed
        waiting = [key for key, known in self.versions.items() if known[-1].stance and not known[-1].sent]
        if not waiting:
            return Invalid
        for key in waiting:
            self.versions[key][-1] = replace(self.versions[key][-1], sent=True)
        self.replied = True
        return None

    def conclude(self, today: dt.date) -> Error | None:
        if self._hidden():
            return NotFound
        if self.state != "findings_shared":
            return NotAllowed
        changed = [k[-1].due_on for k in self.versions.values() if len(k) > 1 and not k[-1].sent]
        if self.replied:
            if changed and today <= max(changed):
                return NotAllowed
        elif self.reply_due_on is not None and today <= self.reply_due_on:
            return NotAllowed
        self.state, self.conclusion = "concluded", "replied" if self.replied else "no_reply_given"
        return None

    def day_came(self, today: dt.date) -> None:
        if self.state == "findings_shared" and not self.replied and self.reply_due_on and today > self.reply_due_on:
            self.state, self.conclusion = "concluded", "no_reply_given"

    def reopen(self) -> Error | None:
        if self._hidden():
            return NotFound
        if self.state != "concluded":
            return NotAllowed
        self.state = "reopened"
        return None

    # commitments

    def propose(self, key: Key, side: str, due_on: dt.date) -> Error | None:
        if self.state == "draft":
            return NotAllowed if side == "company" else NotFound
        self.pledges.append(Pledge(key, "proposed", side, due_on))
        return None

    @staticmethod
    def move(pledge: Pledge, act: str, side: str) -> Error | None:
        other = "government" if pledge.side == "company" else "company"
        table = {
            ("proposed", "agree"): ("agreed", other),
            ("proposed", "decline"): ("declined", other),
            ("proposed", "withdraw"): ("withdrawn", pledge.side),
            ("agreed", "claim_done"): ("done", "company"),
            ("done", "verify"): ("verified", "government"),
            ("done", "reopen"): ("agreed", "government"),
            ("verified", "reopen"): ("agreed", "government"),
        }
        if (pledge.state, act) not in table:
            return NotAllowed
        after, whose = table[pledge.state, act]
        if side != whose:
            return Denied
        pledge.state = after
        return None

    # what pages must show

    def disputed(self, key: Key) -> bool:
        """The company's last word that was sent is that it disagrees, or the finding is below the answer."""
        stances = [version.stance for version in self.versions.get(key, []) if version.sent]
        if stances and stances[-1] == "disagree":
            return True
        rating = self.findings.get(key, ("none", "", 0))[0]
        claims = {"in_place": 2, "not_in_place": 0, "planned": 0}
        status = self.signed[-1].get(key, "") if self.signed else ""
        return {"partly": 1, "not_met": 0}.get(rating, 2) < claims.get(status, 0)

    def overdue(self, key: Key, today: dt.date) -> bool:
        return any(item.key == key and item.state == "agreed" and item.due_on < today for item in self.pledges)
