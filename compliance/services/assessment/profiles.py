"""A company's services and what each can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import Problem
from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission
from compliance.domain.questionnaire import Profile
from compliance.domain.slugs import free_slug
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.cycle import frameworks
from compliance.services.transaction import reading, writing
from compliance.storage.models import Service
from compliance.storage.queries import assessments

NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class ServiceList:
    """A company's services in use, with the framework that names the functions (None before any cycle)."""

    services: Sequence[Service]
    framework: Framework | None


def service_list(actor: Actor) -> ServiceList:
    require(actor, Permission.SERVICES_VIEW, records.of_company(actor.organisation_id))
    session = reading()
    return ServiceList(assessments.own_services(session, actor), frameworks.newest(session))


def own_service(actor: Actor, slug: str) -> tuple[Service, Framework]:
    """One service to edit. Raises NotFound for a foreign or unknown one."""
    found = service_list(actor)
    service = next((service for service in found.services if service.slug == slug), None)
    if service is None or found.framework is None:
        raise NotFound(slug)
    return service, found.framework


def add_service(actor: Actor, name: str, functions: Sequence[str], *, now: dt.datetime) -> Service:
    """Add a service with its functions. Raises Invalid for a missing or repeated name or no function."""
    require(actor, Permission.SERVICES_EDIT, records.of_company(actor.organisation_id))
    with writing() as session:
        assessments.hold_company(session, actor.organisation_id)
        others = assessments.services_of(session, actor.organisation_id)
        framework = frameworks.newest(session)
        _check(name, functions, framework, [other.name for other in others])
        service = Service(
            company_id=actor.organisation_id,
            slug=free_slug(name, {other.slug for other in others}, "service"),
            name=" ".join(name.split()),
            functions=sorted(functions),
        )
        session.add(service)
        session.flush()
        _record(session, actor, "service.add", service, None, now)
    return service


def save_service(
    actor: Actor, slug: str, name: str, functions: Sequence[str], *, version: int, now: dt.datetime
) -> Service:
    """Change a service's name and functions. Raises Conflict when a colleague changed it since `version`."""
    require(actor, Permission.SERVICES_EDIT, records.of_company(actor.organisation_id))
    try:
        with writing() as session:
            assessments.hold_company(session, actor.organisation_id)
            others = assessments.services_of(session, actor.organisation_id)
            service = next((other for other in others if other.slug == slug and other.retired_on is None), None)
            if service is None:
                raise NotFound(slug)
            _check(
                name, functions, frameworks.newest(session), [other.name for other in others if other is not service]
            )
            if service.version != version:
                raise Conflict(service.version)
            before = _data(service)
            service.name, service.functions = " ".join(name.split()), sorted(functions)
            session.flush()
            _record(session, actor, "service.change", service, before, now)
    except StaleDataError as error:
        raise Conflict(version + 1) from error
    return service


def change_functions(
    session: Session, actor: Actor, service: Service, changes: Mapping[str, bool], *, now: dt.datetime
) -> None:
    """Tick (True) or untick functions of a service in the caller's transaction; what it does already is no change."""
    has = set(service.functions or ()) | {function for function, ticked in changes.items() if ticked}
    functions = sorted(has - {function for function, ticked in changes.items() if not ticked})
    if functions == service.functions:
        return
    before = _data(service)
    service.functions = functions
    session.flush()
    _record(session, actor, "service.change", service, before, now)


def profiles_of(services: Sequence[Service]) -> list[Profile]:
    """Services as the rules know them."""
    return [
        Profile(service.slug, service.name, None if service.functions is None else frozenset(service.functions))
        for service in services
    ]


def _check(name: str, functions: Sequence[str], framework: Framework | None, names: Sequence[str]) -> None:
    problems: list[Problem] = []
    shown = " ".join(name.split())
    if not shown:
        problems.append(Problem("name", "name_needed"))
    elif len(shown) > NAME_LIMIT:
        problems.append(Problem("name", "too_long", {"limit": str(NAME_LIMIT)}))
    elif shown.casefold() in {other.casefold() for other in names}:
        problems.append(Problem("name", "name_taken"))
    known = framework.function_words if framework else {}
    if any(function not in known for function in functions):
        problems.append(Problem("functions", "unknown_function"))
    elif not functions:
        problems.append(Problem("functions", "function_needed"))
    if problems:
        raise Invalid(problems)


def _data(service: Service) -> dict[str, object]:
    return {"name": service.name, "functions": service.functions}


def _record(
    session: Session, actor: Actor, action: str, service: Service, before: dict[str, object] | None, now: dt.datetime
) -> None:
    audit.record(
        session,
        actor,
        action,
        f"service:{service.id}",
        now=now,
        organisation_id=service.company_id,
        before=before,
        after=_data(service),
    )
