"""Secrets are read once, and again as soon as their file appears, changes or returns; a missing file never opens access."""

import os
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime.secrets import Secrets

from careleavers.ui import secret_files


class Counting(Secrets):
    """Streamlit's reader, made to count how often it reads the files."""

    looks: int

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "looks", 0)

    def _parse_file_path(self, path: str) -> tuple[dict[str, object], bool]:
        object.__setattr__(self, "looks", self.looks + 1)
        return super()._parse_file_path(path)

    def _maybe_install_file_watchers(self) -> None:
        """Changes are noticed without Streamlit's watcher, which checks only now and then."""


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Counting:
    reader = Counting()
    monkeypatch.setattr(st, "secrets", reader)
    return reader


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Counting) -> Path:
    path = tmp_path / "secrets.toml"
    look_in(monkeypatch, path)
    return path


def look_in(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    real = config.get_option
    for module in (config, st):  # Streamlit's own reader uses the first
        monkeypatch.setattr(
            module, "get_option", lambda key: [*map(str, paths)] if key == "secrets.files" else real(key)
        )


def test_while_there_is_no_file_it_is_looked_for_but_not_read(file: Path, reader: Counting) -> None:
    assert [secret_files.read() for _ in range(50)] == [{}] * 50
    assert reader.looks == 1


def test_a_file_is_read_once_and_as_soon_as_it_comes_or_changes(file: Path, reader: Counting) -> None:
    assert secret_files.read() == {}
    file.write_text('[auth]\nclient_id = "one"\n')
    assert secret_files.read() == {"auth": {"client_id": "one"}}
    looks = reader.looks
    assert secret_files.read() is secret_files.read()
    assert reader.looks == looks
    written = file.stat()
    # Replaced with the same size and time, as by a copy that preserves times: still another file.
    other = file.with_name("new")
    other.write_text('[auth]\nclient_id = "two"\n')
    os.utime(other, ns=(written.st_atime_ns, written.st_mtime_ns))
    other.replace(file)
    assert secret_files.read() == {"auth": {"client_id": "two"}}
    # Sign-in, which asks Streamlit, uses the same secrets.
    assert st.secrets["auth"]["client_id"] == "two"


@pytest.mark.parametrize("gone", ["taken away", "emptied"])
def test_secrets_that_go_open_nothing_until_they_are_back(file: Path, reader: Counting, gone: str) -> None:
    file.write_text("a = 1\n")
    assert secret_files.read() == {"a": 1}
    if gone == "emptied":
        file.write_text("")
    else:
        file.unlink()
    for _ in range(2):
        with pytest.raises(secret_files.SecretsGone):
            secret_files.read()
    file.write_text("a = 2\n")
    assert secret_files.read() == {"a": 2}


def test_what_cannot_be_read_is_said_until_it_is_mended(file: Path, reader: Counting) -> None:
    file.write_text("[auth\n")
    for _ in range(3):
        with pytest.raises(FileNotFoundError, match="Error parsing"):
            secret_files.read()
    assert reader.looks == 1
    file.write_text("a = 1\n")
    assert secret_files.read() == {"a": 1}


def test_what_was_good_and_is_bad_opens_nothing_even_when_it_goes(file: Path, reader: Counting) -> None:
    file.write_text("a = 1\n")
    secret_files.read()
    file.write_text("[a")
    with pytest.raises(FileNotFoundError):
        secret_files.read()
    file.unlink()
    with pytest.raises(secret_files.SecretsGone):
        secret_files.read()


def test_a_folder_of_secrets_is_watched_to_its_files(
    tmp_path: Path, reader: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_in(monkeypatch, tmp_path / "mounted")
    value = tmp_path / "mounted" / "password" / "value"
    value.parent.mkdir(parents=True)
    value.write_text("one")
    assert secret_files.read() == {"password": "one"}
    value.write_text("three")
    assert secret_files.read() == {"password": "three"}


def test_secrets_that_are_no_files_are_taken_as_they_are(
    file: Path, reader: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert secret_files.read() == {}
    given = Secrets()
    object.__setattr__(given, "_secrets", {"a": 1})
    monkeypatch.setattr(st, "secrets", given)
    assert secret_files.read() == {"a": 1}
