"""Every use that pictures make of what Kaleido, choreographer and Plotly do not document.

Nothing else may import their insides (``tests/test_house.py``). ``tests/pictures`` and ``tests/test_private.py`` fail when one of these
changes, and when requirements.txt names other versions than ``CHECKED``: then look at each before changing the number.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import MutableMapping, Sequence
from subprocess import Popen
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaleido import Kaleido

CHECKED = {"kaleido": "1.5.0", "choreographer": "1.4.0", "plotly": "7.1.0"}

# Added to what Kaleido starts a browser with: nothing outside this machine can be reached, whatever a figure says.
_OFFLINE_FLAGS = (
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-default-apps",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pings",
)
# Pictures that one page of the browser draws before it is read anew.
_PAGE_LASTS = 100
# What a browser needs of the environment; the rest (tokens, passwords of a store) is not for it.
_PASSED = frozenset(
    {"PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "LOCALAPPDATA", "APPDATA", "USERPROFILE",
     "PROGRAMFILES", "PROGRAMFILES(X86)", "XDG_RUNTIME_DIR", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "LD_LIBRARY_PATH"}
)  # fmt: skip

# Plotly names parts of a picture by six random characters of the figure, and by six of each trace; a hatching by both.
_FIGURE = re.compile(r'id="defs-([0-9a-f]{6})"')
_NAMES = re.compile(r'\bid="[^"]*"|\bhref="#[^"]*"|url\([^)]*\)')
_HATCHING = re.compile(r'(?<= id=")(p[0-9a-f]{6}-)([0-9a-f]{6})(?=")')
_FIRST = re.compile(r"<svg\b[^>]*>")
_TRACE = re.compile(r'(?<= class=")(trace [a-z]+ trace)[0-9a-f]{6}(?=[ "])')


def system_browser() -> str | None:
    """The path of a Chrome, Chromium or Edge on this machine; None without one.

    Kaleido looks for one itself, but only as it starts, and waits for ever where there is none. It does not know Debian's
    Chromium without windows, which takes the least memory and time.
    """
    from choreographer.browsers import Chromium

    return shutil.which("chromium-headless-shell") or Chromium.find_browser(skip_local=False)


def offline_chromium() -> type:
    """Kaleido's Chromium, kept from the network and from the settings of the product.

    Kaleido has no option for either: it takes a class of choreographer's, whose command line and environment are methods.
    """
    from choreographer.browsers import Chromium

    class OfflineChromium(Chromium):
        def get_cli(self) -> Sequence[str]:
            return [*super().get_cli(), *_OFFLINE_FLAGS]

        def get_env(self) -> MutableMapping[str, str]:
            return {name: value for name, value in super().get_env().items() if name.upper() in _PASSED}

    return OfflineChromium


def lasting_kaleido() -> type[Kaleido]:
    """Kaleido that reads its page anew after many pictures only, not after each: that takes longer than most pictures.

    Kaleido has no option for it. Plotly draws each picture in an element of its own and takes it away again; what goes wrong ends the
    browser (:mod:`.browser`), so that no page with a fault in it is used twice.
    """
    from kaleido import Kaleido

    class LastingKaleido(Kaleido):  # type: ignore[misc]
        _drawn = 0

        async def _return_kaleido_tab(self, tab: Any) -> None:
            self._drawn += 1
            if self._drawn % _PAGE_LASTS == 0:
                await super()._return_kaleido_tab(tab)
            else:
                await self.tabs_ready.put(tab)

    return LastingKaleido


def process_of(kaleido: Kaleido) -> Popen[Any] | None:
    """The process of a browser that Kaleido started, to see whether it still runs and to end one that does not close.

    Parameters
    ----------
    kaleido
        One that was made, and perhaps opened.

    Returns
    -------
    subprocess.Popen or None
        None before it is opened.
    """
    return getattr(kaleido, "subprocess", None)


def with_stable_names(text: str, name: str) -> str:
    """An SVG of Plotly's with names that do not change, in place of random ones: the same figure then gives the same bytes.

    Two pictures in one document still have different names.

    Parameters
    ----------
    text
        The SVG.
    name
        At least six hexadecimal digits that name the figure.

    Returns
    -------
    str
    """
    # An empty style stands before or behind the size, as the browser's time would have it.
    text = _FIRST.sub(lambda tag: tag[0].replace(' style=""', ""), text, count=1)
    random = _FIGURE.search(text)
    if random is not None:
        text = _NAMES.sub(lambda found: found[0].replace(random[1], name[:6]), text)
    hatchings = {f"{of}{its}": f"{of}{place}" for place, (of, its) in enumerate(_HATCHING.findall(text), 1)}
    if hatchings:
        text = _NAMES.sub(lambda found: _renamed(found[0], hatchings), text)
    return _TRACE.sub(r"\1", text)


def _renamed(text: str, names: dict[str, str]) -> str:
    """A name, or what refers to one, with its new name."""
    for old, new in names.items():
        if old in text:
            return text.replace(old, new)
    return text
