"""The accessibility statement exists and says which criteria are not met."""

from tests.pages.opened import check, opened


def test_the_statement_names_its_standard_its_tests_and_its_exceptions() -> None:
    at = opened("accessibility")
    check(at)
    said = "\n".join(str(m.value) for m in at.markdown)
    for part in ("WCAG", "2.2", "partially met", "What is not met", "canvas", "has not yet been tested with people"):
        assert part in said
