"""Content sent to browsers again and again: made once, and the same as Streamlit would make each time."""

import gc
import json
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pytest
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes
from streamlit.testing.v1 import AppTest

from careleavers.charts import ChartResult
from careleavers.ui import widgets
from careleavers.views.compare import words as compare_words
from careleavers.views.map import words as map_words
from careleavers.views.spread import words as spread_words
from careleavers.views.workforce import words as workforce_words
from careleavers.wording.findings import verdict_title


def result(value: float = 1.5) -> ChartResult:
    figure = go.Figure(go.Bar(x=np.array([value, np.nan, 3.0]), y=["Leeds", "Kent", "York"]))
    figure.update_layout(title="Rates < 5 / 10", annotations=[{"text": "n = 12", "x": 0, "y": 0}])
    return ChartResult(figure, "Rates", "Rates of three", "rates", 300)


def drawn(shown: ChartResult, finished: bool) -> tuple[str, str]:
    """What a browser is sent for a chart, and the id by which it knows it."""

    def page() -> None:
        import streamlit as st

        result, finished = st.session_state["shown"]
        st.plotly_chart(result.finished if finished else result.figure, key="a", theme=None)

    at = AppTest.from_function(page)
    at.session_state["shown"] = (shown, finished)
    at.run()
    assert not at.exception
    proto = at.get("plotly_chart")[0].proto
    return proto.spec, proto.id


def test_a_finished_figure_is_sent_as_the_figure_itself_would_be() -> None:
    shown = result()
    assert drawn(shown, finished=True) == drawn(shown, finished=False)
    assert drawn(shown, finished=True) == drawn(shown, finished=False)  # and again, from what was kept
    assert "Leeds" in drawn(shown, finished=True)[0]


def test_a_finished_figure_is_put_together_once() -> None:
    shown = result()
    with patch.object(go.Figure, "to_dict", autospec=True, side_effect=go.Figure.to_dict) as made:
        for _ in range(3):
            drawn(shown, finished=True)
    assert made.call_count == 1


def test_two_figures_are_never_taken_for_each_other() -> None:
    one, two = result(1.5), result(2.5)
    assert one.finished is one.finished
    assert plotly.io.to_json(one.finished.to_dict(), validate=False) != plotly.io.to_json(
        two.finished.to_dict(), validate=False
    )


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"Authority": ["Leeds", "Kent"], "Value": [1.5, None], "Rank": [1, 2]}),
        pd.DataFrame({"Authority": ["Leeds", None]}, index=[3, 7]),
        pd.DataFrame({"When": pd.to_datetime(["2025-03-31", None]), "Now": [True, False]}),
        pd.DataFrame({"Authority": pd.Series([], dtype="str")}),
    ],
    ids=["figures", "picked rows", "days", "empty"],
)
def test_a_table_is_sent_as_the_frame_itself_would_be(frame: pd.DataFrame) -> None:
    def page() -> None:
        import streamlit as st

        from careleavers.ui import widgets

        widgets.table(st.session_state["frame"], key="a", alt="A table")
        st.dataframe(st.session_state["frame"], hide_index=True, placeholder="")

    at = AppTest.from_function(page)
    at.session_state["frame"] = frame
    at.run()
    assert not at.exception
    ours, plain = (element.proto for element in at.dataframe)
    assert ours.arrow_data.data == plain.arrow_data.data == convert_pandas_df_to_arrow_bytes(frame)
    # Numbers of a column that has decimals all have one.
    decimal = {"Value": {"type_config": {"type": "number", "format": "%.1f"}}} if "Value" in frame else {}
    assert json.loads(ours.columns) == json.loads(plain.columns) | decimal


def test_a_table_is_made_once_and_forgotten_with_its_frame() -> None:
    frame, held = pd.DataFrame({"a": [1]}), len(widgets._made)
    assert widgets._sent(frame, "A") is widgets._sent(frame, "A")
    assert len(widgets._made) == held + 1
    del frame
    gc.collect()
    assert len(widgets._made) == held


def test_our_own_html_arrives_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "words.html"
    file.write_text("<p>not this</p>", encoding="utf-8")

    def page() -> None:
        import streamlit as st

        from careleavers.ui import widgets

        for text in st.session_state["texts"]:
            widgets.markup(text)

    texts = ["<div>\n  <pre>  two spaces</pre>\n</div>", "<p>§ “words”</p>", str(file)]
    at = AppTest.from_function(page)
    at.session_state["texts"] = texts
    at.run()
    assert not at.exception
    assert [element.proto.body for element in at.get("html")] == texts


# What a window of 1,024 pixels leaves for a table.
SMALL = 944


def test_the_main_columns_of_each_table_are_seen_in_a_window_of_1024_pixels() -> None:
    other_units = {"Number", "Average", "Per 10,000", "Figure (£)"}
    other_verdicts = {verdict_title("region"), verdict_title("england")}
    for words in (compare_words, map_words, spread_words):
        main = {name: wide for name, wide in words.WIDTHS.items() if name not in other_units | other_verdicts}
        assert "Note" in main
        assert sum(main.values()) <= SMALL, words.__name__
    assert sum(workforce_words.widths("Leeds", "Yorkshire and The Humber").values()) <= SMALL


def test_verdicts_are_headed_in_short() -> None:
    labels = {name: column["label"] for name, column in widgets.widths(compare_words.WIDTHS).items()}
    assert labels["Against its own neighbours"] == "vs own neighbours"
    assert labels["Rank"] is None
