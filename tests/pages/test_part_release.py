"""Pages after a release for one council only: its year is offered there, and nothing changes for any other council."""

from streamlit.testing.v1 import AppTest

from tests.importer.releases import activity
from tests.intake.test_releases import published
from tests.pages.opened import check
from tests.upload_service import EVE, Council, page, said

LEEDS = "E08000035"


def periods(at: AppTest) -> list[str]:
    return list(next(each for each in at.selectbox if each.label == "Period").options)


def test_its_year_is_there_for_the_council_that_has_it_and_nothing_of_it_for_others(
    council_of_outcomes: Council,
) -> None:
    file = published(activity(LEEDS, 2026, 45, 3, 2, layout="2025"))
    council_of_outcomes.accept(file, EVE, name="la_care_leavers_activity.csv")
    newest = {"indicator": "eet", "age": "19-21", "period": "2026-03-31"}
    # Every page of the council can be read, and those of one measure with its year as well.
    for name in ("at_a_glance", "compare", "trends", "spread", "map", "build_your_own", "definitions"):
        at = page(name, None, authority="Leeds")
        check(at)
        if name == "compare":
            assert periods(at)[0] == "March 2026"
        if name in ("compare", "trends", "spread", "map"):
            check(page(name, None, authority="Leeds", **newest))
    for name in ("at_a_glance", "compare", "spread", "map"):
        at = page(name, None, authority="York", indicator="eet", age="19-21")
        # The footer also names the ministry's next quarter, which belongs to another publication.
        assert "March 2026" not in said(at).replace("January to March 2026", ""), name
        assert "release 2026" not in said(at), name
        if name == "compare":
            assert periods(at)[0] == "March 2025"
