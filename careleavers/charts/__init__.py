"""Charts: pure functions from a small frame to a plotly figure that can stand alone in a report."""

from careleavers.charts.ranked import ranked
from careleavers.charts.sparkline import shared_scales, sparkline_svg, spine_svg
from careleavers.charts.spine import spine
from careleavers.charts.template import ChartResult, Footer, chart_config

__all__ = ["ChartResult", "Footer", "chart_config", "ranked", "shared_scales", "sparkline_svg", "spine", "spine_svg"]
