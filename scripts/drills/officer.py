"""An officer without a browser: signs in by cookie, opens a page, gives a file, presses buttons, in Streamlit's own protocol."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx2
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

# Nobody is asked at this address: who takes part in a drill comes with a cookie.
PROVIDER = "http://localhost:9"
COOKIE_SECRET = "not-a-secret-but-long-enough-0123456789"
PATIENCE = 240.0


def secrets_file(path: Path, url: str, names: Mapping[str, str]) -> Path:
    """Write the settings of sign-in for a drill.

    Parameters
    ----------
    path
        The file to write.
    url
        The address under which the dashboard is reached.
    names
        The authority of each officer, by the subject of the sign-in; ``all`` for an administrator.

    Returns
    -------
    pathlib.Path
        The file.
    """
    people = "".join(
        f'[[access.people]]\nissuer = "{PROVIDER}"\nsubject = "{subject}"\nname = "Officer {subject}"\n'
        + ('role = "administrator"\n' if of == "all" else f'role = "officer"\nauthorities = ["{of}"]\n')
        for subject, of in names.items()
    )
    path.write_text(
        f'[auth]\nredirect_uri = "{url}/oauth2callback"\ncookie_secret = "{COOKIE_SECRET}"\nclient_id = "dashboard"\n'
        f'client_secret = "any"\nserver_metadata_url = "{PROVIDER}/.well-known/openid-configuration"\n\n'
        f'[access]\nbrowsing = "open"\n\n{people}',
        encoding="utf-8",
    )
    return path


def sign_in_cookie(
    subject: str, origin: str, *, secret: str = COOKIE_SECRET, lasts: float = 3600, clock: float = 0, **changes: Any
) -> str:
    """The cookie of somebody who is signed in, as the dashboard would set it.

    Parameters
    ----------
    subject
        Who.
    origin
        The address of the dashboard.
    secret
        What it is signed with.
    lasts
        Seconds until the sign-in runs out.
    clock
        By how many seconds the clock of the dashboard is ahead.
    **changes
        What it says differently.

    Returns
    -------
    str
    """
    user = {
        "is_logged_in": True, "origin": origin, "provider": "default", "iss": PROVIDER, "sub": subject,
        "exp": int(time.time() + clock + lasts), **changes,
    }  # fmt: skip
    now = time.time
    # A cookie from the future is refused.
    with patch("time.time", lambda: now() + clock):
        return create_signed_value(secret, "_streamlit_user", json.dumps(user)).decode()


@dataclass
class Officer:
    """One browser with one open page.

    Attributes
    ----------
    url
        The address that the officer knows: of a server, or of the proxy before several.
    cookies
        What the browser holds, by name.
    texts
        What the page says, after its last run.
    controls
        The controls of the page by kind and label, as ``button: Accept as provisional``.
    """

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    controls: dict[str, str] = field(default_factory=dict)
    script: str = ""
    page: str = ""
    address: str = ""
    _socket: websockets.ClientConnection | None = None

    async def open(self, page: str, address: str = "", *, origin: str | None = None) -> Officer:
        """Open a page and wait until it is drawn.

        Parameters
        ----------
        page
            Its name.
        address
            The parameters of its address.
        origin
            The site that the browser says it is on; by default the dashboard's own.

        Returns
        -------
        Officer
            This one.
        """
        parts = urlsplit(self.url)
        async with httpx2.AsyncClient(base_url=self.url, timeout=PATIENCE, trust_env=False) as client:
            for path in (f"/{page}?{address}", "/_stcore/health"):
                self._keep((await client.get(path, headers={"Cookie": self.cookie})).headers.get_list("set-cookie"))
        token = self.cookies.get("_streamlit_xsrf", "")
        self._socket = await websockets.connect(
            f"ws://{parts.netloc}/_stcore/stream", subprotocols=["streamlit", token] if token else ["streamlit"],  # type: ignore[list-item]
            origin=origin or self.url, additional_headers={"Cookie": self.cookie}, max_size=None, open_timeout=PATIENCE,
            ping_interval=None,
        )  # type: ignore[arg-type]  # fmt: skip
        self.page, self.address = page, address
        await self.run(page_name=page)
        return self

    @property
    def cookie(self) -> str:
        """The ``Cookie`` header of this browser."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    async def run(self, states: Mapping[str, Any] | None = None, **fields: str) -> str:
        """Ask for a run of the page and wait for the end of it.

        Parameters
        ----------
        states
            What controls are set to, by their id.
        **fields
            Further fields of the message.

        Returns
        -------
        str
            What the page says.
        """
        asked = BackMsg()
        asked.rerun_script.query_string = self.address
        if self.script:
            asked.rerun_script.page_script_hash = self.script
        for name, value in fields.items():
            setattr(asked.rerun_script, name, value)
        for identity, value in (states or {}).items():
            state = asked.rerun_script.widget_states.widgets.add()
            state.id = identity
            if value is True:
                state.trigger_value = True
            else:
                state.file_uploader_state_value.CopyFrom(value)
        await self.send(asked)
        self.texts, self.controls = [], {}
        while True:
            told = await self.receive()
            # A page that begins anew by itself says so at the end of its first run.
            early = told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if told.WhichOneof("type") == "script_finished" and not early:
                return self.said
            self._note(told)

    @property
    def said(self) -> str:
        """What the page says, without the escapes of Markdown."""
        return "\n".join(self.texts).replace("\\", "")

    def _note(self, told: ForwardMsg) -> None:
        kind = told.WhichOneof("type")
        if kind == "new_session":
            self.texts, self.controls = [], {}
        elif kind == "navigation":
            # What a browser names from now on as the page that it has open.
            self.script = told.navigation.page_script_hash
        elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
            element = told.delta.new_element
            name = element.WhichOneof("type")
            held = getattr(element, str(name))
            if hasattr(held, "body"):
                self.texts.append(str(held.body))
            if getattr(held, "id", "") and hasattr(held, "label"):
                self.controls[f"{name}: {held.label}"] = held.id

    async def send(self, message: BackMsg) -> None:
        """Send a message of the page's.

        Parameters
        ----------
        message
            The message.
        """
        assert self._socket
        await self._socket.send(message.SerializeToString())

    async def receive(self) -> ForwardMsg:
        """The next message for the page.

        Returns
        -------
        ForwardMsg
        """
        assert self._socket
        async with asyncio.timeout(PATIENCE):
            content = await self._socket.recv()
        return ForwardMsg.FromString(content if isinstance(content, bytes) else content.encode())

    def control(self, kind: str, begins: str = "") -> str:
        """The id of the control of a kind whose label begins so; raises a sentence where there is none.

        Parameters
        ----------
        kind
            As Streamlit names it: ``file_uploader``, ``button``.
        begins
            The beginning of its label.

        Returns
        -------
        str
        """
        for name, identity in self.controls.items():
            if name.startswith(f"{kind}: {begins}"):
                return identity
        raise LookupError(f"no {kind} {begins!r} on the page, which says: {self.said[-600:]}")

    async def give(self, name: str, content: bytes) -> dict[str, Any]:
        """Give a file to the uploader of the page, and have it checked.

        Parameters
        ----------
        name, content
            The file.

        Returns
        -------
        dict
            The state of the uploader, by its id.
        """
        uploader = self.control("file_uploader")
        place = await self.place(name)
        await self.put(place.upload_url, name, content)
        state = BackMsg().rerun_script.widget_states.widgets.add().file_uploader_state_value
        state.uploaded_file_info.add(name=name, size=len(content), file_id=place.file_id, file_urls=place)
        await self.run({uploader: state})
        return {uploader: state}

    async def place(self, name: str) -> Any:
        """Ask for a place to send a file to, as a page does before it sends one.

        Parameters
        ----------
        name
            The name of the file.

        Returns
        -------
        FileURLs
        """
        asked = BackMsg()
        asked.file_urls_request.request_id = "12345678"
        asked.file_urls_request.file_names.append(name)
        await self.send(asked)
        while (told := await self.receive()).WhichOneof("type") != "file_urls_response":
            self._note(told)
        return told.file_urls_response.file_urls[0]

    async def put(self, path: str, name: str, content: bytes, **headers: str) -> int:
        """Send a file to its place; raises where it is refused, unless headers were given to see that.

        Parameters
        ----------
        path
            The place.
        name, content
            The file.
        **headers
            Headers instead of those that the page sends, with _ for -.

        Returns
        -------
        int
            The status of the answer.
        """
        sent = {"Cookie": self.cookie, "Origin": self.url, "X-Xsrftoken": self.cookies.get("_streamlit_xsrf", "")}
        sent |= {key.replace("_", "-"): value for key, value in headers.items()}
        async with httpx2.AsyncClient(base_url=self.url, timeout=PATIENCE, trust_env=False) as client:
            got = await client.put(path, files={"file": (name, content, "text/csv")}, headers=sent)
        if not headers:
            got.raise_for_status()
        return got.status_code

    async def accept(self, name: str, content: bytes) -> str:
        """Give a file and accept it; what the page then says.

        Parameters
        ----------
        name, content
            The file.

        Returns
        -------
        str
        """
        state = await self.give(name, content)
        return await self.run({**state, self.control("button", "Accept"): True})

    async def close(self) -> None:
        """Close the page."""
        if self._socket:
            await self._socket.close()


def quarter(code: str, name: str, number: int, period: str = "2025/26 Q2") -> bytes:
    """A council's quarter as CSV, of a kind that needs nothing fixed or confirmed; another file for each number.

    Parameters
    ----------
    code, name
        The authority.
    number
        Makes the figures.
    period
        The quarter.

    Returns
    -------
    bytes
    """
    header = "authority_code,authority_name,indicator,age_group,period,basis,numerator,denominator,value,target,note\n"
    return (
        header
        + f'{code},"{name}",eet,19-21,{period},quarter,{40 + number % 7},{91 + number % 13},,,drill {number}\n'
        + f'{code},"{name}",neet,19-21,{period},quarter,{30 + number % 5},{91 + number % 13},,,\n'
    ).encode()
