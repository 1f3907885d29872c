"""How many pages may be open, who may fetch a file, what ends with a sign-in, and what the log says about refusals."""

import asyncio
import logging
import time
from typing import Any

import pytest
import uvicorn
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from uvicorn.lifespan.on import LifespanOn

from careleavers import settings
from careleavers.errors import CareLeaversError
from careleavers.settings import Limits
from careleavers.ui.server import connections, refusals, sessions
from careleavers.ui.server.sessions import Session, SessionLimits, Sessions, _is_host, _Run, is_own_origin, sign_in_of
from tests.test_middleware import complete


def opened(address: str | None, sign_in: str = "", sent: list[Any] | None = None) -> Session:
    async def send(message: Any) -> None:
        if sent is not None:
            sent.append(message)

    return Session("v", "browser", sign_in, address, send, None)  # type: ignore[arg-type]


def test_one_address_cannot_take_all_places_and_one_that_is_not_known_has_no_limit_of_its_own() -> None:
    kept = Sessions()
    kept.limits = Limits(tabs=6, tabs_each=2)
    kept.open = {str(n): opened("203.0.113.9") for n in range(2)} | {f"l{n}": opened("127.0.0.1") for n in range(3)}
    assert kept.is_full("203.0.113.9")
    assert not kept.is_full("203.0.113.10")
    assert not kept.is_full("127.0.0.1")
    assert not kept.is_full(None)
    kept.open["last"] = opened("::1")
    assert kept.is_full("203.0.113.10")
    assert kept.is_full("127.0.0.1")


def test_a_file_is_for_one_browser_and_for_some_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Sessions()
    kept.keep_file("a.csv", "mine")
    kept.keep_file("b.csv", "")
    assert kept.may_fetch("a.csv", "mine")
    assert not any(kept.may_fetch(name, browser) for name, browser in
                   [("a.csv", "another"), ("a.csv", ""), ("b.csv", ""), ("c.csv", "mine"), ("c.csv", "")])  # fmt: skip
    now = time.monotonic()
    monkeypatch.setattr(sessions.time, "monotonic", lambda: now + 601)
    assert not kept.may_fetch("a.csv", "mine")


def test_no_more_files_are_remembered_than_there_is_room_for() -> None:
    kept = Sessions()
    for number in range(sessions._KEPT + 10):
        kept.keep_file(str(number), "mine")
    assert len(kept._files) == sessions._KEPT
    assert not kept.may_fetch("9", "mine")
    assert kept.may_fetch("10", "mine")


def test_a_sign_out_ends_the_pages_of_that_sign_in_and_no_others() -> None:
    cookie = "a=b; _streamlit_user=2|abc; _streamlit_user_tokens=x"
    assert sign_in_of(cookie) == sign_in_of("_streamlit_user_tokens=x; other=1; _streamlit_user=2|abc") != ""
    assert sign_in_of(cookie) != sign_in_of("_streamlit_user=2|abd; _streamlit_user_tokens=x")
    assert sign_in_of("a=b") == sign_in_of("") == sign_in_of("_streamlit_user=") == ""
    kept, mine, yours = Sessions(), [], []
    kept.open = {"1": opened(None, sign_in_of(cookie), mine), "2": opened(None, "another", yours), "3": opened(None)}
    complete(kept.end_sign_in("no=cookie"))
    assert (mine, yours) == ([], [])
    complete(kept.end_sign_in(cookie))
    assert [message["type"] for message in mine] == ["websocket.send", "websocket.close"]
    assert yours == []
    assert kept.has_ended(cookie)
    assert not kept.has_ended("_streamlit_user=2|abd")
    assert not kept.has_ended("")


def test_a_page_that_is_on_its_way_out_is_not_called_back() -> None:
    sent: list[Any] = []
    leaving = opened(None, "s", sent)
    leaving.leaving = True
    complete(leaving.start_again("signed out"))
    complete(leaving.start_again("signed out"))
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("host", ["h", "h:1", "127.0.0.1:8501", "[::1]", "[::1]:8501", "a-b.example:65535", "a_b"])
def test_names_of_servers(host: str) -> None:
    assert _is_host(host)


@pytest.mark.parametrize(
    "host",
    ["", ":", ":1", "h:", "h:x", "h:65536", "a b", "a@b", "a/b", "[::1", "::1", "h:1:2", "é", "[]", "x" * 256, "h\n"],
)
def test_what_is_no_name_of_a_server(host: str) -> None:
    assert not _is_host(host)


def test_another_port_of_this_machine_is_another_site() -> None:
    assert is_own_origin(None, "127.0.0.1:8501")
    assert is_own_origin("http://127.0.0.1:8501", "127.0.0.1:8501")
    assert is_own_origin("https://outcomes.example", "outcomes.example")
    for origin in ("http://127.0.0.1:9999", "http://localhost:8501", "https://evil.example", "null", "", "http://[::1"):
        assert not is_own_origin(origin, "127.0.0.1:8501")


def test_the_log_is_not_filled_and_no_kind_hides_another(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("careleavers").propagate = True
    monkeypatch.setattr(refusals, "_counted", {})
    references = {refusals.note("knocking", f"line {n}\nforged \x1b[31m é", "203.0.113.9\n") for n in range(50)}
    other = refusals.note("ringing")
    lines = [record.getMessage() for record in caplog.records]
    assert len(references) > 45
    assert len(lines) == 21
    assert lines[-1] == f"Reference {other}: ringing"
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert lines[0].endswith("knocking: line 0?forged ?[31m \\xe9, from 203.0.113.9?")
    now = time.monotonic()
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now + 61)
    refusals.note("knocking")
    assert "30 more in the minute before: knocking" in caplog.text
    assert len(refusals.short("x" * 10_000)) < 400


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("CARELEAVERS_TABS", "0"), ("CARELEAVERS_WAIT_SECONDS", "soon"), ("CARELEAVERS_MESSAGE_KB", "-1")],
)
def test_a_limit_is_a_whole_number(monkeypatch: pytest.MonkeyPatch, name: str, wrong: str) -> None:
    monkeypatch.setenv(name, "7")
    assert settings.limits() != Limits()
    monkeypatch.setenv(name, wrong)
    with pytest.raises(CareLeaversError, match=name):
        settings.limits()


@pytest.mark.parametrize("weak", ["short", "with spaces in between", "x" * 19, "é" * 30])
def test_a_token_that_could_be_guessed_or_mistyped_is_not_taken(monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    monkeypatch.setenv("CARELEAVERS_TOKEN", weak)
    with pytest.raises(CareLeaversError, match="CARELEAVERS_TOKEN") as refused:
        settings.token()
    assert weak not in str(refused.value)


def test_where_few_files_may_be_open_fewer_pages_are(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    resource = pytest.importorskip("resource")
    logging.getLogger("careleavers").propagate = True
    held = [256, 1024]
    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(held))
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: held.__setitem__(slice(None), pair))
    less = connections._descriptors(Limits())
    assert held[0] == 1024, "as many as the system allows"
    assert less.requests + connections._A_TAB * less.tabs <= 1024
    assert less.tabs > 100
    assert f"enough for {less.tabs} open pages" in caplog.text
    held[:] = [1024, 1_000_000]
    assert connections._descriptors(Limits()) == Limits()
    assert 5000 < held[0] < 1_000_000


def message(kind: str, text: str = "") -> bytes:
    made = ForwardMsg()
    if kind == "script_finished":
        made.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    elif kind == "begins_anew":
        made.script_finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN
    elif kind == "new_session":
        made.new_session.name = text
    else:
        made.delta.new_element.text.body = text
    return made.SerializeToString()


def test_visitors_take_turns_however_many_pages_each_has() -> None:
    order: list[str] = []

    async def ask_for(places: SessionLimits, name: str) -> None:
        await places.take(name)
        order.append(name)

    async def tried() -> None:
        places = SessionLimits(1)
        await places.take("flood")
        asking = [asyncio.create_task(ask_for(places, "flood")) for _ in range(5)]
        await asyncio.sleep(0)
        asking[1].cancel()
        asking += [asyncio.create_task(ask_for(places, name)) for name in ("newcomer", "another", "newcomer")]
        await asyncio.sleep(0)
        for _ in asking:
            places.give()
            await asyncio.sleep(0)
        await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.wait_for(places.take("whoever comes last"), 1)

    complete(tried())
    assert order[:4] == ["newcomer", "another", "flood", "newcomer"]
    assert order[4:] == ["flood"] * 3


def test_whoever_has_not_come_for_long_has_saved_up_no_turns() -> None:
    order: list[str] = []

    async def ask_for(places: SessionLimits, name: str) -> None:
        await places.take(name)
        order.append(name)

    async def tried() -> None:
        places = SessionLimits(1)
        for _ in range(100):
            await places.take("often")
            places.give()
        await places.take("often")
        asking = [asyncio.create_task(ask_for(places, name)) for name in ("seldom", "seldom", "seldom", "often")]
        await asyncio.sleep(0)
        for _ in asking:
            places.give()
            await asyncio.sleep(0)
        await asyncio.gather(*asking)

    complete(tried())
    assert order == ["seldom", "seldom", "often", "seldom"]


def test_turns_that_are_over_are_forgotten() -> None:
    async def tried() -> None:
        places = SessionLimits(1)
        for number in range(3 * sessions._MOST_TURNS):
            await places.take(str(number))
            places.give()
        assert len(places._next) <= sessions._MOST_TURNS

    complete(tried())


def test_who_shares_a_turn() -> None:
    assert opened("203.0.113.9").visitor == opened("203.0.113.9").visitor != opened("203.0.113.10").visitor
    assert opened("127.0.0.1").visitor == opened("::1").visitor == opened(None).visitor
    other = opened("127.0.0.1")
    other.browser = "another"
    assert other.visitor != opened("127.0.0.1").visitor


def test_a_place_is_given_on_when_a_run_ends_or_never_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_BEGINS_IN", 0.2)
    monkeypatch.setattr(sessions, "_ENDS_IN", 0.6)

    async def tried() -> None:
        places = SessionLimits(1)
        await places.take("a")
        silent = _Run(places)
        silent.note_message(message("delta", "of the run before"))
        silent.note_message(message("script_finished"))
        assert not silent.over.is_set(), "that is the end of the run before it"
        await asyncio.wait_for(places.take("b"), 2)
        assert silent.over.is_set(), "it has not begun"

        run = _Run(places)
        run.note_message(message("new_session"))
        waiting = asyncio.create_task(places.take("c"))
        await asyncio.sleep(0.3)
        assert not waiting.done(), "it has begun"
        run.note_message(message("delta", "x" * sessions._SMALL))
        run.note_message(message("script_finished"))
        await asyncio.wait_for(waiting, 0.1)

        endless = _Run(places)
        endless.note_message(message("new_session", "x" * sessions._SMALL))
        waiting = asyncio.create_task(places.take("d"))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await asyncio.wait_for(waiting, 2)
        endless.end()
        assert not places._free, "a place is given on once"

    complete(tried())


def test_the_end_of_the_server_waits_until_pages_of_officers_show_what_came_of_what_was_pressed() -> None:
    asked = BackMsg()
    asked.rerun_script.widget_states.widgets.add(id="Save the plan", trigger_value=True)
    states: list[int] = []

    async def tried() -> None:
        async def receive() -> Any:
            return {"type": "websocket.receive", "bytes": asked.SerializeToString()}

        held, officer, viewer = Sessions(), opened("203.0.113.9"), opened("203.0.113.10")
        held.open = {"officer": officer, "viewer": viewer}
        officer.may_upload = lambda: True
        for visit in held.open.values():
            reading, sending = sessions._VisitReceive(visit, receive, began=True), sessions._VisitSend(visit)
            states.append(held.officers_waiting())
            await reading()
            states.append(held.officers_waiting())
            for kind in ("new_session", "begins_anew", "new_session", "delta", "script_finished"):
                await sending({"type": "websocket.send", "bytes": message(kind)})
                states.append(held.officers_waiting())
            # A second button, pressed while the page is still drawn: the end of the first run is not that of the second.
            await reading()
            assert visit.run
            await sending({"type": "websocket.send", "bytes": message("new_session")})
            visit.run.end()  # it takes long
            await reading()
            await sending({"type": "websocket.send", "bytes": message("begins_anew")})
            states.append(held.officers_waiting())
            for kind in ("new_session", "script_finished"):
                await sending({"type": "websocket.send", "bytes": message(kind)})
            states.append(held.officers_waiting())

    complete(tried())
    assert states == [0, 1, 1, 1, 1, 1, 0, 1, 0] + 9 * [0]


def test_who_takes_hardly_anything_of_what_was_sent_stands_still() -> None:
    taking = connections._Taking()
    wait, little = 15, 15 * connections._SLOWEST
    assert not taking.is_too_slow(100_000, 100_000, wait), "it may just have been sent"
    assert not taking.is_too_slow(100_000, 100_000 - little, wait)
    assert not taking.is_too_slow(200_000, 200_000 - 2 * little, wait), "more was sent, and as much taken as before"
    assert taking.is_too_slow(200_000, 200_000 - 2 * little - 1, wait)
    # A page that is sent little has it on the way at each look.
    quiet = connections._Taking()
    assert not any(quiet.is_too_slow(written, 50, wait) for written in range(50, 500, 50))
    assert not quiet.is_too_slow(500, 0, wait)
    assert not quiet.is_too_slow(500, 0, wait)


def test_what_was_pressed_counts_while_it_waits_for_its_turn() -> None:
    asked = BackMsg()
    asked.rerun_script.query_string = "authority=Leeds"

    async def tried() -> None:
        async def receive() -> Any:
            return {"type": "websocket.receive", "bytes": asked.SerializeToString()}

        visit = opened("203.0.113.9")
        reading = sessions._VisitReceive(visit, receive, began=True)
        await reading()
        for kind in ("new_session", "delta"):
            await sessions._VisitSend(visit)({"type": "websocket.send", "bytes": message(kind)})
        waiting = asyncio.create_task(reading())
        await asyncio.sleep(0)
        assert not waiting.done()
        await sessions._VisitSend(visit)({"type": "websocket.send", "bytes": message("script_finished")})
        assert not visit.is_drawn
        await waiting
        assert not visit.is_drawn
        assert visit.run
        visit.run.end()

    complete(tried())


def test_what_a_visitor_who_has_gone_asked_for_is_not_drawn() -> None:
    asked = BackMsg()
    asked.rerun_script.query_string = "authority=Leeds"

    async def tried() -> None:
        async def receive() -> Any:
            return {"type": "websocket.receive", "bytes": asked.SerializeToString()}

        async def send(_: Any) -> None:
            raise OSError("gone")

        visit = opened("203.0.113.9")
        visit.send = send
        reading = sessions._VisitReceive(visit, receive, began=False)
        assert (await reading())["type"] == "websocket.receive"
        with pytest.raises(OSError, match="gone"):
            await sessions._VisitSend(visit)({"type": "websocket.send", "bytes": message("new_session")})
        assert visit.run
        visit.run.end()
        free = sessions.SESSIONS.places._free
        assert (await reading())["type"] == "websocket.disconnect"
        assert sessions.SESSIONS.places._free == free

    complete(tried())


@pytest.mark.parametrize("again", [True, False])
def test_a_page_from_before_the_server_started_is_drawn_whole_once(again: bool) -> None:
    asked = BackMsg()
    asked.rerun_script.fragment_id = "the search"
    asked.rerun_script.query_string = "authority=Leeds"

    async def tried() -> None:
        async def receive() -> Any:
            return {"type": "websocket.receive", "bytes": asked.SerializeToString()}

        visit = opened("203.0.113.9")
        reading = sessions._VisitReceive(visit, receive, began=again)
        parts = []
        for _ in range(2):
            read = BackMsg.FromString((await reading())["bytes"])
            assert read.rerun_script.query_string == "authority=Leeds"
            parts.append(read.rerun_script.fragment_id)
            assert visit.run
            visit.run.end()
        assert parts == (["", "the search"] if again else ["the search", "the search"])

    complete(tried())


def test_the_server_is_told_its_limits_when_it_starts_the_application() -> None:
    server = uvicorn.Config("app:app", host="127.0.0.2", port=8765)
    kept = connections.Started.by, connections.TimedHTTP.limits, connections.TimedWebSocket.limits

    async def application(scope: Any, receive: Any, send: Any) -> None:
        assert connections.listens_on() == ("127.0.0.2", 8765)
        connections.configure(Limits(message=4321))

    async def none(*_: Any) -> None:
        pass

    async def tried() -> None:
        started = connections.Started(application)
        await started({"type": "lifespan"}, LifespanOn(server).receive, none)  # type: ignore[arg-type]
        assert server.http_protocol_class is connections.TimedHTTP
        assert server.ws_protocol_class is connections.TimedWebSocket
        assert server.ws_max_size == 4321
        assert server.timeout_graceful_shutdown == connections._PARTING
        # A server other than uvicorn is left unchanged.
        await connections.Started(none)({"type": "lifespan"}, none, none)  # type: ignore[arg-type]
        assert connections.Started.by is None

    try:
        complete(tried())
    finally:
        connections.Started.by, connections.TimedHTTP.limits, connections.TimedWebSocket.limits = kept
