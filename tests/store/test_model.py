"""A store compared with a model of a few lines: after any actions, both agree at every version."""

import itertools
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from careleavers.store import DuplicateUpload, StoreProblem, open_store
from tests.store.samples import ADMINISTRATOR, KENT, LEEDS, figure, upload

# Few keys and values, so that uploads collide.
FIGURES = st.dictionaries(
    st.tuples(st.sampled_from(["eet", "neet"]), st.sampled_from([LEEDS, KENT])),
    st.integers(0, 3),
    min_size=1,
    max_size=3,
)
Known = dict[tuple[str, str], tuple[int, int]]


class Uploads(RuleBasedStateMachine):
    """``kept`` is what was sent, by upload; ``state`` and ``position`` what became of it; ``told`` the figures by version."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="model-"))
        self.store = open_store(str(self.folder / "uploads.duckdb"))
        self.kept: dict[int, dict[tuple[str, str], int]] = {}
        self.state: dict[int, str] = {}
        self.position: dict[int, int] = {}
        self.told: list[Known] = [{}]

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        assert self.store.version() == len(self.told) - 1
        for version, expected in enumerate(self.told):
            held = self.store.figures(version)
            keys = zip(held["indicator"], held["area_code"], strict=True)
            values = zip(held["value"].astype(int), held["upload"], strict=True)
            assert dict(zip(keys, values, strict=True)) == expected
            states = self.store.uploads(version)
            assert len(states) == sum(1 for number in self.kept if number <= version)
        self.store._database.close()
        shutil.rmtree(self.folder)

    def _written(self) -> None:
        figures: Known = {}
        in_force = (number for number, state in self.state.items() if state == "in force")
        for number in sorted(in_force, key=self.position.__getitem__):
            figures.update({key: (value, number) for key, value in self.kept[number].items()})
        self.told.append(figures)

    def _nothing_written(self, action) -> None:
        with pytest.raises(StoreProblem):
            action()
        assert self.store.version() == len(self.told) - 1

    @rule(figures=FIGURES, proposed=st.booleans())
    def bring(self, figures: dict[tuple[str, str], int], proposed: bool) -> None:
        rows = [figure(float(value), indicator=key[0], area_code=key[1]) for key, value in sorted(figures.items())]
        content = repr(sorted(figures.items())).encode()
        same = [n for n, kept in self.kept.items() if kept == figures and self.state[n] != "declined"]
        if same:
            with pytest.raises(DuplicateUpload):
                self.store.accept(upload(*rows, content=content), ADMINISTRATOR)
            assert self.store.version() == len(self.told) - 1
            return
        number = self.store.accept(upload(*rows, content=content), ADMINISTRATOR, proposed=proposed).upload
        assert number == len(self.told)
        self.kept[number] = figures
        self.state[number] = "proposed" if proposed else "in force"
        if not proposed:
            self.position[number] = number
        self._written()

    @rule(pick=st.integers(0, 9), what=st.sampled_from(["withdraw", "restore", "approve", "decline"]))
    def change(self, pick: int, what: str) -> None:
        if not self.kept:
            return
        number = next(itertools.islice(itertools.cycle(self.kept), pick, None))
        needed, becomes = {
            "withdraw": ("in force", "withdrawn"), "restore": ("withdrawn", "in force"), "approve": ("proposed", "in force"),
            "decline": ("proposed", "declined"),
        }[what]  # fmt: skip
        person = ADMINISTRATOR if what != "approve" else type(ADMINISTRATOR)("i", "second", "Second", "administrator")
        action = getattr(self.store, what)
        if self.state[number] != needed:
            self._nothing_written(lambda: action(number, person, "x"))
            return
        entry = action(number, person, "x")
        assert (entry.entry, entry.upload) == (len(self.told), number)
        self.state[number] = becomes
        if what == "approve":
            self.position[number] = entry.entry
        self._written()


TestUploads = Uploads.TestCase
TestUploads.settings = settings(
    max_examples=5, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
