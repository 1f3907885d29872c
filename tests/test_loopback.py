"""Which visits count as coming from this machine."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.access.loopback import RequestOrigin, is_loopback_name, reason_not_local

HERE = RequestOrigin(
    configured="127.0.0.1",
    listening=lambda: frozenset({"127.0.0.1"}),
    server="127.0.0.1",
    client="127.0.0.1",
    headers={"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:8501"},
)
OTHERS = "the server listens to other machines as well"
ELSEWHERE = "this visit comes from another machine"
PROXY = "this visit comes through a proxy"
NAME = "the address in the browser does not name this machine"
UNTOLD = "this system does not tell to which machines the server listens"
PAGE = "the page that asks is not this dashboard's"


def headers(**more: str) -> dict[str, Any]:
    return {"headers": {**HERE.headers, **{name.replace("_", "-"): value for name, value in more.items()}}}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"configured": "localhost", "server": "::1", "client": "::1", "listening": lambda: frozenset({"::1"})},
        {"client": "127.0.0.9"},
        {"client": "::ffff:127.0.0.1"},
        {"headers": {"host": "localhost:8501"}},
        {"headers": {"host": "[::1]:8501", "origin": "http://[::1]:8501"}},
    ],
)
def test_a_visit_from_this_machine(change: dict[str, Any]) -> None:
    assert reason_not_local(replace(HERE, **change)) == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"configured": None}, OTHERS),
        ({"configured": ""}, OTHERS),
        ({"configured": "0.0.0.0"}, OTHERS),
        ({"configured": "::"}, OTHERS),
        ({"configured": "192.168.1.20"}, OTHERS),
        ({"configured": "dashboard.example"}, OTHERS),
        ({"configured": "unix:///run/dashboard.sock"}, OTHERS),
        ({"listening": lambda: frozenset({"0.0.0.0"})}, OTHERS),
        ({"listening": lambda: frozenset({"127.0.0.1", "::"})}, OTHERS),
        ({"listening": lambda: frozenset()}, UNTOLD),
        ({"client": "192.168.1.77", "listening": lambda: frozenset()}, ELSEWHERE),
        ({"client": "192.168.1.77"}, ELSEWHERE),
        ({"client": "::ffff:192.168.1.77"}, ELSEWHERE),
        ({"client": None}, ELSEWHERE),
        ({"client": "testclient"}, ELSEWHERE),
        ({"server": "192.168.1.20"}, ELSEWHERE),
        ({"server": None}, ELSEWHERE),
        (headers(forwarded="for=203.0.113.9"), PROXY),
        (headers(via="1.1 proxy"), PROXY),
        (headers(x_forwarded_for="127.0.0.1"), PROXY),
        (headers(x_forwarded_proto="http"), PROXY),
        (headers(x_real_ip="127.0.0.1"), PROXY),
        (headers(x_original_host="127.0.0.1"), PROXY),
        (headers(cf_connecting_ip="203.0.113.9"), PROXY),
        (headers(host="rebound.example:8501", origin="http://rebound.example:8501"), NAME),
        (headers(host="127.0.0.1.example"), NAME),
        (headers(host="rebound.example@127.0.0.1"), NAME),
        (headers(host="127.0.0.1/x"), NAME),
        (headers(host="[::1"), NAME),
        (headers(host=""), NAME),
        ({"headers": {}}, NAME),
        (headers(origin="https://other.example"), PAGE),
        (headers(origin="http://localhost:3000"), PAGE),
        (headers(origin="http://127.0.0.1:9999"), PAGE),
        (headers(origin="null"), PAGE),
        (headers(origin="http://[::1"), PAGE),
    ],
)
def test_a_visit_that_is_not_provably_from_this_machine(change: dict[str, Any], reason: str) -> None:
    assert reason_not_local(replace(HERE, **change)) == reason


def test_the_system_is_asked_only_where_all_else_speaks_for_this_machine() -> None:
    def asked() -> frozenset[str]:
        raise AssertionError

    for change in (
        {"configured": "0.0.0.0"},
        {"client": "192.168.1.77"},
        headers(x_forwarded_for="127.0.0.1"),
        headers(host=""),
    ):
        assert reason_not_local(replace(HERE, listening=asked, **change))


@given(st.text())
def test_whatever_the_name_says_it_is_judged(name: str) -> None:
    assert is_loopback_name(name) in {True, False}
    arrival = replace(HERE, headers={"host": name, "origin": name})
    assert isinstance(reason_not_local(arrival), str)


def test_only_names_of_this_machine_are() -> None:
    assert all(map(is_loopback_name, ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"]))
    assert not any(map(is_loopback_name, [None, "", "localhost.example", "10.0.0.1", "128.0.0.1", "0.0.0.0", "127.1"]))
