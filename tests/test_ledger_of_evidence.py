"""The ledger of evidence: a union of records, whatever the order; one file, made whole; what it comes to."""

import math
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from evidence_records import HERE, failure, record, records
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.campaigns import storage
from claims.campaigns.errors import LedgerError, LedgerWriteError
from claims.campaigns.exporting import merge
from claims.campaigns.ledger import Ledger
from claims.campaigns.records import Fate, Ratio
from claims.campaigns.totals import totals

ELSEWHERE = replace(HERE, files="b" * 64, commit="0000000")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "evidence.sqlite"


def kept(path, found):
    """What a ledger has after ``found`` was added."""
    with Ledger(path) as ledger:
        ledger.add(found)
    with Ledger(path, read_only=True) as ledger:
        return list(ledger.records())


def test_what_is_added_is_there(path):
    added = [record(), record(seed=2, fate=Fate.FAILED), record(seed=3, fate=Fate.BROKEN)]
    assert kept(path, added) == added


@given(st.lists(records(), max_size=6))
def test_a_record_comes_back_as_it_was(added):
    """Text of any characters, lone surrogates too; and each text is the only one of its record."""
    with TemporaryDirectory() as directory:
        found = kept(Path(directory) / "e.sqlite", added)
    assert all(each in added for each in found)
    assert {identity(each) for each in found} == {identity(each) for each in added}


def identity(found):
    piece = found.piece
    return found.place.files, piece.check, piece.seed, piece.examples


@settings(max_examples=10)
@given(st.lists(records(), max_size=4), st.lists(records(), max_size=4), st.lists(records(), max_size=4))
def test_merging_is_a_union(one, two, three):
    """Idempotent, commutative and associative, on whole files, and none has a part in it twice."""
    with TemporaryDirectory() as directory:
        a, b, c, *outs = (Path(directory) / f"{name}.sqlite" for name in "abcdefghi")
        a_set, b_set, _ = kept(a, one), kept(b, two), kept(c, three)
        merge(outs[0], [a, b, c])
        merge(outs[1], [c, b, a, a])
        merge(outs[2], [b, c])
        merge(outs[2], [a, outs[2]])
        merge(outs[3], [a])
        found = [content(each) for each in (outs[0], outs[1], outs[2])]
        assert found[0] == found[1] == found[2]
        assert content(outs[3]) == content(a)
        assert merge(outs[0], [a, b, c, outs[0]]) == (0, len(found[0]))
        assert len(found[0]) == len({identity(each) for each in (*a_set, *b_set, *kept(c, []))})


def content(path):
    with Ledger(path, read_only=True) as ledger:
        return list(ledger.records())


BROKEN, PASSED, FAILED = (record(fate=fate) for fate in (Fate.BROKEN, Fate.PASSED, Fate.FAILED))


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [(BROKEN, PASSED, PASSED), (PASSED, FAILED, FAILED), (BROKEN, FAILED, FAILED), (PASSED, PASSED, PASSED)],
)
def test_which_of_two_stays(path, first, second, stays):
    """A broken piece gives way to one that ran, and no pass hides a failure."""
    assert kept(path, [first, second]) == kept(path, [second, first]) == [stays]


def test_a_piece_that_ran_twice_counts_once(path):
    """On two machines, in other times: one of the two stays, whichever was first."""
    one, two = record(seconds=1.0), record(seconds=2.0, place=replace(HERE, machine="another"))
    assert kept(path, [one, two]) == kept(path.with_name("other"), [two, one])
    assert totals(content(path))["DL-002"].decided == 50


def test_other_files_are_kept_apart(path):
    kept(path, [record(decided=20), record(place=ELSEWHERE), record(place=ELSEWHERE, seed=2)])
    with Ledger(path, read_only=True) as ledger:
        assert ledger.totals(HERE.files)["DL-002"].decided == 20
        assert ledger.totals(ELSEWHERE.files)["DL-002"].decided == 100
        assert ledger.totals("c" * 64) == {}


def test_what_is_asked_for(path):
    other = record(uid="DL-004", check="claims/x.py::test_y")
    kept(path, [record(), other, record(place=ELSEWHERE)])
    with Ledger(path, read_only=True) as ledger:
        assert list(ledger.records(uid="DL-004")) == [other]
        assert list(ledger.records(files=ELSEWHERE.files, uid="DL-004")) == []
        assert list(ledger.totals(HERE.files, "DL-004")) == ["DL-004"]
        assert ledger.fates(HERE.files) == {record().piece: Fate.PASSED, other.piece: Fate.PASSED}


# What records come to.


def test_totals():
    """Instances, checks, pieces, seconds, verdicts, worst ratios, failures; a broken piece counts nothing."""
    loose, tight = (Ratio("4.5", observed, 2.0, "{}") for observed in (0.5, 1.5))
    above = [Ratio("4 rate", observed, 1.0) for observed in (30.0, 20.0)]
    found = totals(
        [
            record(ratios=(loose, above[0])),
            record(seed=2, ratios=(tight, above[1]), fate=Fate.FAILED),
            record(seed=3, fate=Fate.BROKEN, decided=9, ratios=(Ratio("4.5", 2.0, 2.0),)),
            record(check="claims/z.py::test_z", seed=1, decided=5),
        ]
    )["DL-002"]
    assert (found.decided, found.checks, found.pieces, found.broken, found.failed) == (105, 2, 3, 1, 1)
    assert found.seconds == 7.5
    assert found.verdicts == {"float64 with a rounding bound": 21, "rationals": 9}
    assert [each.ratio for each in found.worst] == [tight, above[1]]
    assert found.failures == ((record(seed=2).piece, failure()),)


def test_one_seed_counts_once():
    """A longer piece begins with the examples of a shorter one; a failure of either is told."""
    short, long = record(examples=10), record(examples=100)
    assert totals([short, long])["DL-002"].decided == 50
    failed = replace(record(examples=10, fate=Fate.FAILED), decided=3)
    assert totals([failed, long])["DL-002"].failures
    assert totals([failed, long])["DL-002"].decided == 3
    assert totals([short, replace(long, fate=Fate.BROKEN, reason="killed")])["DL-002"].decided == 5


def test_a_ratio_of_zero_is_the_loosest():
    found = totals([record(ratios=(Ratio("a", 0.0, 1.0),)), record(seed=2, ratios=(Ratio("a", 0.1, 1.0),))])
    assert [each.value for each in found["DL-002"].worst] == [0.1]


# What is refused.

NAN, INFINITE = math.nan, math.inf


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decided": 101}, "expected at most the 100 examples"),
        ({"decided": -1}, "decided is -1"),
        ({"decided": True}, "decided is True"),
        ({"seconds": NAN}, "seconds is nan"),
        ({"seconds": -1.0}, "seconds is -1"),
        ({"started": INFINITE}, "started is inf"),
        ({"verdicts": {"rationals": -1}}, "verdicts by rationals is -1"),
        ({"verdicts": {str(n): 1 for n in range(1001)}}, "at most 1000 names"),
        ({"ratios": (Ratio("a", NAN, 1.0),)}, "observed is nan"),
        ({"ratios": (Ratio("a", 1.0, 0.0),)}, "expected a finite ratio"),
        ({"ratios": (Ratio("a", 1e18, 1e-300),)}, "expected a finite ratio"),
        ({"ratios": (Ratio("a", 1.0, 1.0, "x" * (2**20 + 1)),)}, "at most 1048576 characters"),
        ({"ratios": (Ratio("a", 1.0, 1.0),) * 1001}, "at most 1000 entries"),
        ({"ratios": (Ratio("a", 1.0, 1.0, "x" * 2**20),) * 5}, "at most 4194304"),
        ({"failures": (failure(),)}, "there are failures"),
        ({"reason": "why"}, "if and only if it is broken"),
        ({"fate": Fate.BROKEN, "reason": ""}, "if and only if it is broken"),
    ],
)
def test_what_no_ledger_holds(path, changes, sentence):
    """And nothing of what came with it is taken."""
    with Ledger(path) as ledger:
        ledger.add([record(seed=5)])
        with pytest.raises(LedgerError, match=sentence):
            ledger.add([record(seed=6), record(**changes)])
        assert [each.piece.seed for each in ledger.records()] == [5]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uid": "DLX-001"}, "uid is 'DLX-001'"),
        ({"uid": "DL-004\n"}, "uid is"),
        ({"check": "test_x"}, "check is 'test_x'"),
        ({"check": "x.py::test_\x1b[31m"}, "x1b"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**63}, "below 2\\^63"),
        ({"examples": 0, "decided": 0}, "at least 1"),
        ({"place": replace(HERE, files="main")}, "expected a SHA-256"),
        ({"place": replace(HERE, tools={"numpy": 2})}, "version of numpy"),
    ],
)
def test_pieces_and_places_that_are_none(path, changes, sentence):
    with Ledger(path) as ledger, pytest.raises(LedgerError, match=sentence):
        ledger.add([record(**changes)])


# One file.


def test_it_is_one_file_in_the_end(path):
    """Without a log beside it; with one while it is open."""
    with Ledger(path) as ledger:
        ledger.add([record()])
        assert path.with_name(f"{path.name}-wal").exists()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_bytes()[18:20] == b"\x01\x01", "a file that asks for a log is not read where none can be made"


def test_reading_while_a_campaign_writes(path):
    """A reader sees what was there when it was opened; the last who closes leaves one file."""
    with Ledger(path) as writer:
        writer.add([record(seed=1)])
        with Ledger(path, read_only=True) as reader:
            writer.add([record(seed=2)])
            assert [each.piece.seed for each in reader.records()] == [1]
            with Ledger(path) as another:
                another.add([record(seed=3)])
        assert [each.piece.seed for each in writer.records()] == [1, 2, 3]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_one_writer_at_a_time(path):
    """The other waits; then there is a sentence, and nothing is lost."""
    with Ledger(path) as one, Ledger(path) as two:
        two._connection.execute("PRAGMA busy_timeout = 50")
        one._connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerWriteError, match="another process has been writing it"):
            two.add([record()])
        one._connection.execute("ROLLBACK")
        assert two.add([record()]) == 1


@pytest.mark.parametrize("before", [None, b""])
def test_a_new_ledger(path, before):
    """Where there is none, in a directory that is not there yet; or where a file is empty."""
    inner = path.parent / "new" / "e.sqlite"
    if before is not None:
        inner.parent.mkdir()
        inner.write_bytes(before)
    assert kept(inner, []) == []


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_ledger_stays_as_it_is(path, read_only):
    path.write_text("{}\n" * 500)
    with pytest.raises(LedgerError, match="is no ledger that can be read"):
        Ledger(path, read_only=read_only)
    assert path.read_text() == "{}\n" * 500
    database(path, "CREATE TABLE mine (a)")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="no ledger of this project"):
        Ledger(path, read_only=read_only)
    assert path.read_bytes() == before


def database(path, *statements):
    path.unlink(missing_ok=True)
    changed(path, *statements)


def changed(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_ledger_of_a_newer_form(path, read_only):
    kept(path, [record()])
    changed(path, "PRAGMA user_version = 2")
    with pytest.raises(LedgerError, match="of form 2; this version reads 1"):
        Ledger(path, read_only=read_only)


def test_a_directory_and_no_file(tmp_path):
    for read_only in (False, True):
        with pytest.raises(LedgerError, match=r"is no (regular )?file"):
            Ledger(tmp_path, read_only=read_only)
    with pytest.raises(LedgerError, match="No such file"):
        Ledger(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_reader_adds_nothing(path):
    kept(path, [record()])
    with Ledger(path, read_only=True) as ledger, pytest.raises(LedgerWriteError, match="for reading alone"):
        ledger.add([record(seed=2)])


FILL = """
import resource, signal, sys
from evidence_records import record
from claims.campaigns.ledger import Ledger
from claims.campaigns.errors import LedgerWriteError
with Ledger(sys.argv[1]) as ledger:
    ledger.add([record()])
resource.setrlimit(resource.RLIMIT_FSIZE, (2**17, 2**17))
try:
    with Ledger(sys.argv[1]) as ledger:
        for seed in range(2, 1000):
            ledger.add([record(seed=seed, reason="")])
            print(seed, flush=True)
except LedgerWriteError as error:
    print(error)
"""


def test_a_disk_that_is_full(path):
    """Here a limit on the size of files: a sentence, and each record that was added before is there."""
    variables = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path[1:]])}
    command = [sys.executable, "-c", FILL, str(path)]
    found = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=True)
    *seeds, sentence = found.stdout.splitlines()
    assert "cannot be written" in sentence, found.stdout + found.stderr
    assert [each.piece.seed for each in content(path)] == [1, *map(int, seeds)]
    assert len(seeds) > 5


def test_a_new_ledger_that_cannot_be_made(tmp_path):
    """Below a file."""
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerWriteError, match="cannot be written"):
        Ledger(tmp_path / "file" / "e.sqlite")


def test_a_place_where_nothing_can_be_written(path, monkeypatch):
    """Its ledger is read all the same."""
    kept(path, [record()])
    monkeypatch.setattr(storage.os, "access", lambda *_: False)
    with Ledger(path, read_only=True) as ledger:
        assert list(ledger.records()) == [record()]


# A file that does not stay where it was.


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.rename(path.with_name("moved.sqlite"))])
def test_a_ledger_that_is_not_there_any_more(path, change):
    """SQLite would write on into a file without a name."""
    with Ledger(path) as ledger:
        ledger.add([record(seed=1)])
        change(path)
        with pytest.raises(LedgerWriteError, match="was moved, deleted or replaced, with all that it held"):
            ledger.add([record(seed=2)])
        assert [each.piece.seed for each in ledger.records()] == [1]
    if (moved := path.with_name("moved.sqlite")).exists():
        assert content(moved) == [record(seed=1)]


def test_a_ledger_in_anothers_place(path):
    """Each has what was added to it, and the one that closes does not take the other's log away."""
    log, moved = path.with_name(f"{path.name}-wal"), path.with_name("moved.sqlite")
    first = Ledger(path)
    first.add([record(seed=1)])
    path.rename(moved)
    log.unlink()
    path.with_name(f"{path.name}-shm").unlink()
    with Ledger(path) as second:
        second.add([record(seed=2)])
        with pytest.raises(LedgerWriteError, match="replaced"):
            first.add([record(seed=3)])
        first.close()
        assert log.exists()
        second.add([record(seed=4)])
    assert content(moved) == [record(seed=1)]
    assert [each.piece.seed for each in content(path)] == [2, 4]
