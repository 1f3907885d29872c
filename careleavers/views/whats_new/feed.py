"""What is new as an Atom feed (RFC 4287), for news readers and mail programs.

All addresses in it are relative to the feed's own, and its ids rest on the events alone. So it is the same behind any proxy
and under any prefix, and says nothing of the host that a request names.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from careleavers.views.whats_new.words import NewsItem

MEDIA_TYPE = "application/atom+xml"
# News readers keep what they have seen; only a busy year has more than this.
MOST = 100
_ATOM = "http://www.w3.org/2005/Atom"
_IDS = uuid.UUID("6f0e8f52-5d0c-4f1e-9d53-3b1f6a2c7d10")
# What XML 1.0 has no place for, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(events: Sequence[NewsItem], title: str, name: str = "") -> bytes:
    """What is new as an Atom document.

    Parameters
    ----------
    events
        What is new, newest first; at most :data:`MOST` of it is in the feed.
    title
        The title of the feed.
    name
        The authority it is about, "" for all of them; it is part of the feed’s id and of its own address.

    Returns
    -------
    bytes
        The document in UTF-8.
    """
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    _text(feed, "id", _id(f"feed:{name}"))
    _text(feed, "title", f"{title}: {name}" if name else title)
    _text(feed, "updated", f"{events[0].day if events else '2000-01-01'}T00:00:00Z")
    author = ElementTree.SubElement(feed, "author")
    _text(author, "name", title)
    chosen = {"authority": name} if name else {}
    _link(feed, "self", _address("feed.xml", chosen), MEDIA_TYPE)
    _link(feed, "alternate", _address("whats_new", chosen), "text/html")
    for event in events[:MOST]:
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "id", _id(event.key))
        _text(entry, "title", event.title)
        _text(entry, "updated", f"{event.day}T00:00:00Z")
        _text(entry, "summary", event.detail)
        _link(entry, "alternate", _address(event.page, event.choices), "text/html")
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _id(key: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_IDS, key)}"


def _address(page: str, choices: Mapping[str, str]) -> str:
    query = urlencode(choices, quote_via=quote)
    return f"./{page}?{query}" if query else f"./{page}"


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = _NOT_XML.sub("", text)


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": rel, "href": href, "type": kind})
