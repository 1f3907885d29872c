"""Which pages there are, and what each is apart from its content."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "Care leaver outcomes"
# Tells the server, from the first page on, whether the window is narrow.
WIDTH_COOKIE = "careleavers_view"
# Pixels of window: below this, the margins leave less than a wide chart needs.
NARROW = 768


@dataclass(frozen=True)
class PageEntry:
    """One page: ``pages/<name>.py``, served at ``/<name>``, shown in the masthead as ``title`` under ``group``.

    A page whose ``group`` is "" stands there on its own. ``for_officers``: shown only to those who may upload.
    """

    name: str
    title: str
    group: str = ""
    for_officers: bool = False

    @property
    def file(self) -> str:
        """Absolute path of the page's script."""
        return str(ROOT / "pages" / f"{self.name}.py")


# A new page needs one file in pages/ and one line here; the first is the home page. Pages of one group stand together.
PAGES = (
    PageEntry("at_a_glance", "At a glance"),
    PageEntry("compare", "Compare", "Compare"),
    PageEntry("spread", "Spread", "Compare"),
    PageEntry("map", "Map", "Compare"),
    PageEntry("build_your_own", "Build your own", "Compare"),
    PageEntry("trends", "Trends", "Over time"),
    PageEntry("local_figures", "Local figures", "Over time"),
    PageEntry("workforce", "Workforce", "Services"),
    PageEntry("together", "Together", "Services"),
    PageEntry("inspections", "Inspections", "Services"),
    PageEntry("upload", "Upload", "Our data", for_officers=True),
    PageEntry("history", "History", "Our data", for_officers=True),
    PageEntry("whats_new", "What is new", "Definitions"),
    PageEntry("definitions", "Definitions", "Definitions"),
    PageEntry("accessibility", "Accessibility", "Definitions"),
)
