"""What a measure is made of, such as the reasons for NEET, as a table and a caution: rows of ``queries/parts.sql``."""

from __future__ import annotations

import pandas as pd

from careleavers.wording.formats import count_text, missing, value_text
from careleavers.wording.status import status
from careleavers.wording.tables import records


def parts_table(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The whole, then each part: columns Measure, the name of the area (figure with its counts), England, Note (why none)."""
    table = []
    for row in records(rows):
        unit, decimals = str(row["unit"]), int(row["decimals"])
        figure = value_text(row["value"], unit, decimals, row["status"])
        counted = count_text(row["numerator"], row["denominator"], unit)
        cells = {
            "Measure": row["short_title"],
            name: f"{figure} ({counted})" if counted and not missing(row["value"]) else figure,
        }
        if name != "England":
            cells["England"] = value_text(row["england"], unit, decimals)
        table.append(cells | {"Note": status(str(row["status"])).reason})
    frame = pd.DataFrame(table)
    return frame if frame["Note"].any() else frame.drop(columns="Note")


def parts_caution(rows: pd.DataFrame) -> str:
    """How to read them together, in a sentence or two."""
    whole = str(rows.loc[rows["is_whole"], "short_title"].iloc[0])
    together = (
        f"Together they are everybody counted under “{whole}”. "
        if rows["adds_up"].any()
        else f"They are counted within “{whole}”, out of the same young people. "
    )
    return f"{together}Counts are small: a few young people change a figure a good deal, and many are hidden to protect privacy."
