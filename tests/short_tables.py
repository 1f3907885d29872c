"""Reading the tables that a page draws as text (careleavers/ui/short_tables.py)."""

from xml.etree import ElementTree

import pandas as pd
from streamlit.testing.v1 import AppTest


def short_tables(at: AppTest) -> list[pd.DataFrame]:
    """The tables of the page. Their HTML is well formed, so an XML parser can read it."""
    found = []
    for element in at.get("html"):
        if 'class="cl-short' in element.proto.body:
            head, *lines = [
                [cell.text or "" for cell in row] for row in ElementTree.fromstring(element.proto.body).iter("tr")
            ]
            found.append(pd.DataFrame(lines, columns=head))
    return found
