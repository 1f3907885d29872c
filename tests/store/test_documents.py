"""What councils write and keep: every version stays, two writers never overwrite each other, readers see what is public."""

import datetime as dt
import json
import threading
from pathlib import Path

import duckdb
import pytest

from careleavers.access.people import NOBODY, NotAllowed
from careleavers.cli import commands
from careleavers.store import DocumentChanged, Store, StoreProblem, StoreUnavailable, open_store
from careleavers.store import documents as documents_module
from careleavers.store.documents import ATTACHMENT_LIMIT, CONTENT_LIMIT, Document
from tests.store.samples import (
    ADMINISTRATOR,
    EVERYWHERE,
    KENT,
    KENT_OFFICER,
    LEEDS,
    LEEDS_OFFICER,
    LEEDS_SECOND,
    VIEWER,
    figure,
    upload,
)
from tests.store.servers import without_ducklake

KEY = "eet/19-21/2016-03-31/year"
MARKER = "Zq7Kp2Xw9Vb4Nt6Rf1Hd8Ls3Gj5"


def said(found: Document | None) -> str | None:
    return None if found is None else found.content["text"]


def note(store: Store, text: str = "A drop after the pandemic", person=LEEDS_OFFICER, **more) -> Document:
    return store.documents.save("commentary", LEEDS, more.pop("key", KEY), {"text": text}, person, **more)


# ---------------------------------------------------------------- on every kind of store


def test_every_saving_is_kept_and_the_newest_counts(store: Store) -> None:
    documents = store.documents
    assert documents.length() == 0
    assert documents.every(ADMINISTRATOR) == []
    first = note(store, public=True, expected=0)
    assert (first.entry, first.document, first.version, first.action, first.name) == (1, 1, 1, "saved", "Ann Ames")
    other = documents.save(
        "pack", KENT, "quarterly", {"sections": ["summary", 2]}, KENT_OFFICER, attachment=b"\x00logo"
    )
    before = documents.length()
    second = note(store, "Ünïcødé ' \" \\ <b>", LEEDS_SECOND, public=True, expected=1, reason="clearer")
    assert (before, second.document, second.version, documents.length()) == (2, 1, 2, 3)
    assert said(documents.find("commentary", LEEDS, KEY, NOBODY)) == "Ünïcødé ' \" \\ <b>"
    # Figures have nothing to do with it.
    assert store.version() == 0
    assert store.uploads().empty

    assert [(each.version, each.name, each.reason) for each in documents.history(1, LEEDS_OFFICER)] == [
        (2, "Lou Lee", "clearer"), (1, "Ann Ames", ""),
    ]  # fmt: skip
    assert said(documents.history(1, NOBODY)[1]) == "A drop after the pandemic"
    between = first.at + (second.at - first.at) / 2
    assert [said(each) for each in documents.at(between, NOBODY, "commentary")] == ["A drop after the pandemic"]
    assert documents.at(first.at - dt.timedelta(seconds=1), ADMINISTRATOR) == []

    assert documents.find("pack", KENT, "quarterly", NOBODY) is None
    kept = documents.find("pack", KENT, "quarterly", KENT_OFFICER)
    assert kept == other
    assert (kept.content, kept.attached) == ({"sections": ["summary", 2]}, 5)
    assert documents.attachment(kept, KENT_OFFICER) == b"\x00logo"
    assert documents.attachment(first, NOBODY) is None
    with pytest.raises(NotAllowed):
        documents.attachment(kept, LEEDS_OFFICER)
    # Another process reads the same, and what is new after it.
    fresh = Store(store._address)
    fresh._database = fresh.documents._database = store._database
    assert [each.entry for each in fresh.documents.every(ADMINISTRATOR)] == [3, 2]
    note(fresh, "a third", expected=2)
    store.documents._looked_at = 0.0
    assert said(documents.find("commentary", LEEDS, KEY, LEEDS_OFFICER)) == "a third"
    assert documents.find("commentary", LEEDS, KEY, NOBODY) is None


@without_ducklake
def test_somebody_who_saved_in_between_is_named(store: Store) -> None:
    note(store, "first", expected=0)
    note(store, "second", LEEDS_SECOND, expected=1)
    with pytest.raises(
        DocumentChanged, match=r"Lou Lee saved it on .* UTC, after you opened it\. Nothing of yours"
    ) as told:
        note(store, "mine", expected=1)
    assert said(told.value.newest) == "second"
    with pytest.raises(DocumentChanged, match="Lou Lee"):
        note(store, "mine", expected=0)
    with pytest.raises(DocumentChanged):
        note(store, "mine", expected=1, key="another")
    with pytest.raises(DocumentChanged):
        store.documents.withdraw(1, LEEDS_OFFICER, "old", expected=1)
    assert [each.version for each in store.documents.history(1, LEEDS_OFFICER)] == [2, 1]


@without_ducklake
def test_withdrawn_and_put_back(store: Store) -> None:
    documents = store.documents
    documents.save("pack", LEEDS, "scorecard", {"text": "one"}, LEEDS_OFFICER, public=True, attachment=b"logo")
    documents.save("pack", LEEDS, "scorecard", {"text": "two"}, LEEDS_OFFICER, public=True)
    gone = documents.withdraw(1, LEEDS_SECOND, "a wrong figure in it", expected=2)
    assert (gone.version, gone.action, gone.content, gone.name) == (3, "withdrawn", {}, "Lou Lee")
    for person in (NOBODY, LEEDS_OFFICER):
        assert documents.find("pack", LEEDS, "scorecard", person) is None
        assert documents.every(person) == []
    assert documents.history(1, NOBODY) == []
    assert documents.at(gone.at - dt.timedelta(microseconds=1), NOBODY) == []
    assert [each.reason for each in documents.every(LEEDS_OFFICER, withdrawn=True)] == ["a wrong figure in it"]
    assert documents.every(NOBODY, withdrawn=True) == []
    with pytest.raises(StoreProblem, match=r"withdrawn already, on .*Lou Lee"):
        documents.withdraw(1, LEEDS_OFFICER, "again")
    assert said(documents.restore(1, LEEDS_OFFICER, "it was right")) == "two"
    with pytest.raises(StoreProblem, match="not withdrawn"):
        documents.restore(1, LEEDS_OFFICER, "again")
    with pytest.raises(StoreProblem, match="no version 9"):
        documents.restore(1, LEEDS_OFFICER, "back", version=9)
    back = documents.restore(1, LEEDS_OFFICER, "the first was better", version=1)
    assert (back.version, back.public, documents.attachment(back, NOBODY)) == (5, True, b"logo")
    # A withdrawn one may be written anew.
    documents.withdraw(1, LEEDS_OFFICER, "enough")
    anew = documents.save("pack", LEEDS, "scorecard", {"text": "three"}, LEEDS_OFFICER, expected=6)
    assert (anew.document, anew.version) == (1, 7)
    for reason in ("", " "):
        with pytest.raises(StoreProblem, match="Say why"):
            documents.withdraw(1, LEEDS_OFFICER, reason)
    with pytest.raises(StoreProblem, match="no document 9"):
        documents.withdraw(9, LEEDS_OFFICER, "x")


def test_a_saving_and_what_it_closes_are_written_together_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = store.documents
    waits = note(store, "to be agreed", key="b")

    def approve(closes: Document = waits) -> Document:
        more = {"key": KEY, "public": True, "expected": 0, "closes": closes, "closed_for": "Approved as version 1"}
        return note(store, "agreed", LEEDS_SECOND, **more)

    # The second half fails: the first must not stay.
    add = documents_module._add

    def fails(connection, person, step, *more):
        if step.action == "withdrawn":
            raise RuntimeError("the power went")
        return add(connection, person, step, *more)

    monkeypatch.setattr(documents_module, "_add", fails)
    with pytest.raises(RuntimeError, match="the power went"):
        approve()
    assert documents.length() == 1
    assert documents.history(waits.document, LEEDS_OFFICER) == [waits]
    assert documents.find("commentary", LEEDS, KEY, LEEDS_OFFICER) is None

    monkeypatch.setattr(documents_module, "_add", add)
    saved = approve()
    assert (saved.entry, saved.document, documents.length()) == (2, 2, 3)
    assert said(documents.find("commentary", LEEDS, KEY, NOBODY)) == "agreed"
    assert documents.find("commentary", LEEDS, "b", LEEDS_OFFICER) is None
    closed = documents.history(waits.document, LEEDS_OFFICER)[0]
    assert (closed.entry, closed.action, closed.reason, closed.name) == (
        3,
        "withdrawn",
        "Approved as version 1",
        "Lou Lee",
    )


@without_ducklake
def test_what_was_closed_or_changed_in_between_is_not_saved_over(store: Store) -> None:
    waits = note(store, "to be agreed", key="b")
    note(store, "to be agreed, with more", key="b")
    with pytest.raises(DocumentChanged):
        note(store, "agreed", LEEDS_SECOND, expected=0, closes=waits, closed_for="Approved as version 1")
    with pytest.raises(NotAllowed):
        store.documents.save("commentary", KENT, KEY, {"text": "x"}, KENT_OFFICER, closes=waits, closed_for="x")
    assert store.documents.length() == 2
    assert store.documents.find("commentary", LEEDS, KEY, LEEDS_OFFICER) is None


@without_ducklake
def test_only_those_who_may_write_and_read(store: Store) -> None:
    documents = store.documents
    note(store, "for officers")
    note(store, "for all", public=True, key="b")
    for person in (VIEWER, NOBODY, KENT_OFFICER):
        for action in (
            lambda person=person: note(store, "mine", person),
            lambda person=person: documents.withdraw(1, person, "x"),
            lambda person=person: documents.restore(1, person, "x", version=1),
        ):
            with pytest.raises(NotAllowed):
                action()
        assert [said(each) for each in documents.every(person)] == ["for all"]
        assert documents.history(1, person) == []
    for person in (LEEDS_SECOND, EVERYWHERE, ADMINISTRATOR):
        assert [said(each) for each in documents.every(person)] == ["for all", "for officers"]
    # What belongs to no authority is for those who look after all of them.
    for person in (LEEDS_OFFICER, VIEWER):
        with pytest.raises(NotAllowed):
            documents.save("pack_template", "", "annual", {}, person)
    assert documents.save("pack_template", "", "annual", {"text": "t"}, EVERYWHERE, public=True).document == 3
    assert said(documents.find("pack_template", "", "annual", NOBODY)) == "t"
    # A version that was private stays so when a later one is public.
    note(store, "now public", public=True)
    assert [said(each) for each in documents.history(1, NOBODY)] == ["now public"]
    assert len(documents.history(1, LEEDS_OFFICER)) == 2


def test_what_is_erased_is_gone_from_store_and_backups(store: Store, tmp_path: Path) -> None:
    documents = store.documents
    note(store, "stays", key="other")
    documents.save(
        "plan", LEEDS, f"k {MARKER}", {"text": MARKER}, LEEDS_OFFICER, attachment=MARKER.encode(), reason=MARKER
    )
    store.backup(tmp_path / "backup.duckdb")
    assert any(MARKER in repr(row) for row in rows_of(tmp_path / "backup.duckdb"))
    documents.withdraw(2, LEEDS_OFFICER, f"because of {MARKER}")
    for person in (LEEDS_OFFICER, EVERYWHERE):
        with pytest.raises(NotAllowed, match="administrators"):
            documents.erase(2, person, "why not")
    with pytest.raises(StoreProblem, match="Say why"):
        documents.erase(2, ADMINISTRATOR, " ")
    gone = documents.erase(2, ADMINISTRATOR, "asked for under the law")
    assert gone.backups == ("backup.duckdb",)
    assert (gone.document.action, gone.document.version, gone.document.erased) == ("erased", 3, True)
    held = store._database.read(lambda connection: connection.execute("FROM store.documents").fetchall())
    assert MARKER not in repr(held)
    assert not any(MARKER in repr(row) for row in rows_of(tmp_path / "backup.duckdb"))
    tombstones = documents.history(2, LEEDS_OFFICER)
    assert [(each.action, each.name, each.reason) for each in tombstones] == [
        ("erased", "Ada Ash", "asked for under the law"), ("withdrawn", "Ann Ames", ""), ("saved", "Ann Ames", ""),
    ]  # fmt: skip
    assert [said(each) for each in documents.every(LEEDS_OFFICER)] == ["stays"]
    for action in (documents.withdraw, documents.restore):
        with pytest.raises(StoreProblem, match="erased"):
            action(2, LEEDS_OFFICER, "x")
    # Erasing again goes through the files again, and a new one is another document.
    assert documents.erase(2, ADMINISTRATOR, "again").document.entry == gone.document.entry
    assert documents.save("plan", LEEDS, f"k {MARKER}", {"text": "new"}, LEEDS_OFFICER, expected=0).version == 1


def rows_of(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("FROM documents").fetchall()


def test_a_backup_has_the_documents(store: Store, tmp_path: Path) -> None:
    documents = store.documents
    note(store, "one", public=True)
    documents.save("pack", LEEDS, "p", {"text": "x"}, LEEDS_OFFICER, attachment=b"logo")
    # There are no uploads: that is not an empty store.
    assert store.backup(tmp_path / "first.duckdb") == 0
    before = documents.every(ADMINISTRATOR)
    with pytest.raises(StoreProblem, match="2 entries"):
        store.restore_backup(tmp_path / "first.duckdb")
    note(store, "two")
    erased = documents.save("question", LEEDS, "q", {"text": MARKER}, LEEDS_OFFICER)
    store.backup(tmp_path / "second.duckdb")
    documents.erase(erased.document, ADMINISTRATOR, "gone")
    kept = store.restore_backup(tmp_path / "first.duckdb", replace=True).kept
    assert kept is not None
    assert documents.every(ADMINISTRATOR) == before
    assert documents.attachment(before[0], LEEDS_OFFICER) == b"logo"
    assert [said(each) for each in open_store(str(kept)).documents.every(LEEDS_OFFICER)] == ["two", "x"]
    assert note(store, "three", expected=1).entry == 3

    with duckdb.connect(str(tmp_path / "second.duckdb")) as connection:
        connection.execute("DELETE FROM documents WHERE entry = 1")
    with pytest.raises(StoreProblem, match="not whole"):
        store.restore_backup(tmp_path / "second.duckdb", replace=True)


def test_what_was_erased_does_not_come_back_with_a_backup(local: Store, tmp_path: Path) -> None:
    note(local, MARKER)
    local.backup(tmp_path / "moved.duckdb")
    (tmp_path / "moved.duckdb").rename(tmp_path / "elsewhere.duckdb")
    local.documents.erase(1, ADMINISTRATOR, "gone")
    assert MARKER.encode() not in Path(local._address.target).read_bytes()
    local.restore_backup(tmp_path / "elsewhere.duckdb", replace=True)
    assert local.documents.every(LEEDS_OFFICER) == []
    assert local.documents.every(LEEDS_OFFICER, withdrawn=True)[0].erased


def test_a_store_of_an_earlier_layout_gets_them_with_the_first_write(store: Store) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)

    def work(connection) -> None:
        connection.execute("DROP TABLE store.documents")
        connection.execute("DROP TABLE store.document_head")
        connection.execute("UPDATE store.head SET layout = 2")

    store._database.write(work)
    store._database.close()
    fresh = Store(store._address)
    fresh._database = fresh.documents._database = store._database
    assert fresh.documents.length() == 0
    assert fresh.documents.history(1, ADMINISTRATOR) == []
    assert fresh.documents.problem is None
    assert note(fresh, "new").entry == 1
    assert said(fresh.documents.find("commentary", LEEDS, KEY, LEEDS_OFFICER)) == "new"
    assert fresh.figures()["value"].tolist() == [1.0]


@pytest.mark.parametrize("kind", ["postgres"])
def test_one_dashboard_sees_that_another_made_the_tables(new_url, another, kind: str) -> None:
    url = new_url(kind)
    one = another(url)
    one.accept(upload(figure(1.0)), LEEDS_OFFICER)

    def earlier(connection) -> None:
        connection.execute("DROP TABLE store.documents")
        connection.execute("DROP TABLE store.document_head")
        connection.execute("UPDATE store.head SET layout = 2")

    one._database.write(earlier)
    one._database.close()
    assert one.documents.length() == 0
    note(another(url), "from the other", public=True)
    one.documents._looked_at = 0.0
    assert said(one.documents.find("commentary", LEEDS, KEY, NOBODY)) == "from the other"


def test_many_at_once_all_land(store: Store) -> None:
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            note(store, f"note {number}", key=f"k{number}")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(each.entry for each in store.documents.every(LEEDS_OFFICER)) == [1, 2, 3, 4, 5, 6]


# ---------------------------------------------------------------- on a local file


def test_an_answer_that_was_lost_is_not_written_twice(local: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    write = local._database.write

    def twice(work, **more):
        write(work, **more)
        return write(work, **more)

    monkeypatch.setattr(local._database, "write", twice)
    assert note(local, expected=0).entry == 1
    assert local.documents.erase(1, ADMINISTRATOR, "gone").document.version == 2
    assert local.documents.length() == 2
    waits = note(local, "to be agreed", key="b")
    note(local, "agreed", key="c", closes=waits, closed_for="Approved as version 1")
    assert [each.action for each in local.documents.history(waits.document, LEEDS_OFFICER)] == ["withdrawn", "saved"]
    assert local.documents.length() == 5


def test_what_identifies_somebody_is_refused(local: Store) -> None:
    for text in ("born 3.4.2006", "12/05/2008", "ask ann@example.org", "call 0113 496 0000"):
        for content in ({"text": text}, {"rows": [{"note": text}]}, {text: 1}):
            with pytest.raises(StoreProblem, match="looks like"):
                local.documents.save("commentary", LEEDS, KEY, content, LEEDS_OFFICER)
        with pytest.raises(StoreProblem, match="looks like"):
            note(local, "fine", reason=text)
    # A committee report names whom to ask; a date that a program wrote is none of birth.
    contact = {
        "contact": "ann@example.org, 0113 496 0000",
        "link": "?page=compare&period=2006-03-31",
        "from": "2006-03-31",
    }
    local.documents.save("pack", LEEDS, "p", contact, LEEDS_OFFICER)
    with pytest.raises(StoreProblem, match="a date of birth"):
        local.documents.save("pack", LEEDS, "p", {"text": "born 3.4.2006"}, LEEDS_OFFICER)
    assert local.documents.length() == 1


def test_limits(local: Store) -> None:
    with pytest.raises(StoreProblem, match="too long to keep"):
        note(local, "x" * CONTENT_LIMIT)
    with pytest.raises(StoreProblem, match=r"too large to keep: 5\.0 MB"):
        local.documents.save("pack", LEEDS, "p", {}, LEEDS_OFFICER, attachment=bytes(ATTACHMENT_LIMIT + 1))
    for wrong in ({"key": " "}, {"key": "k" * 301}):
        with pytest.raises(ValueError, match="key"):
            note(local, **wrong)
    assert not local.exists()


def test_a_store_that_is_away_keeps_what_was_read(local: Store, impatient, monkeypatch: pytest.MonkeyPatch) -> None:
    note(local, "known", public=True)
    documents = local.documents
    assert said(documents.find("commentary", LEEDS, KEY, NOBODY)) == "known"
    path = Path(local._address.target)
    away = path.with_name("away")
    path.rename(away)
    assert said(documents.find("commentary", LEEDS, KEY, NOBODY)) == "known"
    assert documents.problem is not None
    with pytest.raises(StoreUnavailable):
        note(local, "new")
    away.rename(path)
    monkeypatch.setattr(documents, "_retry_at", 0.0)
    assert documents.length() == 1
    assert documents.problem is None
    assert note(local, "new", expected=1).version == 2


def test_a_look_asks_the_store_only_when_something_changed(local: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    note(local, "one")
    asked = []
    run = documents_module.run_query
    monkeypatch.setattr(
        documents_module, "run_query", lambda c, name, **more: asked.append(name) or run(c, name, **more)
    )
    monkeypatch.setattr(local._database, "change_token", lambda: ("same",))
    for _ in range(3):
        local.documents.every(LEEDS_OFFICER)
    assert asked == ["documents_length", "documents_changed"]
    monkeypatch.setattr(local._database, "change_token", lambda: ("another",))
    local.documents.every(LEEDS_OFFICER)
    assert asked == ["documents_length", "documents_changed", "documents_length"]


# ---------------------------------------------------------------- on the command line


@pytest.fixture
def run(capsys, tmp_path, monkeypatch, warehouse):
    """Run a command on its own store; return the status, the output and the errors."""
    monkeypatch.setenv("STORE_URL", str(tmp_path / "kept" / "uploads.duckdb"))
    monkeypatch.setattr(commands, "open_warehouse", lambda *_, **__: warehouse)

    def ask(*arguments: object) -> tuple[int, str, str]:
        status = commands.main([str(argument) for argument in arguments])
        output = capsys.readouterr()
        return status, output.out, output.err

    return ask


def test_documents_are_listed_and_erased_from_the_command_line(run) -> None:
    assert "no store" in run("documents")[2]
    store = open_store()
    note(store, "a \x1b[31mnote", public=True)
    store.documents.save("pack", KENT, "quarterly", {"sections": []}, KENT_OFFICER)
    status, out, err = run("documents")
    assert (status, err) == (0, "")
    assert "Leeds" in out
    assert "everybody" in out
    assert "\x1b" not in out
    rows = json.loads(run("documents", "--format", "json", "--authority", "Leeds")[1])
    assert [(row["kind"], row["state"], row["readers"]) for row in rows] == [("commentary", "in force", "everybody")]
    assert "note" in rows[0]["content"]
    assert "quarterly" in run("documents", "--kind", "pack", "--format", "csv")[1]
    assert "Say why" in run("erase-document", 1, "--officer", "Ada")[2]
    assert "Document 1 was erased" in run("erase-document", 1, "--officer", "Ada", "--reason", "a name in it")[1]
    assert "erased" in run("documents", "--kind", "commentary")[1]
    assert store.backup(Path(store._address.target).with_name("b.duckdb")) == 0


def test_the_kinds_of_the_command_line_are_those_of_the_store() -> None:
    from typing import get_args

    assert sorted(get_args(documents_module.DocumentKind)) == list(commands.DOCUMENT_KINDS)
