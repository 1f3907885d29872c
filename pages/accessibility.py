"""Accessibility statement: what was tested, what is not met, and what to do instead."""

import streamlit as st

st.title("Accessibility statement")
st.markdown(
    """
This statement is about Care leaver outcomes. The aim is level AA of the Web Content Accessibility Guidelines (WCAG)
2.2. It is **partially met**: the exceptions are below. Last reviewed on 21 November 2026.

## How you can use it

- With a keyboard alone: every control, link and download is reached with Tab and used with Enter, Space or the arrows.
- At 400% zoom or in a window 320 pixels wide, without scrolling sideways; only wide tables scroll in their own frame.
- In light or dark colours, following your device, charts included. A picture that is saved or copied always has a light
  background, for reports.
- With a screen reader: each chart has a text alternative that says its finding, and its figures stand in a table.
- On paper: printing a page leaves the controls out and keeps charts and tables whole.
- Without telling colours apart: better, similar and worse always carry their word and a mark (▲ ● ▼).

## What was tested, and how

- Every page, in light and dark, with the automated rules of axe-core in Chromium, on each change: no serious or
  critical finding is let through.
- That each chart has a text alternative, on each change; axe-core does not look for that.
- That no page scrolls sideways at 320 pixels, and that choosing an authority, a measure and a page works by keyboard.
- Text in charts of at least 12 pixels, and that labels neither overlap nor are cut off, over a sample of two hundred
  combinations of measure, authority and comparator.

Automated rules find only part of what can be wrong. **It has not yet been tested with people who use assistive
technology, nor by hand with a screen reader.**

## What is not met

- **Sortable tables** (Compare and other pages) are drawn on a canvas. They can be used by keyboard and announce their
  cells, but some screen readers read them less well than an ordinary table, and text spacing set in the browser does
  not change them (WCAG 1.4.12). The same figures can be downloaded as CSV or Excel.
- **Charts** are pictures with text in them: text spacing set in the browser does not change them (1.4.12), and details
  shown on pointing at a mark are not reached by keyboard (2.1.1). All of them are in the table with the chart.
- **Choosing an authority by clicking in a chart** has no keyboard equivalent in the chart itself; the list at the top of the
  page does the same.
- A chart is laid out for the width the window had when the page was loaded. After turning a phone or zooming, reload the
  page to lay it out again; until then a wide chart scrolls in its own frame.

## If something does not work for you

Tell the person or team in your council who gave you the link: say which page, what you were trying to do and what you
use. They can send any figure in another form. If you are not content with the answer, the
[Equality Advisory and Support Service](https://www.equalityadvisoryservice.com/) can advise you.
"""
)
