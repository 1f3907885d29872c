import copy
import pickle

import plotly.graph_objects as go
import plotly.io
import pytest

from careleavers.charts import template
from careleavers.charts.axes import grid
from careleavers.charts.text import text_width, words, wrap, wrap_even
from tests.charts.reading import note, plain
from tests.charts.samples import FOOTER, HEADLINE, SUBTITLE, WIDTHS


def drawn(fig):
    """The whole figure as pages get it, after plotly has validated every property."""
    return go.Figure(fig.to_dict())


def finished(**arguments):
    return drawn(template.finish(go.Figure(), HEADLINE, SUBTITLE, FOOTER, 200, **arguments))


@pytest.mark.parametrize("width", WIDTHS)
def test_headline_subtitle_and_footer_are_in_the_picture(width):
    fig = finished(width=width)
    assert note(fig, "headline") == [HEADLINE]
    assert note(fig, "subtitle") == [SUBTITLE]
    footer = note(fig, "footer")[0]
    for part in (FOOTER.source, FOOTER.release, FOOTER.layer, FOOTER.taken, FOOTER.n):
        assert part in footer


@pytest.mark.parametrize(
    "copied",
    [
        go.Figure,
        copy.deepcopy,
        lambda fig: pickle.loads(pickle.dumps(fig)),
        lambda fig: go.Figure(fig.to_dict()),
        lambda fig: plotly.io.from_json(fig.to_json()),
        lambda fig: fig.add_annotation(text="one more", x=0, y=0),
        lambda fig: template.ChartResult(fig, "", "", "", 0).finished,
    ],
    ids=["figure", "copy", "pickle", "dict", "json", "annotated", "finished"],
)
def test_a_figure_keeps_its_footer_however_it_is_copied(copied):
    fig = template.finish(go.Figure(go.Bar(y=[1])), HEADLINE, SUBTITLE, FOOTER, 200, shapes=grid([1], 10))
    again = go.Figure(copied(fig).to_dict())
    assert FOOTER.source in note(again, "footer")[0]
    assert note(again, "headline") == [HEADLINE]
    assert [shape.name for shape in again.layout.shapes] == ["grid"]
    assert again.layout.template.layout.font.family == template.FONT


def test_two_figures_share_nothing_that_could_be_changed():
    one, two = (template.finish(go.Figure(), HEADLINE, SUBTITLE, FOOTER, 200) for _ in range(2))
    one.layout.template.layout.font.size = 40
    one.layout.annotations[0].text = "changed"
    assert two.layout.template.layout.font.size == template.TEXT_SIZE
    assert note(two, "headline") == [HEADLINE]


def test_footer_says_when_a_part_is_not_stated():
    text = template.Footer("", "2025", "published", "1 May 2026", "").text()
    assert "Source: not stated." in text
    assert "n = not stated." in text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("repeat", [1, 3])
def test_no_line_is_wider_than_the_narrowest_container(width, repeat):
    fig = drawn(template.finish(go.Figure(), HEADLINE * repeat, SUBTITLE * repeat, FOOTER, 200, width=width))
    for found in fig.layout.annotations:
        for line in found.text.split("<br>"):
            size = found.font.size
            assert text_width(plain(line), size, bold=found.name == "headline") <= template.FITS[width] - 24


@pytest.mark.parametrize("width", WIDTHS)
def test_blocks_above_the_plot_do_not_overlap_and_fit_the_margin(width):
    fig = finished(width=width, key=[template.KeyItem("■", template.DARK_BLUE, "Leeds")] * 9)
    by_name = {found.name: found for found in fig.layout.annotations}
    top = fig.layout.margin.t
    for name in ("headline", "subtitle", "key"):
        found = by_name[name]
        assert found.yshift <= top
        top = found.yshift - found.font.size * 1.3 * (found.text.count("<br>") + 1) + 1
    assert top > 0
    foot = by_name["footer"]
    assert -foot.yshift + foot.font.size * 1.3 * (foot.text.count("<br>") + 1) <= fig.layout.margin.b


def test_height_is_the_plot_and_its_margins():
    fig = finished()
    assert fig.layout.height == 200 + fig.layout.margin.t + fig.layout.margin.b


def test_own_template_whatever_the_default_is():
    assert finished().layout.template.layout.font.family == template.FONT
    assert finished().layout.template.layout.paper_bgcolor == "#FFFFFF"


def test_one_download_button_of_fixed_size():
    config = template.chart_config("Leeds EET: 19–21 / 2025", 950)
    assert config["modeBarButtons"] == [["toImage"]]
    assert config["displayModeBar"] is True
    assert config["displaylogo"] is False
    assert config["toImageButtonOptions"] == {
        "format": "png",
        "filename": "leeds-eet-19-21-2025",
        "width": 720,
        "height": 950,
        "scale": 2.625,
    }


def test_a_picture_has_300_dots_an_inch_at_16_cm():
    assert round(template.FITS["wide"] * template.PICTURE_SCALE) == 1890
    assert pytest.approx(16, abs=0.01) == 1890 / 300 * 2.54


@pytest.mark.parametrize(("name", "expected"), [("../../etc", "etc"), ("", "chart"), ("£", "chart")])
def test_file_names_are_safe(name, expected):
    assert template.safe_filename(name) == expected


def test_markup_in_text_is_shown_not_obeyed():
    fig = drawn(template.finish(go.Figure(), "A <b>& B", "<a href='x'>y</a>", FOOTER, 100))
    assert fig.layout.annotations[0].text == "<b>A &lt;b&gt;&amp; B</b>"
    assert "<a" not in fig.layout.annotations[1].text


def test_widths_are_those_of_arial():
    # 7.22 + 5.56 + 5.56 + 5.56 + 5.00 thousandths of ten pixels, from the font's own metrics.
    assert text_width("Hands", 10) == pytest.approx(28.9)
    assert text_width("Hands", 10, bold=True) > text_width("Hands", 10)


def test_wrapping_loses_nothing_and_keeps_dates_whole():
    text = "Care leavers aged 19–21, year ending 31 March 2025, in education"
    for width in range(120, 400, 7):
        lines = wrap(text, width, 12)
        assert " ".join(lines) == text
        assert " ".join(wrap_even(text, width, 12)) == text
        assert sum("31 March 2025" in line for line in lines) == 1
    assert wrap("", 100, 12) == []
    assert "".join(wrap("x" * 300, 100, 12)) == "x" * 300


@pytest.mark.parametrize("value", [None, float("nan")])
def test_missing_cells_are_empty_words(value):
    assert words(value) == ""
