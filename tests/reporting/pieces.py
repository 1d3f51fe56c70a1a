"""The pieces of sample facts: words, indicators, gaps, cells, principles, facts from the public record."""

from __future__ import annotations

from typing import Any, cast

from compliance.reporting.facts import (
    Author,
    Both,
    Cell,
    Change,
    Commitment,
    Engagement,
    Gap,
    Indicator,
    Label,
    Principle,
    PublicFact,
    Said,
    Service,
    Severity,
)

SERVICES = ("Lumo Stories", "Lumo Chat", "Lumo Live")

SEVERITIES: dict[str, Severity] = {
    "gap_without_plan": {
        "id": "gap_without_plan", "kind": "gap", "symbol": "✕", "colour": "red", "rank": 0,
        "word": {"en": "Gap without a plan", "fr": "Lacune sans plan"},
    },
    "not_known": {
        "id": "not_known", "kind": "unknown", "symbol": "?", "colour": "violet", "rank": 1,
        "word": {"en": "Not known", "fr": "Inconnu"},
    },
    "gap_with_plan": {
        "id": "gap_with_plan", "kind": "gap", "symbol": "◔", "colour": "amber", "rank": 2,
        "word": {"en": "Gap with a plan", "fr": "Lacune avec plan"},
    },
    "claimed": {
        "id": "claimed", "kind": "claimed", "symbol": "○", "colour": "blue", "rank": 3,
        "word": {"en": "Claimed", "fr": "Déclaré"},
    },
    "in_place": {
        "id": "in_place", "kind": "met", "symbol": "●", "colour": "green", "rank": 4,
        "word": {"en": "In place, evidence seen", "fr": "En place, preuves vues"},
    },
    "does_not_apply": {
        "id": "does_not_apply", "kind": "outside", "symbol": "–", "colour": "grey", "rank": 5,
        "word": {"en": "Does not apply", "fr": "Sans objet"},
    },
}  # fmt: skip

THEMES = (
    ("Prevent child sexual abuse material", "Prévenir le matériel d'abus sexuels d'enfants"),
    ("Prevent child sexual abuse material", "Prévenir le matériel d'abus sexuels d'enfants"),
    (
        "Target online grooming and preparatory behaviour",
        "Cibler le leurre en ligne et les comportements préparatoires",
    ),
    (
        "Target online grooming and preparatory behaviour",
        "Cibler le leurre en ligne et les comportements préparatoires",
    ),
    ("Target livestreaming", "Cibler la diffusion en direct"),
    ("Prevent searches from surfacing material", "Empêcher les recherches de faire ressortir du matériel"),
    ("Adopt a specialised approach for children", "Adopter une approche spécialisée pour les enfants"),
    ("Victim/survivor consideration", "Tenir compte des victimes et des survivants"),
    ("Collaborate and respond to evolving threats", "Collaborer et répondre à l'évolution des menaces"),
    ("Collaborate and respond to evolving threats", "Collaborer et répondre à l'évolution des menaces"),
    ("Collaborate and respond to evolving threats", "Collaborer et répondre à l'évolution des menaces"),
)
TEXT = {
    "en": "Companies seek to identify and combat the use of livestreaming services for the purpose of child sexual "
    "exploitation and abuse, take appropriate action under their terms of service, and report to authorities.",
    "fr": "Les entreprises cherchent à repérer et à combattre l'utilisation des services de diffusion en direct aux "
    "fins d'exploitation et d'abus sexuels d'enfants et prennent les mesures appropriées.",
}
NAMES = (
    ("Hash matching of images", "Appariement d'images par hachage"),
    ("Detection during live video", "Détection pendant la vidéo en direct"),
    ("Limits on contact by unknown adults", "Limites aux contacts par des adultes inconnus"),
    ("Reporting option specific to this harm", "Option de signalement propre à ce préjudice"),
)
ASKS = (
    ("Match every uploaded image against known hashes, on every part of the service.",
     "Comparer chaque image téléversée aux empreintes connues, dans toutes les parties du service."),
    ("Detect likely abuse while it is live, on every part of the service that carries live video.",
     "Détecter les abus probables pendant qu'ils sont diffusés en direct, partout où le service offre la vidéo."),
    ("Stop adults whom a child does not know from contacting that child.",
     "Empêcher les adultes qu'un enfant ne connaît pas de communiquer avec cet enfant."),
    ("Offer a report option specific to this harm in the service, without sign-in.",
     "Offrir dans le service une option de signalement propre à ce préjudice, sans connexion."),
)  # fmt: skip


def both(en: str, fr: str) -> Both:
    return {"en": en, "fr": fr}


def label(identity: str, en: str, fr: str) -> Label:
    return {"id": identity, "word": both(en, fr)}


def said(text: str, language: str = "en", *, shortened: bool = False) -> Said:
    return {"text": text, "language": language, "shortened": shortened}


STATUSES = {
    "not_in_place": label("not_in_place", "Not in place", "Pas en place"),
    "partly": label("partly", "Partly", "En partie"),
    "planned": label("planned", "Planned", "Prévu"),
    "cannot_say": label("cannot_say", "Cannot say", "Ne peut pas dire"),
    "unanswered": label("unanswered", "Not answered", "Sans réponse"),
    "in_place": label("in_place", "In place", "En place"),
}
NO_EVIDENCE = label("none", "No evidence", "Aucune preuve")
PUBLIC_LINK = label("public_link", "Public link", "Lien public")


def indicator(number: int, letter: str, *, company_wide: bool = False) -> Indicator:
    name = NAMES[(number + ord(letter)) % len(NAMES)]
    return {
        "id": f"P{number:02}.{letter}",
        "name": both(*name),
        "principle_id": f"P{number:02}",
        "principle_number": number,
        "place": number * 10 + ord(letter) - ord("a"),
        "company_wide": company_wide,
    }


def gap(number: int, letter: str, service: str | None, severity: str, status: str, **changes: Any) -> Gap:
    about = indicator(number, letter, company_wide=service is None)
    made: dict[str, Any] = {
        "indicator": about,
        "service": service,
        "severity": SEVERITIES[severity],
        "status": STATUSES[status],
        "surfaces": [],
        "explanation": None,
        "planned_on": None,
        "reason": None,
        "reason_text": None,
        "grade": NO_EVIDENCE,
        "finding": None,
        "flags": [],
        "standard_ask": both(*ASKS[(number + ord(letter)) % len(ASKS)]),
        "by": changes.get("planned_on"),
        **changes,
    }
    return cast(Gap, made)


def cell(**counts: int) -> Cell:
    """A cell from numbers by severity id, worst first."""
    ordered = [(SEVERITIES[name], counts[name]) for name in SEVERITIES if counts.get(name)]
    applicable = sum(n for severity, n in ordered if severity["kind"] != "outside")
    return {
        "severity": ordered[0][0] if ordered else None,
        "counts": [{"severity": severity, "n": n} for severity, n in ordered],
        "applicable": applicable,
        "nothing_applies": bool(ordered) and applicable == 0,
    }


CHANGES = {
    "better": both("better", "mieux"),
    "worse": both("worse", "pire"),
    "no_longer_answered": both("no longer answered", "plus de réponse"),
    "now_stated": both("now stated", "maintenant déclaré"),
    "new": both("new", "nouveau"),
    "gone": both("gone", "disparu"),
}


def change(identity: str, n: int) -> Change:
    return {"id": identity, "word": CHANGES[identity], "n": n}


CELLS = (
    cell(gap_without_plan=2, not_known=3, claimed=4),
    cell(not_known=5, claimed=1, in_place=1),
    cell(gap_with_plan=2, claimed=3, in_place=1),
    cell(claimed=6, in_place=3),
    cell(gap_without_plan=1, gap_with_plan=2, does_not_apply=12),
    cell(does_not_apply=9),
    cell(in_place=8),
    cell(not_known=9),
    cell(claimed=3),
    cell(gap_with_plan=1, in_place=2),
    cell(in_place=4, does_not_apply=2),
)


def principle(number: int) -> Principle:
    return {
        "id": f"P{number:02}",
        "number": number,
        "name": None,
        "text": cast(Both, dict(TEXT)),
        "official": {"en": number <= 8, "fr": False},
        "provenance": both("verified" if number <= 7 else "unverified", "unverified"),
        "theme": both(*THEMES[(number - 1) % 11]),
        "cell": CELLS[(number - 1) % 11],
        "previous": CELLS[number % 11] if number != 10 else None,
        "changes": [change("better", 2), change("worse", 1), change("now_stated", 1)] if number % 3 == 1 else [],
    }


def public_fact(number: int, **changes: Any) -> PublicFact:
    made: dict[str, Any] = {
        "statement": said("Reports made to the national hotline in the year."),
        "indicator": None,
        "principle_id": f"P{number:02}",
        "principle_number": number,
        "scope": "company",
        "services_text": "",
        "status": None,
        "value": "1470958",
        "unit": "reports",
        "period": "2023-01-01/2023-12-31",
        "geography": "Canada",
        "source_address": "https://hotline.example/reports/2023.pdf",
        "source_date": "2024-07",
        "entered_by": "Ada Reviewer",
        **changes,
    }
    return cast(PublicFact, made)


def author() -> Author:
    return {
        "meeting": {"held_on": "2026-12-03", "place": both("Ottawa", "Ottawa"),
                    "participants": both("The Minister; the company's head of safety", "Le ministre; la responsable de la sécurité de l'entreprise")},
        "objective": both("Agree on dates for two open gaps.", "Convenir de dates pour deux lacunes ouvertes."),
        "likely": [{"they_say": both("Encryption makes this impossible.", "Le chiffrement rend cela impossible."),
                    "we_say": both("Others detect before encryption.", "D'autres détectent avant le chiffrement.")}],
        "lines_to_take": both("Dates matter.\nWe publish in spring.", "Les dates comptent.\nNous publions au printemps."),
        "sensitivities": both("A case is before the courts.", "Une affaire est devant les tribunaux."),
        "next_steps": both("Letter within two weeks.", "Lettre d'ici deux semaines."),
    }  # fmt: skip


def services() -> list[Service]:
    functions = [both("Public posts", "Publications publiques"), both("Live streaming", "Diffusion en direct")]
    return [
        {"name": SERVICES[0], "functions_declared": True, "functions": functions, "dropped_functions": [],
         "disputed_functions": []},
        {"name": SERVICES[1], "functions_declared": True, "functions": [],
         "dropped_functions": [both("Video calls", "Appels vidéo")],
         "disputed_functions": [{"function": both("Live streaming", "Diffusion en direct"), "has": True,
                                 "stance": "disagrees"}]},
        {"name": SERVICES[2], "functions_declared": False, "functions": [], "dropped_functions": [],
         "disputed_functions": []},
    ]  # fmt: skip


def sample_gaps() -> list[Gap]:
    """A bit of everything: gaps with and without a plan, silence, a refusal to say, findings and flags."""
    finding = {
        "rating": label("not_met", "Not met", "Non satisfait"),
        "reason": said("The page that is linked describes another service."),
        "reply": {
            "stance": label("disagree", "The company disagrees", "L'entreprise n'est pas d'accord"),
            "text": said("The page was moved in March; the new one is linked now."),
        },
    }
    disputed = [label("disputed", "disputed", "contesté"), label("worse", "worse", "pire")]
    french = said("Nous comparons les images, sauf dans les messages chiffrés de bout en bout.", "fr", shortened=True)
    return [
        gap(1, "a", SERVICES[0], "gap_without_plan", "in_place", finding=finding, flags=disputed, grade=PUBLIC_LINK),
        gap(1, "a", SERVICES[1], "gap_without_plan", "not_in_place", explanation=french),
        gap(1, "b", SERVICES[1], "not_known", "cannot_say",
            reason=label("confidential", "Confidential", "Confidentiel"), reason_text=said("Trade secret.")),
        *[gap(1, letter, service, "not_known", "unanswered") for letter in "cd" for service in SERVICES],
        gap(3, "a", SERVICES[0], "gap_with_plan", "partly", planned_on="2027-03-01",
            surfaces=[both("Posts", "Publications"), both("Direct messages", "Messages directs")]),
        gap(5, "b", SERVICES[2], "gap_without_plan", "not_in_place"),
        gap(5, "c", SERVICES[2], "gap_with_plan", "planned", planned_on="2027-06-30"),
        *[gap(8, letter, None, "not_known", "unanswered") for letter in "abc"],
        gap(10, "a", None, "gap_with_plan", "planned", planned_on="2026-12-01"),
    ]  # fmt: skip


def last_engagement() -> Engagement:
    """A meeting with two asks, one of which was answered, and two commitments, one of them overdue."""
    return {
        "held_on": "2026-03-02",
        "met": "The minister, and the chief executive of Lumo",
        "asks": [
            {"ask": said("Match video at upload."), "answered": said("By the summer.")},
            {"ask": said("Name the sources of hashes."), "answered": None},
        ],
        "outcome": said("They will send the policy on live video."),
        "commitments": [commitment("agreed", overdue=True), commitment("verified", overdue=False)],
    }


def commitment(state: str, *, overdue: bool) -> Commitment:
    """A commitment on the first indicator of principle 1."""
    words = {"agreed": ("Agreed", "Convenu"), "verified": ("Verified", "Vérifié")}
    return {
        "company": "Lumo (fictional)",
        "principle_number": 1,
        "indicator": indicator(1, "b"),
        "service": SERVICES[0],
        "text": said(f"Video is matched at upload ({state})."),
        "due_on": "2026-06-30",
        "owner": "Head of safety",
        "state": label(state, *words[state]),
        "overdue": overdue,
    }
