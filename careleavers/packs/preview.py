"""A pack as it is shown before it is made: its headings, what each section says first, its figures and tables by their captions."""

from __future__ import annotations

import html

from careleavers.packs.blocks import Block, Bullets, Heading, OwnWords, Pack, Paragraph, Picture, Runs, Table

# Rows of a table, and items of a list, that are shown.
_ROWS = 4
_ITEMS = 4


def markup(pack: Pack) -> str:
    """The pack as HTML, whose texts are escaped.

    Parameters
    ----------
    pack
        The pack.

    Returns
    -------
    str
    """
    about = "".join(f"<p>{html.escape(line)}</p>" for line in pack.about)
    numbers = {"Figure": 0, "Table": 0}
    body = "".join(_block(block, numbers) for block in pack.blocks())
    return (
        '<article class="cl-pack" tabindex="0" role="region" aria-label="Preview of the pack">'
        f'<p class="cl-pack-title">{html.escape(pack.title)}</p>{about}{body}</article>'
    )


def _block(block: Block, numbers: dict[str, int]) -> str:
    if isinstance(block, Heading):
        # The parts of the page have headings of the second level.
        return f"<h{block.level + 2}>{html.escape(block.text)}</h{block.level + 2}>"
    if isinstance(block, Paragraph):
        return "" if block.small else f"<p>{_runs(block.runs)}</p>"
    if isinstance(block, Bullets):
        if block.small:
            return ""
        kind = "ol" if block.numbered else "ul"
        more = len(block.items) - _ITEMS
        items = "".join(f"<li>{_runs(item)}</li>" for item in block.items[:_ITEMS])
        return f"<{kind}>{items}</{kind}>" + (f"<p>… and {more} more</p>" if more > 0 else "")
    if isinstance(block, OwnWords):
        said = "".join(f"<p>{html.escape(text)}</p>" for text in (*block.paragraphs, *([block.by] if block.by else [])))
        return f"<blockquote><p><strong>{html.escape(block.title)}</strong></p>{said}</blockquote>"
    if isinstance(block, Picture):
        numbers["Figure"] += 1
        return (
            f'<p class="cl-pack-figure"><strong>Figure {numbers["Figure"]}: {html.escape(block.headline)}</strong><br>'
            f"{html.escape(block.caption)}</p>"
        )
    return _table(block, numbers) if isinstance(block, Table) else ""


def _table(table: Table, numbers: dict[str, int]) -> str:
    if not table.rows:
        return ""
    numbers["Table"] += 1
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows[:_ROWS]
    )
    more = len(table.rows) - _ROWS
    return (
        f'<div class="cl-pack-table" role="region" aria-label="Table {numbers["Table"]}" tabindex="0">'
        f"<table><caption>Table {numbers['Table']}: {html.escape(table.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        + (f"<p>… and {more} more {'row' if more == 1 else 'rows'}</p>" if more > 0 else "")
    )


def _runs(runs: Runs) -> str:
    return "".join(f"<strong>{html.escape(run.text)}</strong>" if run.strong else html.escape(run.text) for run in runs)
