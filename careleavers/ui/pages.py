"""Which pages there are, and what each is apart from its content."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "Care leaver outcomes"
# The cookie that tells the server, from the first page on, which layout fits the window.
WIDTH_COOKIE = "careleavers_view"
# The parameter that page.js adds when it follows a link itself; the server removes it again.
FOLLOWED = "followed"
# Window width in pixels below which the margins leave too little for a wide chart.
NARROW = 768
# Window width below which a chart laid out for a phone does not fit either.
NARROWEST = 360


@dataclass(frozen=True)
class PageEntry:
    """One page: ``pages/<name>.py``, served at ``/<name>``, shown in the masthead as ``title`` under ``group``.

    A page whose ``group`` is "" stands there on its own. ``for_officers``: shown only to those who may upload.
    ``everyday``: what people call it, for the search.
    """

    name: str
    title: str
    group: str = ""
    for_officers: bool = False
    everyday: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Absolute path of the page's script."""
        return str(ROOT / "pages" / f"{self.name}.py")


# A new page needs one file in pages/ and one line here; the first is the home page. Pages of one group stand together.
PAGES = (
    PageEntry(
        "at_a_glance",
        "At a glance",
        everyday=("home", "overview", "summary", "headlines", "questions to ask", "spine chart"),
    ),
    PageEntry(
        "compare", "Compare", "Compare", everyday=("league table", "ranking", "rank", "benchmark", "best and worst")
    ),
    PageEntry(
        "spread", "Spread", "Compare", everyday=("distribution", "funnel plot", "funnel", "variation", "control limits")
    ),
    PageEntry("map", "Map", "Compare", everyday=("tile map", "regions", "where")),
    PageEntry(
        "build_your_own",
        "Build your own",
        "Compare",
        everyday=("custom chart", "several measures", "choose measures", "own selection"),
    ),
    PageEntry(
        "trends",
        "Trends",
        "Over time",
        everyday=("over time", "time series", "history of a measure", "statistical neighbours", "change"),
    ),
    PageEntry(
        "local_figures",
        "Local figures",
        "Over time",
        everyday=("quarterly figures", "this quarter", "targets", "provisional"),
    ),
    PageEntry("workforce", "Workforce", "Services", everyday=("social workers", "staff", "staffing")),
    PageEntry(
        "together", "Together", "Services", everyday=("correlation", "scatter", "link between workforce and outcomes")
    ),
    PageEntry(
        "inspections",
        "Inspections",
        "Services",
        everyday=("Ofsted", "ILACS", "judgement", "inspection report", "outstanding", "inadequate", "good"),
    ),
    PageEntry(
        "report",
        "Report",
        "Reports",
        everyday=(
            "committee report",
            "report pack",
            "committee paper",
            "Word",
            "PowerPoint",
            "PDF",
            "scorecard",
            "slides",
        ),
    ),
    PageEntry(
        "questions",
        "Questions",
        "Reports",
        everyday=("what to ask", "lines of enquiry", "scrutiny questions", "key lines of enquiry", "answers"),
    ),
    PageEntry(
        "improvement_plan",
        "Improvement plan",
        "Reports",
        everyday=("action plan", "Ofsted action plan", "RAG", "recommendations", "exception report", "overdue actions"),
    ),
    PageEntry(
        "watch_list",
        "Watch list",
        "Reports",
        everyday=("targets", "target", "scorecard", "anonymised", "met or missed", "tolerance"),
    ),
    PageEntry(
        "upload",
        "Upload",
        "Our data",
        for_officers=True,
        everyday=("upload a file", "template", "submit figures", "CSV"),
    ),
    PageEntry("history", "History", "Our data", for_officers=True, everyday=("undo", "withdraw", "uploads", "ledger")),
    PageEntry(
        "whats_new",
        "What is new",
        "Definitions",
        everyday=("news", "updates", "latest", "new figures", "feed", "last meeting"),
    ),
    PageEntry(
        "definitions",
        "Definitions",
        "Definitions",
        everyday=("glossary", "meaning", "method", "methodology", "sources", "licence"),
    ),
    PageEntry(
        "accessibility", "Accessibility", "Definitions", everyday=("accessibility statement", "screen reader", "WCAG")
    ),
)
