"""Charts: from facts to drawings. Each has a description in words and, beside it or in the annex, a table."""

from compliance.reporting.charts.bars import bars
from compliance.reporting.charts.grid import GridCell, principle_line
from compliance.reporting.charts.heatmap import HeatRow, heatmap
from compliance.reporting.charts.timeline import Moment, timeline

__all__ = ["GridCell", "HeatRow", "Moment", "bars", "heatmap", "principle_line", "timeline"]
