"""A pack as a tagged PDF (PDF/UA-1): typst sets it in Liberation Sans on A4."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from careleavers import pictures
from careleavers.charts.template import FITS, REPORT_CM
from careleavers.packs import logos
from careleavers.packs.blocks import Block, Bullets, Heading, OwnWords, Pack, Paragraph, Picture, Runs, Table
from careleavers.packs.images import Image
from careleavers.packs.word import column_widths
from careleavers.wording.formats import day_text

_HERE = Path(__file__).parent


def document(pack: Pack, images: Sequence[Image | None]) -> bytes:
    """Set a pack.

    Parameters
    ----------
    pack
        What it says.
    images
        The picture of each of its charts, in order; None for one that cannot be drawn, whose table stands in its place.

    Returns
    -------
    bytes
        A PDF; the same pack and pictures give the same bytes.

    Raises
    ------
    typst.TypstError
        When it cannot be set, which is a fault of ours.
    """
    drawings: dict[str, str] = {}
    left = iter(images)
    blocks = [told for block in pack.blocks() for told in _told(block, left, drawings)]
    if pack.logo:
        drawings["logo"] = _logo(pack.logo)
    said = {
        "title": pack.title,
        "author": pack.product,
        "about": [*pack.about, day_text(pack.day)],
        "description": f"Care leavers of {pack.name}, data version {pack.version}",
        "day": [pack.day.year, pack.day.month, pack.day.day],
        "foot": " · ".join(
            part for part in (pack.name, pack.settings.classification, f"Data version {pack.version}") if part
        ),
        "logo": (pack.logo_alt or f"Logo of {pack.name}") if pack.logo else "",
        "blocks": blocks,
    }
    made = typst.compile(
        str(_HERE / "pack.typ"),
        root=str(_HERE),
        font_paths=[str(pictures.FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"pack": json.dumps(said, ensure_ascii=False), **drawings},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(made)


def _told(block: Block, images: Any, drawings: dict[str, str]) -> list[dict[str, Any]]:
    """A block as the JSON that ``pack.typ`` reads."""
    if isinstance(block, Heading):
        return [{"kind": "heading", "level": block.level, "text": block.text}]
    if isinstance(block, Paragraph):
        return [{"kind": "paragraph", "runs": _runs(block.runs), "small": block.small}]
    if isinstance(block, Bullets):
        return [
            {
                "kind": "list",
                "items": [_runs(item) for item in block.items],
                "numbered": block.numbered,
                "small": block.small,
            }
        ]
    if isinstance(block, OwnWords):
        return [{"kind": "own", "title": block.title, "paragraphs": list(block.paragraphs), "by": block.by}]
    if isinstance(block, Table):
        return _table(block)
    return _picture(block, images, drawings)


def _picture(picture: Picture, images: Any, drawings: dict[str, str]) -> list[dict[str, Any]]:
    image = next(images)
    if image is None:
        said = {"kind": "paragraph", "runs": [{"text": f"{picture.headline}.", "strong": True}], "small": False}
        return [said, *_table(picture.table)]
    name = f"picture-{len(drawings)}"
    drawings[name] = image.svg.decode()
    return [
        {
            "kind": "picture",
            "name": name,
            "alt": picture.alt if image.own else picture.simple_alt,
            "caption": picture.caption if image.own else picture.simple_caption,
            "height": REPORT_CM * image.height / FITS["wide"],
        }
    ]


def _table(table: Table) -> list[dict[str, Any]]:
    if not table.rows:
        return []
    return [
        {
            "kind": "table",
            "caption": table.caption,
            "columns": list(table.columns),
            "rows": [list(row) for row in table.rows],
            "widths": column_widths(table),
            "note": table.note,
        }
    ]


def _runs(runs: Runs) -> list[dict[str, Any]]:
    return [{"text": run.text, "strong": run.strong} for run in runs]


def _logo(logo: bytes) -> str:
    """A logo as SVG; a PNG is put inside one, because what is handed to typst is text."""
    if not logo.startswith(b"\x89PNG"):
        return logo.decode()
    wide, high = logos.size(logo)
    data = base64.b64encode(logo).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        f'<image width="{wide}" height="{high}" href="data:image/png;base64,{data}"/></svg>'
    )
