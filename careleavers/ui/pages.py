"""What a page of the product is, apart from its content."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "Care leaver outcomes"


@dataclass(frozen=True)
class PageEntry:
    """One page: ``pages/<name>.py``, served at ``/<name>``, shown in the navigation as ``title``."""

    name: str
    title: str

    @property
    def file(self) -> str:
        """Absolute path of the page's script."""
        return str(ROOT / "pages" / f"{self.name}.py")
