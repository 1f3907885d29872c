"""A pack as a ZIP file: each chart as PNG, SVG and CSV, the tables as CSV, and the settings that make the pack again."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from careleavers.model import ATTRIBUTION
from careleavers.packs import office
from careleavers.packs.blocks import Pack, Table
from careleavers.packs.images import Image
from careleavers.packs.model import to_json
from careleavers.wording.exports import csv_bytes
from careleavers.wording.formats import day_text


def archive(pack: Pack, images: Sequence[Image | None]) -> bytes:
    """Write a pack.

    Parameters
    ----------
    pack
        What it says.
    images
        The picture of each of its charts, in order; None for one that cannot be drawn.

    Returns
    -------
    bytes
        A ZIP file; the same pack and pictures give the same bytes.
    """
    files: dict[str, bytes] = {}
    listed = []
    for number, (picture, image) in enumerate(zip(pack.pictures(), images, strict=True), 1):
        name = f"{number:02d}-{picture.chart.filename}"
        listed.append(f"{name}: {picture.headline}. {picture.caption}. {picture.source}")
        if image is not None:
            files[f"{name}.png"] = image.png
            files[f"{name}.svg"] = image.svg
        files[f"{name}.csv"] = csv_bytes(picture.download, picture.about)
    tables = [block for block in pack.blocks() if isinstance(block, Table) and block.rows]
    for number, table in enumerate(tables, 1):
        frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
        files[f"table-{number:02d}.csv"] = csv_bytes(frame, {"About": table.caption, "Source": table.note})
        listed.append(f"table-{number:02d}: {table.caption}")
    files["pack.json"] = to_json(pack.settings).encode()
    files["README.txt"] = _readme(pack, listed).encode()
    return office.zipped(files)


def _readme(pack: Pack, listed: Sequence[str]) -> str:
    lines = [
        pack.title,
        *pack.about,
        f"Made on {day_text(pack.day)} from data version {pack.version}.",
        *([f"The same figures are shown at {pack.address}"] if pack.address else []),
        "",
        *listed,
        "pack.json: the settings of this pack, which the page Report reads",
        "",
        ATTRIBUTION,
    ]
    return "\r\n".join(lines) + "\r\n"
