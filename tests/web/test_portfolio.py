"""The whole picture for staff: heatmap, overview, numbers side by side, files and saved views; who sees what."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, MetricEntry, Status
from compliance.domain.comparing import Mismatch, Reading, basis_of, commonest, length_of, mismatches
from compliance.services.portfolio.overview import overview
from compliance.services.portfolio.portfolio import Which, portfolio
from compliance.services.portfolio.side_by_side import side_by_side
from compliance.services.transaction import writing
from compliance.storage.models import Cycle, Organisation, Participation, ResultCell
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.support.statements import statements_of

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
HALF = (dt.date(2026, 1, 1), dt.date(2026, 6, 30))


class Scene:
    """Two companies that signed (one shared with GB, too), one that never answered, one led by NZ."""

    def __init__(self) -> None:
        self.before = make.cycle(make.REAL, opens_on=dt.date(2026, 1, 1), due_on=dt.date(2026, 3, 31))
        self.cycle = make.cycle(make.REAL, previous=self.before, due_on=dt.date(2030, 9, 30))
        self.first = self.company("Alder", "CA", 120, "worldwide")
        self.second = self.company("Birch", "CA", 80, "Canada")
        make.sharing(self.cycle, self.first, "GB")
        self.silent = make.organisation(name="Cedar")
        self.foreign = make.organisation(name="Dogwood", country="NZ")
        for each in (self.silent, self.foreign):
            make.participation(self.cycle, each, "invited")
            make.refresh(self.cycle, each, now=NOW)
        self.reviewer = make.user(make.government("CA"), "reviewer")
        self.british = make.user(make.government("GB"), "reviewer")

    def company(self, name: str, country: str, value: int, geography: str) -> Organisation:
        company = make.organisation(name=name, country=country)
        author = make.actor(company)
        service = make.service(company, ("image_video_sharing",), name=f"{name} photos")
        for cycle, status in ((self.before, Status.IN_PLACE), (self.cycle, Status.NOT_IN_PLACE)):
            make.participation(cycle, company)
            assessment = make.assessment(cycle, company)
            number = MetricEntry("P01-m1", Decimal(value), "items", *HALF, geography, "Counted each.")
            answer = AnswerEntry(status, explanation="As it is.", metrics=(number,))
            make.answer(assessment, service, "P01.a", author, answer)
            make.submitted(author, cycle, now=NOW)
        return company


@pytest.fixture
def scene(context: object) -> Scene:
    return Scene()


def test_the_heatmap_shows_words_counts_and_change(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.reviewer)
    page = client.get("/portfolio/heatmap").text
    assert page.index("Alder") < page.index("Birch") < page.index("Cedar") < page.index("Dogwood")
    assert "Gap without a plan" in page
    assert "1 worse" in page
    assert "3 companies are shared with us" in page
    assert page.count("Not shared with us") == 1
    make.sign_in(client, scene.british)
    page = client.get("/portfolio/heatmap").text
    assert "1 company is shared with us" in page
    assert page.count("Not shared with us") == 3
    assert "1 worse" not in page, "the cycle before is not shared with GB"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("worst=gap_without_plan", {"Alder", "Birch"}),
        ("worst=not_known&principle=P02", {"Alder", "Birch", "Cedar"}),
        ("change=worse", {"Alder", "Birch"}),
        ("change=worse&principle=P02", set()),
        ("lead=NZ", {"Dogwood"}),
        ("shared=1", {"Alder", "Birch", "Cedar"}),
        ("participation=submitted", {"Alder", "Birch"}),
        ("q=ced", {"Cedar"}),
        ("worst=none-such", set()),
        ("change=nonsense&lead=XX&participation=nobody", {"Alder", "Birch", "Cedar", "Dogwood"}),
    ],
)
@pytest.mark.parametrize("page", ["/portfolio/heatmap", "/companies"])
def test_filters_stand_in_the_address(
    client: AuditClient, scene: Scene, page: str, query: str, expected: set[str]
) -> None:
    make.sign_in(client, scene.reviewer)
    text = client.get(f"{page}?{query}").text
    assert {name for name in ("Alder", "Birch", "Cedar", "Dogwood") if f">{name}</a>" in text} == expected


def test_a_filter_tells_nothing_of_what_is_not_shared(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.british)
    for query in ("worst=gap_without_plan", "worst=not_known", "change=worse", "shared=1"):
        text = client.get(f"/companies?{query}").text
        assert ">Birch</a>" not in text
        assert ">Dogwood</a>" not in text
    assert ">Alder</a>" not in client.get("/companies?change=worse").text, "the cycle before is not shared with GB"


def test_the_overview_counts_everyone_and_says_its_basis(client: AuditClient, scene: Scene) -> None:
    found = overview(make.acting(scene.reviewer), None, now=NOW)
    assert found is not None
    assert (found.invited, found.shared, found.comparable) == (4, 3, 2)
    assert {word.value: number for word, number in found.funnel.items() if number} == {"submitted": 2, "invited": 2}
    first = found.principles[0]
    assert first.total == 3
    assert [(word.id, number) for word, number in first.companies] == [("gap_without_plan", 2), ("not_known", 1)]
    assert first.unanswered == first.applicable - 2
    assert first.changes["worse"] == 2  # type: ignore[index]
    gap = found.gaps[0]
    assert (gap.indicator.id, gap.companies, gap.unknown, gap.applicable) == ("P01.a", 2, 1, 3)
    british = overview(make.acting(scene.british), None, now=NOW)
    assert british is not None
    assert (british.invited, british.shared, british.comparable, british.principles[0].total) == (4, 1, 0, 1)
    assert not any(line.changes for line in british.principles)
    make.sign_in(client, scene.reviewer)
    page = client.get("/portfolio/overview").text
    assert "2 of 4" in page
    assert "2 of 3 companies it applies to" in page
    assert "never as left out" in page


def test_numbers_stand_side_by_side_with_what_keeps_them_apart(client: AuditClient, scene: Scene) -> None:
    found = side_by_side(make.acting(scene.reviewer), None, "P01-m1", Which(), page=1)
    assert found is not None
    assert (found.total, found.numbers) == (2, 2)
    apart = {line.company.name: line.why_not for line in found.lines}
    assert sorted(apart.values()) == [(), (Mismatch.GEOGRAPHY,)]
    assert all(line.before is not None and line.why_not_before == () for line in found.lines)
    make.sign_in(client, scene.reviewer)
    page = client.get("/portfolio/numbers?metric=P01-m1").text
    assert "not comparable" in page
    assert "another geography" in page
    british = side_by_side(make.acting(scene.british), None, "P01-m1", Which(), page=1)
    assert british is not None
    assert [(line.company.name, line.before) for line in british.lines] == [("Alder", None)]
    assert client.get("/portfolio/numbers?metric=none").status_code == 404


def test_files_say_what_the_page_says(client: AuditClient, scene: Scene) -> None:
    with writing() as session:
        session.get_one(Organisation, scene.first.id).name = "=Alder"
    make.sign_in(client, scene.reviewer)
    text = client.get("/portfolio/heatmap.csv?participation=submitted").data.decode("utf-8-sig")
    assert "'=Alder,CA,Submitted,yes,\"Gap without a plan (1 of " in text
    assert "Cedar" not in text
    assert "3 companies are shared with us" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/portfolio/heatmap.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:5]] == ["=Alder", "Birch", "Cedar", "Dogwood"]
    assert rows[4][3] == "no"
    assert rows[4][4] == ""
    numbers = client.get("/portfolio/numbers.csv?metric=P01-m1").data.decode("utf-8-sig")
    assert "Birch,Birch photos,80.0" in numbers
    assert "not comparable" in numbers
    assert client.get("/portfolio/heatmap.pdf").status_code == 404


def test_views_are_kept_by_person(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.reviewer)
    form = {"name": "My gaps", "page": "portfolio.heatmap", "filter-worst": "gap_without_plan", "filter-evil": "x"}
    kept = client.post("/portfolio/views", data=form)
    assert kept.location == "/portfolio/heatmap?worst=gap_without_plan"
    page = client.get("/portfolio/overview").text
    assert "My gaps" in page
    assert client.post("/portfolio/views", data=form | {"page": "home.index"}).status_code == 404
    assert client.post("/portfolio/views", data=form | {"name": " "}).status_code == 303
    make.sign_in(client, scene.british)
    assert "My gaps" not in client.get("/portfolio/heatmap").text
    assert client.post("/portfolio/views/1/forget").status_code == 404
    make.sign_in(client, scene.reviewer)
    assert client.post("/portfolio/views/1/forget").status_code == 303
    assert "My gaps" not in client.get("/portfolio/heatmap").text


def test_companies_see_none_of_it(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, make.user(scene.first, "lead"))
    for page in ("heatmap", "heatmap.csv", "overview", "numbers", "numbers.xlsx"):
        assert client.get(f"/portfolio/{page}").status_code == 403


@pytest.mark.parametrize("page", ["/companies", "/portfolio/heatmap", "/portfolio/overview", "/portfolio/numbers"])
def test_as_many_statements_for_many_companies(client: AuditClient, scene: Scene, page: str) -> None:
    make.sign_in(client, scene.reviewer)
    few = statements_of(client, page)
    _many(scene.cycle)
    assert statements_of(client, page) == few
    assert few <= 14


def test_a_cell_is_never_complete_while_an_answer_is_missing(scene: Scene, session: Session) -> None:
    """Every applicable result counts, the unanswered ones too."""
    found = portfolio(make.acting(scene.reviewer), None, Which(), page=1, now=NOW)
    assert found is not None
    for line in found.lines:
        for item in line.cells.values():
            counted = sum(number for word, number in item.cell.counts if word.kind != "outside")
            assert counted == item.cell.applicable
            if any(word.id == "not_known" for word, _ in item.cell.counts):
                assert item.cell.worst is not None
                assert item.cell.worst.id in ("not_known", "gap_without_plan")
    silent = session.query(ResultCell).where(ResultCell.company_id == scene.silent.id).all()
    assert {cell.worst for cell in silent} == {"not_known"}
    assert all(cell.unanswered == cell.applicable > 0 for cell in silent)


def test_what_compares_and_what_does_not() -> None:
    units = {"items"}
    one = Reading("m", Decimal(1), "items", *HALF, "Worldwide", "Counted.", "a")
    second_half = Reading(
        "m", Decimal(2), "items", dt.date(2025, 7, 1), dt.date(2025, 12, 31), "worldwide ", "counted."
    )
    assert mismatches(one, second_half, units) == ()
    assert mismatches(one, second_half, units, same_company=True) == (Mismatch.SERVICE,)
    year = Reading("m", Decimal(2), "items", dt.date(2025, 1, 1), dt.date(2025, 12, 31), "", "")
    assert mismatches(one, year, units) == (Mismatch.PERIOD, Mismatch.GEOGRAPHY, Mismatch.METHOD)
    odd = Reading("n", None, "pieces", *HALF, "Worldwide", "Counted.")
    assert mismatches(odd, odd, units) == (Mismatch.NO_NUMBER, Mismatch.UNIT)
    assert mismatches(one, odd, units)[:3] == (Mismatch.NO_NUMBER, Mismatch.METRIC, Mismatch.UNIT)
    assert length_of(dt.date(2026, 1, 2), dt.date(2026, 1, 31)) == ("days", 30)
    assert length_of(dt.date(2026, 2, 1), dt.date(2026, 1, 31)) is None
    assert commonest([(odd, 5)]) is None
    common = commonest([(year, 1), (one, 1), (second_half, 1)])
    assert common is not None
    assert basis_of(common) == basis_of(one)


def _many(cycle: Cycle) -> None:
    with writing() as session:
        companies = [
            Organisation(slug=f"bulk-{n}", name=f"Bulk {n}", kind="company", country="CA", created_at=NOW)
            for n in range(120)
        ]
        session.add_all(companies)
        session.flush()
        for company in companies:
            session.add(Participation(cycle_id=cycle.id, company_id=company.id, invitation="invited", invited_at=NOW))
