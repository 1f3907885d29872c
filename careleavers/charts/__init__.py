"""Charts: pure functions from a small frame to a Plotly figure that can stand alone in a report.

What comes in
    A pandas frame with the rows of one query, one row per mark, in which the figures are worked out and the words
    chosen already; and the words around the picture. A chart reads no data, computes no figure and knows nothing of Streamlit.
    The columns that each function reads, and their units, are in its docstring. A missing figure is missing
    (``None``, ``NaN`` or ``NA``), never 0, and is never drawn; a column of words says why it is missing.

What goes out
    A :class:`ChartResult`: the figure, its headline, its text alternative, a file name and its height in pixels.
    The small pictures of table cells are strings of SVG.

Who calls them
    The code behind each page, which shows the result with its text alternative and download buttons. Nothing here
    needs a browser: ``result.figure`` is an ordinary Plotly figure.

Every chart takes

``headline``, ``subtitle``
    The finding as a sentence; and measure, age group, area and period. Both stand inside the picture.
``footer``
    Source, release, layer, the day the picture was taken and n, inside the picture too. It cannot be left out.
``filename``
    Words for the name of a downloaded picture.
``width``
    ``wide`` or ``narrow``: the layout. Plotly neither wraps text nor knows how wide it will be drawn, so each figure is laid out for the
    narrowest container it promises to fit (``template.FITS``, in pixels) and may be drawn at any greater width.

Which page draws which chart

=====================  ===================================================================================================
At a glance            :func:`shares.shares`, :func:`spine.spine`; in the table :func:`sparkline.sparkline_svg`
Compare                :func:`ranked.ranked`
Spread                 :func:`funnel.funnel`, :func:`strip.strip`
Map                    :func:`tile_map.tile_map`
Build your own         :func:`area_bars.area_bars` (one period), :func:`area_lines.area_lines` (several)
Trends                 :func:`trend.trend`, :func:`small_multiples.small_multiples`
Local figures          :func:`quarters.quarters`
Workforce              :func:`workforce.measure_panels`
Together               :func:`scatter.scatter`
Inspections            :func:`since_inspection.since_inspection`, :func:`by_judgement.by_judgement`
=====================  ===================================================================================================

A chart imports no other chart. What they share is in

=====================  ===================================================================================================
``template``           fonts, palette, margins; headline, subtitle, key and footer inside the picture
``styles``             how authorities, comparators and verdicts look
``axes``               where axes start and end, their ticks and titles
``labels``             text beside marks, clear of other text
``text``               measuring and wrapping text; cells as words
``row_parts``          intervals, lines and shades of charts with one row per authority, area or group
``swarms``             dots of one row side by side
``lines``              lines over time, read from a frame; with ``line_parts``, ``line_names`` and ``lanes``
``ranked_rows``,       the rows of one chart each: where marks and texts stand
``spine_rows``
``report_sizes``       whether a picture can be read in a report of 16 cm
``areas``              what the two charts of Build your own share
``private``            what Plotly does not document, with the version it was checked against
=====================  ===================================================================================================

Examples
--------
>>> import pandas as pd
>>> from careleavers.charts import Footer, ranked
>>> from careleavers.charts.ranked import Comparator
>>> rows = pd.DataFrame(
...     {
...         "authority_code": ["E06000016", "E08000035"],
...         "authority_name": ["Leicester", "Leeds"],
...         "value": [78.7, 45.5],
...         "value_text": ["79%", "46%"],
...         "count_text": ["118 of 150", "273 of 600"],
...     }
... )
>>> chart = ranked(
...     rows,
...     indicator_title="In education, employment or training",
...     unit="per cent",
...     polarity="high",
...     polarity_words="higher is better",
...     authority_code="E08000035",
...     neighbour_codes=[],
...     comparators=[Comparator("England", 54.2, "54%")],
...     headline="Leeds: 46% in education, employment or training, worse than England’s 54%",
...     subtitle="Care leavers aged 19 to 21, year ending 31 March 2025",
...     footer=Footer("Department for Education", "2025", "published", "21 November 2026", "n = 2 authorities"),
...     filename="Leeds EET 2025",
... )
>>> chart.filename
'leeds-eet-2025'
>>> print(chart.alt.split(". ")[1])
Dots: In education, employment or training for 2 authorities, best first, from Leicester (79%, 118 of 150) to Leeds (46%, 273 of 600)
>>> [trace.name for trace in chart.figure.data]
['England', 'dots', 'names', 'figures', 'counts']
"""

from careleavers.charts.ranked import ranked
from careleavers.charts.sparkline import shared_scales, sparkline_svg
from careleavers.charts.spine import spine
from careleavers.charts.template import ChartResult, Footer, chart_config

__all__ = ["ChartResult", "Footer", "chart_config", "ranked", "shared_scales", "sparkline_svg", "spine"]
