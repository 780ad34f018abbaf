"""Tightness as a campaign: what a ledger says of a constant is decided again, and README's table is made of one."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from cli import answer, printed

from claims.book import CLAIMS
from claims.campaigns import tightness
from claims.campaigns.errors import LedgerError
from claims.campaigns.executors import Outcome
from claims.campaigns.exporting import exported, imported, merge, opened
from claims.campaigns.ledger import Ledger
from claims.campaigns.records import Fate, Ratio
from claims.campaigns.tightness import Worst, believed, by_quantity, run, task, tasks
from claims.command_line import tightening
from claims.convergence.tightness import searches
from claims.convergence.tightness.searches import SEARCHES, StateError, decided_again, read_state

ROOT = CLAIMS.parent
KEPT = ROOT / tightness.KEPT
RATE, DRIFT = "4 learning rate, depth 1", "4.4 drift of the imbalance in one step, depth 2"


@pytest.fixture(scope="module")
def found():
    """What one small search found."""
    record = run(task(DRIFT, (), examples=2, seed=1, number=0))
    assert record.fate is Fate.PASSED, record
    return record


@pytest.fixture(scope="module")
def kept():
    """The ledger of the repository, which ``python -m claims tightness`` has made."""
    return imported(KEPT)


# A piece.


def test_a_piece(found):
    """A state that was decided, by the same check as ``pytest claims`` has."""
    (ratio,) = found.ratios
    assert ratio.quantity == DRIFT
    assert decided_again(SEARCHES[DRIFT], ratio.state) == (ratio.observed, ratio.guaranteed)
    assert 0.1 < ratio.observed / ratio.guaranteed <= 1
    assert found.decided == 1
    assert set(found.verdicts) == {"exact rationals and balls"}
    assert found.seconds > 0


def test_the_same_piece_finds_the_same(found):
    again = run(task(DRIFT, (), examples=2, seed=1, number=0))
    assert (again.piece, again.ratios, again.verdicts) == (found.piece, found.ratios, found.verdicts)
    other = run(task(DRIFT, (), examples=2, seed=2, number=0))
    assert other.ratios[0].state != found.ratios[0].state


def test_threads_do_not_count_each_others_verdicts(found):
    """Those of a Dask worker: each piece has the verdicts that it has alone."""
    with ThreadPoolExecutor(3) as threads:
        records = list(threads.map(lambda _: run(task(DRIFT, (), examples=2, seed=1, number=0)), range(3)))
    assert [record.verdicts for record in records] == [found.verdicts] * 3


def test_it_goes_on_from_a_state(found, kept):
    """What it finds is never looser than where it began; its seed is of where it began, too."""
    (start, *_) = by_quantity(kept)[DRIFT]
    further = task(DRIFT, (start.state,), examples=2, seed=1, number=0)
    assert further.piece.seed != found.piece.seed
    (ratio,) = run(further).ratios
    assert ratio.observed / ratio.guaranteed >= start.observed / start.guaranteed * (1 - 1e-9)
    assert ratio.observed / ratio.guaranteed > found.ratios[0].observed / found.ratios[0].guaranteed


def test_each_search_is_a_check_of_pytest_claims():
    for search in SEARCHES.values():
        file, name, _ = re.split(r"::|\[", search.test)
        assert f"def {name}(" in (CLAIMS / "convergence" / "tightness" / file).read_text(encoding="utf-8")
    assert {search.quantity for search in SEARCHES.values()} == set(SEARCHES)


def test_other_files_are_refused():
    """A worker with another version of the package."""
    other = replace(task(DRIFT, (), examples=2, seed=1, number=0), files="0" * 64)
    record = run(other)
    assert (record.fate, record.decided, record.ratios) == (Fate.BROKEN, 0, ())
    assert "not 000000000000" in record.reason


def test_a_state_at_which_the_claim_fails(monkeypatch):
    """It is kept as a failure, with a line that decides it again."""

    def decide(_):
        raise AssertionError("2 <= 1 fails")

    monkeypatch.setitem(SEARCHES, RATE, replace(SEARCHES[RATE], decide=decide))
    record = run(task(RATE, (), examples=2, seed=1, number=0))
    assert (record.fate, record.decided) == (Fate.FAILED, 0)
    (failure,) = record.failures
    assert "2 <= 1 fails" in failure.told["sentence"]
    monkeypatch.undo()
    command = failure.reproduce.replace("python", sys.executable, 1)
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, shell=True, env=variables, capture_output=True, text=True, timeout=60, check=True)
    assert eval(result.stdout) == decided_again(SEARCHES[RATE], failure.told["instance"])


@pytest.mark.parametrize("error", [MemoryError("no memory"), OverflowError("far"), KeyError("x")])
def test_a_piece_that_cannot_be_run(monkeypatch, error):
    def ratio(_):
        raise error

    monkeypatch.setitem(SEARCHES, RATE, replace(SEARCHES[RATE], ratio=ratio))
    record = run(task(RATE, (), examples=2, seed=1, number=0))
    assert record.fate is Fate.BROKEN
    assert record.reason.startswith(type(error).__name__)


# What is believed.


def test_a_ratio_is_not_believed_but_its_state(found):
    """A ledger that says 1 is told what its state has."""
    (ratio,) = found.ratios
    boast = replace(ratio, observed=1.0, guaranteed=1.0)
    assert believed(SEARCHES[DRIFT], [boast]).ratio == ratio


def test_a_looser_state_does_not_win_by_its_words(found, kept):
    (better, *_) = by_quantity(kept)[DRIFT]
    boast = replace(found.ratios[0], observed=1.0, guaranteed=1.0)
    assert believed(SEARCHES[DRIFT], [boast, better]).ratio.state == better.state


def edited(text, **changes):
    return json.dumps(json.loads(text) | changes)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda text: "", "no state of"),
        (lambda text: "[]", "no state of"),
        (lambda text: "[" * 10**5, "no state of"),
        (lambda text: edited(text, widths=[3, 3, 3]), "expected one of"),
        (lambda text: edited(text, widths=[[1], 1]), "expected one of"),
        (lambda text: edited(text, weights=[]), "no state of"),
        (lambda text: edited(text, target=[[1, 2, 3]] * 3), "no state of"),
        (lambda text: edited(text, margin=float("nan")), "not finite"),
        (lambda text: edited(text, margin="x"), "no state of"),
        (lambda text: edited(text, margin=1e6), "AssertionError"),
        (lambda text: edited(text, margin=-1.0), "AssertionError|no state|not so"),
        (lambda text: edited(text, point=[]), "no state of"),
    ],
)
def test_a_state_that_is_none(found, edit, sentence):
    """Of another form, or one that does not meet the hypotheses."""
    (ratio,) = found.ratios
    text = edit(ratio.state)
    with pytest.raises(StateError, match=sentence):
        decided_again(SEARCHES[DRIFT], text)
    result = believed(SEARCHES[DRIFT], [replace(ratio, state=text, observed=1.0, guaranteed=1.0), ratio])
    assert result.ratio == ratio
    assert len(result.refused) == 1


def test_a_state_is_the_numbers_and_nothing_else(found):
    state = read_state(SEARCHES[DRIFT], found.ratios[0].state)
    again = searches.state_text(SEARCHES[DRIFT], state.widths, state.point)
    assert json.loads(again)["point"] == json.loads(found.ratios[0].state)["point"]


def test_what_is_done_is_not_done_again(found):
    """By the same seed from the same states; from a tighter one it is another piece."""
    worst = Worst([])
    first = list(tasks(worst, (), rounds=2, examples=2, seed=1))
    assert len(first) == len({each.piece for each in first}) == 2 * len(SEARCHES)
    done = {each.piece for each in first}
    assert not list(tasks(worst, done, rounds=2, examples=2, seed=1))
    assert worst.learn(found) == (None, found.ratios[0])
    assert worst.learn(found) is None
    assert {each.quantity for each in tasks(worst, done, rounds=2, examples=2, seed=1)} == {DRIFT}


# The commands.


@pytest.fixture
def two(monkeypatch):
    """Two searches, for commands."""
    for quantity in [each for each in SEARCHES if each not in (RATE, DRIFT)]:
        monkeypatch.delitem(SEARCHES, quantity)


@pytest.mark.usefixtures("two")
def test_the_command(capsys, tmp_path):
    """It makes a ledger, goes on from it, and does nothing twice."""
    path = str(tmp_path / "t.sqlite")
    arguments = ("tightness", "--out", path, "--examples", "2", "--seed", "3", "--jobs", "1")
    output = printed(capsys, *arguments)
    assert output.splitlines()[0] == "2 constants, 1 round; seed 3"
    assert re.search(rf"^{re.escape(RATE)}: 9\d\d\d", output, re.MULTILINE)
    assert output.splitlines()[-1].startswith("2 of 2 searches are new, 0 of them failed")
    again = printed(capsys, *arguments)
    assert again.splitlines()[-1].startswith("2 of 2 searches are new")  # from the states of the first run
    with Ledger(path, read_only=True) as ledger:
        assert len(ledger) == 4
    table = printed(capsys, "ledger", "tightness", path)
    assert re.search(rf"^{re.escape(RATE)} +9\d\d\d$", table, re.MULTILINE)


@pytest.mark.usefixtures("two")
def test_what_was_found_before_ctrl_c_is_kept(capsys, tmp_path, monkeypatch):
    def spread(run, items, _):
        first = next(iter(items))
        yield Outcome(first, run(first))
        raise KeyboardInterrupt

    monkeypatch.setattr(tightening, "spread", spread)
    path = tmp_path / "t.sqlite"
    code, _, complaint = answer(capsys, "tightness", "--out", str(path), "--examples", "2", "--jobs", "1")
    assert code == 130
    assert complaint.startswith(f"stopped: 1 of 2 searches are kept in {path}\n")
    with Ledger(path, read_only=True) as ledger:
        assert len(ledger) == 1


@pytest.mark.usefixtures("two")
def test_a_search_that_never_answered(capsys, tmp_path, monkeypatch):
    """It is told, kept as broken, and no success."""
    monkeypatch.setattr(tightening, "spread", lambda _, items, __: (Outcome(each, lost="killed") for each in items))
    path = str(tmp_path / "t.sqlite")
    code, output, _ = answer(capsys, "tightness", "--out", path, "--examples", "2", "--jobs", "1")
    assert code == 1
    assert f"broken: {RATE}: killed" in output
    assert output.splitlines()[-1].startswith("2 of 2 searches are new, 2 of them failed or are broken")
    with Ledger(path, read_only=True) as ledger:
        assert {record.fate for record in ledger.records()} == {Fate.BROKEN}


@pytest.mark.usefixtures("two")
def test_what_is_not_believed_is_told(capsys, tmp_path, found):
    (ratio,) = found.ratios
    boast = replace(found, ratios=(Ratio(DRIFT, 1.0, 1.0, ratio.state.replace("margin", "m\x1b[31m")),))
    with Ledger(tmp_path / "t.sqlite") as ledger:
        ledger.add([boast])
    code, output, complaint = answer(capsys, "ledger", "tightness", str(tmp_path / "t.sqlite"))
    assert code == 0
    assert re.search(rf"^{re.escape(DRIFT)} +not in the ledger$", output, re.MULTILINE)
    assert complaint.startswith(f"not believed: not so: {DRIFT}")
    assert complaint.strip().isprintable()


def test_bad_arguments(capsys, tmp_path):
    for more in (["--rounds", "0"], ["--examples", "-1"], ["--seed", "x"], ["--jobs", "0"]):
        code, _, complaint = answer(capsys, "tightness", "--out", str(tmp_path / "t"), *more)
        assert code == 2
        assert "expected a whole number from 1" in complaint
    (tmp_path / "none").write_text("no ledger")
    code, _, complaint = answer(capsys, "tightness", "--out", str(tmp_path / "none"))
    assert code == 2
    assert "--out: " in complaint
    assert answer(capsys, "tightness", "--out", str(tmp_path / "none" / "t"))[0] == 3


def test_without_asserts_nothing_is_decided():
    command = [sys.executable, "-O", "-m", "claims", "ledger", "tightness", str(KEPT)]
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 2
    assert "python -O drops the asserts" in result.stderr


# The ledger that is kept, and README.


def test_readme_and_the_ledger_agree(capsys):
    """Each ratio of README's table is that of a state in the kept ledger, decided again now."""
    (block,) = re.findall(r"```text\n(constant +observed / guaranteed\n.*?)```", readme(), re.DOTALL)
    assert block == printed(capsys, "ledger", "tightness", str(KEPT))
    assert "not in the ledger" not in block


def readme():
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_kept_ledger_is_an_export(kept, tmp_path):
    """Of its schema, small, and the same when it is exported again."""
    text = KEPT.read_text(encoding="ascii")
    schema = json.loads((KEPT.parent / "ledger.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(text), schema)
    assert len(text) < 2**19
    merge(tmp_path / "t.sqlite", [KEPT])
    with Ledger(tmp_path / "t.sqlite", read_only=True) as ledger:
        assert list(ledger.records()) == kept
        assert "".join(f"{line}\n" for line in exported(ledger)) == text
    assert all(record.fate is Fate.PASSED for record in kept)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"decided":1', '"decided":2'),
        ('"schema":1', '"schema":2'),
        ('"sha256":"', '"sha256":"0'),
        ('"machine":"', '"machine":"x'),
        ('"records":[', '"records":[1,'),
        ('"records":[', '"more":['),
        ('{"schema"', "{{"),
        ('"uid":"DL-022"', '"uid":"\xe9"'),
        ('"uid":"DL-022"', '"uid":"DL-0022"'),
    ],
)
def test_an_export_that_was_edited(tmp_path, old, new):
    text = KEPT.read_text(encoding="ascii").replace(old, new, 1)
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match="is no export of a ledger"), ExitStack() as files:
        opened(Path(tmp_path / "t.json"), files)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"schema":1,"places":[],"records":[]}',
        '{"schema":1,"places":{},"records":{"a":1}}',
        '{"schema":1,"places":{},"records":[[1]]}',
        '{"schema":1,"places":{},"records":[{"sha256":"","record":{"place":"x"}}]}',
        '{"schema":1,"places":{},"records":null}',
    ],
)
def test_an_export_of_another_form(tmp_path, text):
    """In a sentence that says which form is right."""
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=r"it is not of the form of claims/campaigns/ledger\.schema\.json"):
        imported(tmp_path / "t.json")


@pytest.mark.parametrize("order", [[1, 0], [0, 0]])
def test_an_export_in_another_order(tmp_path, order):
    """By which a record could count twice."""
    content = json.loads(KEPT.read_text(encoding="ascii"))
    content["records"] = [content["records"][number] for number in order]
    (tmp_path / "t.json").write_text(json.dumps(content))
    with pytest.raises(LedgerError, match="not in the order"):
        imported(tmp_path / "t.json")


def test_an_export_is_shown_as_its_ledger_is(capsys, tmp_path):
    merge(tmp_path / "t.sqlite", [KEPT])
    for command in (("show",), ("show", "DL-022")):
        texts = [
            printed(capsys, "ledger", command[0], str(path), *command[1:]) for path in (KEPT, tmp_path / "t.sqlite")
        ]
        assert texts[0] == texts[1]
        assert "DL-022" in texts[0]
