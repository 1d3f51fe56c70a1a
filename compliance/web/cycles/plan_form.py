"""The form of a reminder plan: each stage with when it comes and whom it reaches, and room for a new one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, SelectMultipleField, StringField

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid
from compliance.domain.reminder_plans import Plan, dump_plan, plan_faults
from compliance.domain.reminders import About, Anchor, Audience, Stage
from compliance.web.fields import clean

#: More stages than anybody wants; a form with more is not one of ours.
STAGES_LIMIT = 60
#: About the digest only whether it goes can be chosen: its days are those of the week.
TOPICS = tuple(about for about in About if about is not About.DIGEST)


class StageForm(Form):
    """One stage. `id` is empty for a new one, which is left out as long as it has no days."""

    id = HiddenField()
    goes = BooleanField(_("Goes out"))
    about = SelectField(_("About"), choices=[], validate_choice=False)
    anchor = SelectField(_("Counted from"), choices=[], validate_choice=False)
    days = StringField(_("Days"), filters=[clean])
    side = SelectField(_("Before or after"), choices=[], validate_choice=False)
    at = StringField(_("Time of day"), filters=[clean])
    to = SelectMultipleField(_("To"), choices=[], validate_choice=False)


class PlanForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    seen = HiddenField()
    stages = FieldList(FormField(StageForm), max_entries=STAGES_LIMIT)


def plan_form(plan: Plan, seen: str) -> PlanForm:
    """The form of a plan as it is, with room for one more stage."""
    new = {"id": "", "goes": True, "about": About.PARTICIPATION, "anchor": Anchor.DUE, "days": "", "side": "before"}
    rows = [*(_row(stage) for stage in plan), {**new, "at": "09:00", "to": [Audience.CONTRIBUTOR, Audience.LEAD]}]
    return PlanForm(formdata=None, data={"seen": seen, "stages": rows})


def _row(stage: Stage) -> dict[str, Any]:
    return {
        "id": stage.id,
        "goes": True,
        "about": stage.about,
        "anchor": stage.anchor,
        "days": str(abs(stage.days)),
        "side": "before" if stage.days < 0 else "after",
        "at": f"{stage.at:%H:%M}",
        "to": sorted(stage.audience),
    }


def stages_of(form: PlanForm, plan: Plan) -> list[dict[str, Any]]:
    """The plan that was typed, as stored data. Raises Invalid with each fault beside its field.

    What a stage of `plan` is about, what it counts from and how often it comes was chosen once and stays.
    """
    stored = {raw["id"]: raw for raw in dump_plan(plan)}
    rows = [(place, entry.form) for place, entry in enumerate(form.stages.entries)]
    wanted = [(place, row) for place, row in rows if row.goes.data and (row.id.data or row.days.data)]
    stages: list[dict[str, Any]] = []
    problems: list[Problem] = []
    taken = {raw["id"] for raw in stored.values()}
    for place, row in wanted:
        old = stored.get(row.id.data or "")
        if row.id.data and old is None:
            continue  # a colleague took it out: the save meets their plan as a conflict
        stage = old if old and old["about"] == About.DIGEST else _stage(row, old, taken)
        problems += [
            Problem(f"stages.{place}.{_field(fault)}", "stage_" + _field(fault)) for _, fault in plan_faults([stage])
        ]
        stages.append(stage)
    if problems:
        raise Invalid(problems)
    return stages


def _stage(row: StageForm, old: dict[str, Any] | None, taken: set[str]) -> dict[str, Any]:
    typed = row.days.data or ""
    days: Any = int(typed) if typed.isdecimal() and len(typed) < 5 else typed
    if isinstance(days, int) and row.side.data == "before":
        days = -days
    about, anchor = (old["about"], old["from"]) if old else (row.about.data, row.anchor.data)
    id = old["id"] if old else _new_id(str(about), days, taken)
    given = {"id": id, "about": about, "from": anchor, "days": days, "at": row.at.data, "to": list(row.to.data or ())}
    return given | ({"times": old["times"]} if old and "times" in old else {})


def _new_id(about: str, days: object, taken: set[str]) -> str:
    """A name that no stage of the plan has: it is part of what makes a reminder unique."""
    number_of_days = days if isinstance(days, int) else 0
    name = f"{about}_{'before' if number_of_days < 0 else 'after'}_{abs(number_of_days)}"
    number = 1
    while (found := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    taken.add(found)
    return found


def _field(fault: str) -> str:
    """The field of the form that a fault is about."""
    word = fault.split(" ", 1)[0]
    return {"from": "anchor"}.get(word, word if word in ("days", "at", "to", "about") else "days")
