"""A ledger that somebody else has made is data that may be anything: it is refused whole, and never does anything."""

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from evidence_records import CHECK, HERE, record

from claims.campaigns import storage
from claims.campaigns.canonical import canonical, digest
from claims.campaigns.errors import LedgerError
from claims.campaigns.exporting import merge
from claims.campaigns.ledger import Ledger
from claims.campaigns.records import Fate, Ratio
from claims.command_line import main

MINE = record(seed=1)


@pytest.fixture
def foreign(tmp_path):
    """A ledger of two records."""
    path = tmp_path / "foreign.sqlite"
    with Ledger(path) as ledger:
        ledger.add([record(seed=2, ratios=(Ratio("a", 1.0, 2.0, "{}"),)), record(seed=3, fate=Fate.FAILED)])
    return path


@pytest.fixture
def refused(tmp_path, foreign):
    """``refused(sentence)``: the foreign ledger is refused, in this sentence, by all that read it; nothing is taken."""

    def check(sentence):
        out = tmp_path / "mine.sqlite"
        with Ledger(out) as ledger:
            ledger.add([MINE])
        with pytest.raises(LedgerError, match=sentence):
            merge(out, [foreign])
        with pytest.raises(LedgerError, match=sentence):
            merge(tmp_path / "new.sqlite", [out, foreign])
        with Ledger(out, read_only=True) as ledger:
            assert list(ledger.records()) == [MINE]
        assert not (tmp_path / "new.sqlite").exists()
        for command in (("show", str(foreign)), ("export", str(foreign)), ("merge", str(out), str(foreign))):
            assert main(["ledger", *command]) == 2

    return check


def change(path, *statements):
    """By SQLite itself, as somebody who has the file can."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement, *values in statements:
            connection.execute(statement, values)


def test_a_good_one_is_merged(tmp_path, foreign):
    """What the tests below take a step away from."""
    assert merge(tmp_path / "new.sqlite", [foreign]) == (2, 2)


# What is written in it.


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("files", "b" * 64),
        ("name", "claims/other.py::test_other"),
        ("seed", 17),
        ("examples", 1000),
        ("uid", "DL-003"),
        ("fate", "passed"),
        ("decided", 51),
        ("seconds", 2.75),
        ("digest", "0" * 64),
    ],
)
def test_a_column_that_the_text_does_not_repeat(foreign, refused, column, value):
    change(foreign, (f"UPDATE records SET {column} = ? WHERE seed = 3", value))
    refused("does not fit its digest, or columns")


def rewritten(path, edit, *, signed):
    """The text of a record is edited; ``signed`` as by somebody who computes the digest anew."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        ((text,),) = connection.execute("SELECT content FROM records WHERE seed = 2")
        new = edit(text)
        assert new != text
        connection.execute("UPDATE records SET content = ? WHERE seed = 2", (new,))
        if signed:
            connection.execute("UPDATE records SET digest = ? WHERE seed = 2", (digest(new) if new.isascii() else "",))


@pytest.mark.parametrize("signed", [False, True])
def test_a_number_that_was_edited(foreign, refused, signed):
    """The digest does not fit; nor do the columns, where it was computed anew."""
    rewritten(foreign, lambda text: text.replace('"decided":50', '"decided":60'), signed=signed)
    refused("does not fit its digest, or columns")


def test_a_digest_is_no_signature(foreign, tmp_path):
    """Who edits text, digest and columns is believed: this is what a ledger does not promise."""
    rewritten(foreign, lambda text: text.replace('"decided":50', '"decided":60'), signed=True)
    change(foreign, ("UPDATE records SET decided = 60 WHERE seed = 2",))
    merge(tmp_path / "new.sqlite", [foreign])
    with Ledger(tmp_path / "new.sqlite", read_only=True) as ledger:
        assert next(ledger.records()).decided == 60


def fields(edit):
    """An edit of the record's fields, in canonical JSON again."""

    def edited(text):
        value = json.loads(text)
        edit(value)
        return canonical(value)

    return edited


def set_to(value, *keys):
    def edit(record):
        for key in keys[:-1]:
            record = record[key]
        record[keys[-1]] = value

    return fields(edit)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda text: text.replace('"seconds":2.5', '"seconds":NaN'), "NaN is no number of JSON"),
        (lambda text: text.replace('"seconds":2.5', '"seconds":Infinity'), "Infinity is no number"),
        (lambda text: text.replace('"seconds":2.5', '"seconds":1e999'), "seconds is inf"),
        (lambda text: text.replace('"decided":50', '"decided":' + "9" * 5000), "no JSON"),
        (lambda text: text.replace('"decided":50', '"decided":50,"decided":49'), "does not fit"),
        (lambda text: text.replace('"seconds":2.5', '"seconds": 2.5'), "does not fit"),
        (lambda text: text.replace('"seconds":2.5', '"seconds":2.50'), "does not fit"),
        (lambda text: text + "[" * 10**6, "no JSON"),
        (lambda text: '{"a":' * 10**5 + "1" + "}" * 10**5, "no JSON"),
        (lambda text: text[:-1], "no JSON"),
        (lambda text: "é" + text, "no JSON"),
        (lambda text: "[]", "expected the keys piece"),
        (set_to(-1.0, "seconds"), "seconds is -1.0"),
        (set_to(101, "decided"), "at most the 100 examples"),
        (set_to(True, "decided"), "decided is True"),
        (set_to(50.0, "decided"), "decided is 50.0"),
        (set_to({}, "more"), "expected the keys piece"),
        (set_to("flaky", "fate"), "the fate is 'flaky'"),
        (set_to([], "fate"), r"the fate is '\[\]'"),
        (set_to("DLX-001", "piece", "uid"), "uid is 'DLX-001'"),
        (set_to("\x1b[2J.py::test", "piece", "check"), r"check is '\\x1b"),
        (set_to("é" * 2001, "piece", "check"), "at most 2000 characters"),
        (set_to({"é": 1}, "piece"), "expected the keys uid"),
        (set_to("x" * (2**20 + 1), "reason"), "at most 1048576 characters"),
        (set_to([0] * 1001, "ratios"), "at most 1000 entries"),
        (set_to(0.0, "ratios", 0, "guaranteed"), "a finite ratio"),
        (set_to("1", "ratios", 0, "observed"), "observed is 1"),
        (set_to({"a": {}}, "verdicts"), "verdicts by a is {}"),
        (set_to([{"told": {}, "reproduce": ""}], "failures"), "there are failures"),
        (set_to("because", "reason"), "if and only if it is broken"),
        (set_to("f" * 64, "place"), "does not fit"),
    ],
)
def test_text_that_no_record_has(foreign, refused, edit, sentence):
    """With the right digest, so that this is the only reason."""
    rewritten(foreign, edit, signed=True)
    refused(sentence)


def test_longer_than_any_record(foreign, refused):
    """Such a text is not even read."""
    change(foreign, ("UPDATE records SET content = ?", " " * (2 * storage.LONGEST_RECORD + 1)))
    refused("string or blob too big")
    change(foreign, ("UPDATE records SET content = ?", " " * (storage.LONGEST_RECORD + 1)))
    refused("longer than 4194304 characters")


@pytest.mark.parametrize(
    ("value", "sentence"), [(b"{}", "is no text"), (7, "no JSON|no text|expected the keys"), ("x", "no JSON")]
)
def test_content_of_another_type(foreign, refused, value, sentence):
    change(foreign, ("UPDATE records SET content = ? WHERE seed = 2", value))
    refused(sentence)


def test_text_that_is_none(foreign, refused):
    change(foreign, ("UPDATE records SET content = CAST(x'fffe' AS TEXT) WHERE seed = 2",))
    refused("no ledger that can be read")


def test_a_place_that_was_edited(foreign, refused):
    change(foreign, ("UPDATE places SET content = replace(content, '5e1f75d', '5e1f75e')",))
    refused("a place does not fit its digest")


@pytest.mark.parametrize("key", ["commit", "version", "python"])
def test_a_place_with_a_strange_version(foreign, refused, key):
    change(foreign, (f"UPDATE places SET content = json_set(content, '$.{key}', 'x\ny')",))
    refused(rf"a place's {key} is 'x\\ny'")


def test_a_record_of_no_place(foreign, refused):
    change(foreign, ("DELETE FROM places",))
    refused("a record of no place")


# What else is in the file.


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM records; END", "trigger 't'"),
        ("CREATE VIEW v AS SELECT 1", "view 'v'"),
        ("CREATE TABLE more (a)", "table 'more'"),
        ("CREATE INDEX i ON records (abs(seed))", "index 'i'"),
        ("CREATE VIRTUAL TABLE f USING fts5 (a)", "table 'f'"),
        ("ALTER TABLE records ADD COLUMN more TEXT", "or fewer"),
        ("DROP INDEX records_by_uid", "or fewer"),
        ("DROP TABLE places", "or fewer"),
    ],
)
def test_other_tables_than_a_ledgers(foreign, refused, statement, named):
    change(foreign, (statement,))
    refused(f"other tables than a ledger.*{named}")


def test_a_view_in_a_tables_place(foreign, refused):
    """Which would compute what is read."""
    change(
        foreign,
        ("CREATE TABLE other AS SELECT * FROM records",),
        ("DROP TABLE records",),
        ("CREATE VIEW records AS SELECT * FROM other",),
    )
    refused("view 'records'")


def test_a_table_that_looks_like_ours(foreign, refused):
    """Of the same name, with a column that is computed."""
    change(
        foreign,
        ("DROP TABLE places",),
        ("CREATE TABLE places (digest TEXT PRIMARY KEY, files TEXT NOT NULL, content TEXT AS ('x'))",),
    )
    refused("other tables than a ledger")


def test_a_reader_can_do_nothing_else(foreign):
    """Write, attach another file, call a pragma or load code: each is denied by the connection itself."""
    with Ledger(foreign, read_only=True) as ledger:
        for statement in (
            "DELETE FROM records",
            f"ATTACH '{foreign}' AS other",
            "PRAGMA query_only = OFF",
            "CREATE TEMP TABLE t (a)",
        ):
            with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited"):
                ledger._connection.execute(statement)


def test_it_cannot_write_without_the_authorizer_either(foreign):
    with Ledger(foreign, read_only=True) as ledger:
        ledger._connection.set_authorizer(None)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            ledger._connection.execute("DELETE FROM records")


@pytest.mark.parametrize("size", [100, 4096, 4097, 12_000])
def test_a_file_that_was_cut(foreign, refused, size):
    foreign.write_bytes(foreign.read_bytes()[:size])
    refused("no ledger that can be read|is damaged|other tables")


def test_pages_that_are_damaged(foreign, refused):
    """Each page but the first is overwritten in its middle: the header and the tables' names are as they were."""
    content = bytearray(foreign.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    foreign.write_bytes(content)
    refused("no ledger that can be read|is damaged")


def test_a_damaged_page_that_nobody_reads(foreign, refused):
    """Of an index: each record would be read without it."""
    with closing(sqlite3.connect(foreign)) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'records_by_uid'")
    content = bytearray(foreign.read_bytes())
    content[4096 * (page - 1)] = 0xFF
    foreign.write_bytes(content)
    refused("is damaged")


# What is no file, or too large a one.


def test_a_pipe_is_not_waited_for(foreign, refused):
    foreign.unlink()
    os.mkfifo(foreign)
    refused("is no regular file")


def test_a_device(refused, foreign):
    foreign.unlink()
    foreign.symlink_to("/dev/zero")
    refused("is no regular file")


def test_a_file_that_is_too_large(foreign, refused):
    """By its size alone: sparse, and not read."""
    os.truncate(foreign, storage.LARGEST_FILE + 1)
    refused("expected at most 1,073,741,824")


def test_a_log_that_is_too_large(foreign, refused):
    """What is beside the file is read with it."""
    log = foreign.with_name(f"{foreign.name}-wal")
    log.write_bytes(b"")
    os.truncate(log, storage.LARGEST_FILE)
    refused("expected at most 1,073,741,824")


def test_too_many_records(foreign, refused, monkeypatch):
    monkeypatch.setattr(storage, "MOST_RECORDS", 1)
    with pytest.raises(LedgerError, match="has 2 records; expected at most 1"):
        Ledger(foreign, read_only=True)


def test_a_text_of_a_file_is_told_by_its_codes(foreign, capsys):
    """In the sentence that refuses it, too."""
    change(foreign, ("UPDATE records SET name = ? WHERE seed = 2", "\x1b[2J\u202e"))
    assert main(["ledger", "show", str(foreign)]) == 2
    complaint = capsys.readouterr().err
    assert complaint.strip().isprintable()
    assert r"\x1b[2J\u202e" in complaint


@pytest.mark.parametrize("action", ["show", "export", "tightness"])
def test_a_files_name_is_told_by_its_codes(tmp_path, capsys, action):
    """Which somebody else may have chosen."""
    path = tmp_path / "e\x1b[2J.sqlite"
    path.write_text("no ledger")
    assert main(["ledger", action, str(path)]) == 2
    assert r"e\x1b[2J.sqlite" in capsys.readouterr().err


def test_failures_are_not_hidden_by_a_pass(tmp_path, foreign):
    """Who adds a pass of the seed that failed does not take the failure away."""
    other = tmp_path / "other.sqlite"
    with Ledger(other) as ledger:
        ledger.add([record(seed=3, place=replace(HERE, machine=f"n{n}")) for n in range(20)])
    merge(other, [foreign])
    with Ledger(other, read_only=True) as ledger:
        assert [each.fate for each in ledger.records() if each.piece.seed == 3] == [Fate.FAILED]
        assert {each.piece.check for each in ledger.records()} == {CHECK}


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_a_pipe_beside_the_file_is_not_waited_for(foreign, refused, end):
    """SQLite would open it."""
    os.mkfifo(foreign.with_name(f"{foreign.name}{end}"))
    refused("is no regular file; SQLite would open it")


def test_a_ledger_by_another_name_is_not_merged_into_itself(foreign, tmp_path, monkeypatch):
    """Two connections to one file by two names would have two logs."""
    os.link(foreign, tmp_path / "same.sqlite")
    monkeypatch.setattr("claims.campaigns.exporting.opened", lambda *_: pytest.fail("it was opened"))
    assert merge(tmp_path / "same.sqlite", [foreign]) == (0, 2)
