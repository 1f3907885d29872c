"""Eight people ask for different packs at once: each is given the pictures of their own, as if nobody else had asked."""

import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from careleavers import pictures
from careleavers.figures.warehouse import Warehouse
from careleavers.packs import build, images, model
from careleavers.packs.blocks import Pack
from careleavers.packs.model import Section
from careleavers.pictures import browser
from careleavers.views.context import context_of
from tests.browser.find_browser import HOW_TO, find

pytestmark = pytest.mark.browser

COUNCILS = {
    "Leeds": "E08000035", "Kent": "E10000016", "City of London": "E09000001", "Bristol": "E06000023",
    "West Northamptonshire": "E06000062", "Hampshire": "E10000014", "York": "E06000014", "Manchester": "E08000003",
}  # fmt: skip
MEASURES = ("eet", "suitable_accommodation", "in_touch", "neet")


@pytest.fixture(scope="module")
def packs(warehouse: Warehouse) -> Iterator[list[Pack]]:
    """A small pack for each: two charts of a measure, which two councils share."""
    path = find()
    assert path is not None, HOW_TO
    context = context_of(warehouse, dt.date(2026, 12, 1))
    made = []
    for place, (name, code) in enumerate(COUNCILS.items()):
        sections = (Section("measure", MEASURES[place % len(MEASURES)], "19-21"),)
        settings = model.PackSettings(code, "england", sections)
        made.append(build.build_pack(context, settings, build.Subject(code, name, None)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARELEAVERS_BROWSER", path)
        yield made
    browser.close()


def draw(pack: Pack) -> tuple[images.Image | None, ...]:
    with images.Drawing() as drawing:
        return drawing.finish(pack)


def test_eight_packs_at_once_have_the_pictures_that_each_has_alone(packs: list[Pack]) -> None:
    pictures.forget()
    with ThreadPoolExecutor(len(packs)) as people:
        together = list(people.map(draw, packs))
    pictures.forget()
    # In another order, so that none is right by chance.
    alone = {pack.name: draw(pack) for pack in reversed(packs)}
    for pack, drawn in zip(packs, together, strict=True):
        assert len(drawn) == len(pack.pictures()) >= 1
        assert drawn == alone[pack.name]
        for picture, image in zip(pack.pictures(), drawn, strict=True):
            assert image is not None
            assert image.own
            words = " ".join(re.findall(r">([^<>]+)<", image.svg.decode()))
            assert all(word in words for word in picture.headline.split(" ")[:3])
    assert len({image.svg for drawn in together for image in drawn if image}) == sum(map(len, together))
