"""Pictures by what they show, without a browser: what is kept, how parts are named, sizes, and what is said without one."""

import io
import struct
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typst
from PIL import Image, ImageFont

from careleavers import pictures
from careleavers.charts import ranked
from careleavers.charts.template import ChartResult
from careleavers.pictures import browser, kept_pictures, private
from tests.charts.samples import authorities, ranked_arguments

CHARTS = Path(__file__).resolve().parents[2] / "careleavers" / "charts"
# What Plotly makes, shortened: names at random, and its own size.
PLOTLYS = (
    '<svg class="main-svg" width="720" height="360"><defs id="defs-{0}"><clipPath id="clip{0}xy"><rect/></clipPath></defs>'
    '<g class="trace scatter trace{1}" clip-path="url(#clip{0}xy)"><text>a0b1c1 of 600</text></g></svg>'
)


def chart(**changes: Any) -> ChartResult:
    return ranked(authorities(), **ranked_arguments(**changes))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept_pictures._pictures.clear()
    yield
    kept_pictures._pictures.clear()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What the browser was asked to draw; it answers with other random names each time."""
    asked: list[Mapping[str, Any]] = []

    def draw(figure: Mapping[str, Any], height: int, finish: Callable[[str], bytes], known: object) -> bytes:
        asked.append({**figure, "height": height})
        return finish(PLOTLYS.format(f"a0b1c{len(asked)}", f"f{len(asked)}e2d3"))

    monkeypatch.setattr(browser, "draw", draw)
    return asked


def test_a_picture_is_drawn_once_and_the_same_each_time(drawn: list[Mapping[str, Any]]) -> None:
    first = pictures.svg(chart())
    assert pictures.svg(chart()) == first
    assert len(drawn) == 1
    kept_pictures._pictures.clear()
    assert pictures.svg(chart()) == first
    assert len(drawn) == 2


def test_another_headline_is_another_picture(drawn: list[Mapping[str, Any]]) -> None:
    assert pictures.key(chart()) == pictures.key(chart()) != pictures.key(chart(headline="Leeds: another finding"))
    pictures.svg(chart())
    pictures.svg(chart(headline="Leeds: another finding"))
    assert len(drawn) == 2


def test_names_are_of_the_key_and_words_are_left_alone(drawn: list[Mapping[str, Any]]) -> None:
    text = pictures.svg(chart()).decode()
    name = pictures.key(chart())[:6]
    assert f'id="defs-{name}"' in text
    assert f'id="clip{name}xy"' in text
    assert f'"url(#clip{name}xy)"' in text
    assert 'class="trace scatter trace"' in text
    assert "<text>a0b1c1 of 600</text>" in text


def test_hatchings_are_named_by_their_place() -> None:
    def plotlys(figure: str, *hatchings: str) -> str:
        made = "".join(f'<pattern id="p{figure}-{each}"/>' for each in hatchings)
        used = "".join(f"""<path style="fill: url('#p{figure}-{each}')"/>""" for each in reversed(hatchings))
        return f'<svg><defs id="defs-{figure}"/>{made}{used}<text>{hatchings[0]}</text></svg>'

    made = private.with_stable_names(plotlys("a0b1c1", "856b32", "7b57a0"), "5920701f")
    assert made == plotlys("592070", "1", "2").replace("<text>1<", "<text>856b32<")


def test_an_empty_style_that_comes_early_or_late_makes_no_difference() -> None:
    early, late = (
        '<svg class="a" style="" viewBox="0 0 1 1"><g style=""/></svg>',
        '<svg class="a" viewBox="0 0 1 1" style=""><g style=""/></svg>',
    )
    assert private.with_stable_names(early, "5920701f") == private.with_stable_names(late, "5920701f")


def test_a_picture_is_16_cm_wide(drawn: list[Mapping[str, Any]]) -> None:
    assert b'<svg class="main-svg" width="16cm" height="8.00cm">' in pictures.svg(chart())


def test_a_chart_of_a_phone_has_the_picture_of_a_desktop(drawn: list[Mapping[str, Any]]) -> None:
    assert pictures.key(chart(width="narrow")) == pictures.key(chart(width="wide"))
    pictures.svg(chart(width="narrow"))
    assert drawn[0]["height"] == chart(width="wide").height
    assert not any("customdata" in trace for trace in drawn[0]["data"])


def test_looking_for_a_kept_picture_draws_none(drawn: list[Mapping[str, Any]]) -> None:
    assert pictures.kept(pictures.key(chart())) is None
    picture = pictures.svg(chart())
    assert pictures.kept(pictures.key(chart())) == picture
    assert len(drawn) == 1


def test_no_more_is_kept_than_there_is_room_for() -> None:
    kept = kept_pictures._PictureCache(100)
    for name in "abc":
        kept.put(name, bytes(40))
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (None, bytes(40), bytes(40))
    kept.put("c", bytes(10))
    kept.put("d", bytes(50))
    assert kept.get("b") is not None
    kept.put("huge", bytes(101))
    assert kept._held == 0


def test_a_png_is_16_cm_at_300_dots_an_inch_in_the_products_own_font() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="16cm" height="4cm" viewBox="0 0 720 180">'
        b"<text x='10' y='100' font-size='60' font-family='Arial, Liberation Sans, sans-serif'>%s</text></svg>"
    )
    png = pictures.png(svg % "▲ 46%".encode())
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (1890, 472)
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert picture.convert("L").getextrema()[0] < 50, "text is drawn"
    assert png[33:41] == struct.pack(">I", 9) + b"pHYs"
    assert struct.unpack(">I", png[50:54])[0] == zlib.crc32(png[37:50])
    assert pictures.png(svg % "▲ 46%".encode()) == png
    assert pictures.png(svg % b"46%") != png


def test_every_mark_of_the_charts_is_in_the_products_fonts() -> None:
    """Else typst sets the whole text beside it in a serif font."""
    fonts = [ImageFont.truetype(str(path), 40) for path in pictures.FONTS.glob("*.ttf")]
    source = "".join(path.read_text(encoding="utf-8") for path in CHARTS.rglob("*.py"))
    marks = {mark for mark in source if unicodedata.category(mark) in {"So", "Sm"} and ord(mark) > 0x2000}
    assert {"◆", "△", "▲"} <= marks

    def has(font: ImageFont.FreeTypeFont, mark: str) -> bool:
        return bytes(font.getmask(mark)) != bytes(font.getmask("\uffff"))

    assert [mark for mark in sorted(marks) if not any(has(font, mark) for font in fonts)] == []


def test_what_is_no_svg_is_no_png() -> None:
    with pytest.raises(typst.TypstError):
        pictures.png(b"<p>46%</p>")


def test_without_a_browser_a_sentence_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARELEAVERS_BROWSER", raising=False)
    monkeypatch.setattr("choreographer.browsers.Chromium.find_browser", lambda **_: None)
    monkeypatch.setattr("careleavers.pictures.private.shutil.which", lambda _: None)
    assert not pictures.available()
    with pytest.raises(pictures.NoBrowser, match="apt install chromium"):
        pictures.svg(chart())


def test_a_browser_that_is_named_wrongly_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_BROWSER", "no-such-browser")
    assert not pictures.available()
    with pytest.raises(pictures.NoBrowser, match="CARELEAVERS_BROWSER names no program: “no-such-browser”"):
        pictures.svg(chart())


def test_a_named_program_is_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_BROWSER", sys.executable)
    assert browser.find() == sys.executable


def test_the_browser_reaches_no_other_machine_and_learns_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    from choreographer.channels import Pipe

    monkeypatch.setenv("CARELEAVERS_TOKEN", "a-secret-of-the-product")
    offline = private.offline_chromium()(Pipe(), sys.executable, enable_sandbox=True)
    offline.pre_open()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in offline.get_cli()
    assert "--no-sandbox" not in offline.get_cli()
    assert not any(name.startswith(("CARELEAVERS", "STORE")) for name in offline.get_env())
    assert "PATH" in offline.get_env()
