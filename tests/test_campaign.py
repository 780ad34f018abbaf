"""Campaigns: the plan's pieces, the course of one over a stub and over real checks, the command and what it says."""

import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import replace

import planted
import pytest
from cli import answer

from claims.campaigns.course import CampaignEndedError, NotKeptError, course
from claims.campaigns.errors import LedgerError
from claims.campaigns.ledger import Ledger
from claims.campaigns.places import here
from claims.campaigns.planning import BROKEN, SECONDS, Check, Plan, seed_of
from claims.campaigns.records import Failure, Fate, Piece, Ratio, Record
from claims.campaigns.totals import totals
from claims.campaigns.workers import Workers
from claims.command_line import campaigning
from claims.command_line.campaign_telling import Telling
from claims.command_line.claim_files import claim_files
from claims.suite.profiles import EXAMPLES

CHECKS = [Check(f"DL-{number:03}", f"claims/a.py::test_{number}", number) for number in (1, 2, 5)]


def record(piece, fate=Fate.PASSED, seconds=1.0, decided=None):
    """What came of a piece, all of it decided unless something else is said."""
    (check,) = [check for check in CHECKS if check.name == piece.check]
    decided = check.asked(piece.examples) if decided is None else decided
    failures = (Failure({"said": "no", "instance": "", "again": "again", "blob": ""}, "again"),)
    return Record(
        piece,
        here(),
        fate,
        0 if fate is Fate.BROKEN else decided,
        seconds,
        0.0,
        ratios=(Ratio("a quantity", 1.0, 2.0),),
        failures=failures if fate is Fate.FAILED else (),
        reason="a reason" if fate is Fate.BROKEN else "",
    )


def run_through(plan, become=record):
    """Every piece of a plan, each entered before the next is asked for."""
    found = []
    for piece in plan.pieces():
        found.append(piece)
        plan.enter(become(piece))
    return found


# The plan.


@pytest.mark.parametrize("examples", [1, 1000, 12345, 10**6])
def test_all_checks_together_decide_what_was_asked_for(examples):
    """In the shares of ``pytest claims``, each at least its 25, and no more than the last pieces are rounded by."""
    plan = Plan(CHECKS, examples, 1)
    pieces = run_through(plan)
    decided = {name: progress.decided for name, progress in plan.progress.items()}
    assert plan.decided >= examples
    assert plan.decided <= max(examples, sum(check.asked(EXAMPLES) for check in CHECKS)) + 6 * len(CHECKS)
    for check in CHECKS:
        assert decided[check.name] >= check.asked(max(EXAMPLES, plan.share))
        assert (
            decided[check.name] == sum(piece.examples for piece in pieces if piece.check == check.name) // check.fewer
        )
    assert all(piece.examples % check.fewer == 0 for piece in pieces for check in CHECKS if check.name == piece.check)
    assert len({(piece.check, piece.seed) for piece in pieces}) == len(pieces)


def test_the_first_piece_is_small_and_the_others_take_about_a_minute():
    """Whatever an example takes."""
    cost = dict(zip([check.name for check in CHECKS], (0.01, 0.5, 20.0), strict=True))
    plan = Plan(CHECKS, 10**5, 1)
    seen = Counter()
    for piece in plan.pieces():
        seconds = cost[piece.check] * piece.examples
        if not seen[piece.check]:
            assert piece.examples <= EXAMPLES
        elif seen[piece.check] > 1 and plan.progress[piece.check].given < plan.share:
            assert SECONDS / 2 <= seconds <= 1.7 * SECONDS or piece.examples == 5
        seen[piece.check] += 1
        plan.enter(record(piece, seconds=seconds))
        if sum(seen.values()) == 300:
            break
    assert min(seen.values()) > 1


def test_what_is_kept_is_not_run_again():
    """The same seed goes on where it was stopped, by its own records and by those of other campaigns."""
    whole = Plan(CHECKS, 5000, 1)
    records = [record(piece) for piece in run_through(whole)]
    assert run_through(Plan(CHECKS, 5000, 1, records)) == []
    half = Plan(CHECKS, 5000, 1, records[: len(records) // 2])
    rest = run_through(half)
    assert not {piece.seed for piece in rest} & {each.piece.seed for each in records[: len(records) // 2]}
    assert half.decided >= 5000
    assert run_through(Plan(CHECKS, 5000, 2, records)) == []
    more = run_through(Plan(CHECKS, 10000, 2, records))
    assert not {piece.seed for piece in more} & {each.piece.seed for each in records}
    other = Record(Piece("DL-009", "claims/b.py::test_x", 1, 9), here(), Fate.PASSED, 9, 1.0, 0.0)
    assert Plan(CHECKS, 5000, 1, [other]).decided == 0


def test_what_a_longer_piece_repeats_counts_once(tmp_path):
    """Two campaigns of one seed that measured differently: the plan counts what the ledger's totals do, and goes on."""
    pieces = run_through(Plan(CHECKS, 5000, 1))
    both = [record(replace(piece, examples=piece.examples * times)) for piece in pieces for times in (1, 2)]
    with Ledger(tmp_path / "kept.sqlite") as ledger:
        ledger.add(both)
        plan = Plan(CHECKS, 10**6, 1, ledger.records())
        assert plan.decided == sum(total.decided for total in ledger.totals(here().files).values())
        asked = dict(zip([check.name for check in CHECKS], CHECKS, strict=True))
        assert plan.decided == sum(asked[piece.check].asked(2 * piece.examples) for piece in pieces)


def test_seeds_are_of_the_campaign_the_check_and_the_number():
    seeds = {seed_of(campaign, check, number) for campaign in (1, 2) for check in "ab" for number in range(100)}
    assert len(seeds) == 400
    assert all(0 <= seed < 2**53 for seed in seeds)
    assert seed_of(1, "a", 0) == seed_of(1, "a", 0)


def test_a_check_that_fails_is_given_no_more_pieces_and_the_others_are():
    plan = Plan(CHECKS, 5000, 1)
    bad = CHECKS[0].name
    pieces = run_through(
        plan, lambda piece: record(piece, Fate.FAILED if piece.check == bad else Fate.PASSED, decided=3)
    )
    assert [piece.check for piece in pieces].count(bad) == 1
    assert plan.progress[bad].ended is Fate.FAILED
    assert run_through(Plan(CHECKS, 5000, 1, [record(pieces[0], Fate.FAILED)]), record)[0].check != bad


def test_a_check_that_runs_out_of_instances_leaves_its_share_to_the_others():
    """It decides fewer than it was asked for."""
    plan = Plan(CHECKS, 5000, 1)
    few = CHECKS[0].name
    pieces = run_through(plan, lambda piece: record(piece, decided=2 if piece.check == few else None))
    assert [piece.check for piece in pieces].count(few) == 1
    assert plan.progress[few].exhausted
    assert plan.progress[few].ended is Fate.PASSED
    assert plan.decided >= 5000
    assert not plan.broken


def test_a_broken_piece_is_run_again_and_a_check_that_stays_broken_is_given_up():
    plan = Plan(CHECKS, 5000, 1)
    bad = CHECKS[1].name
    pieces = run_through(plan, lambda piece: record(piece, Fate.BROKEN if piece.check == bad else Fate.PASSED))
    assert [piece.check for piece in pieces].count(bad) == BROKEN
    assert plan.broken
    assert plan.decided >= 5000
    broken = [record(piece, Fate.BROKEN) for piece in pieces if piece.check == bad]
    again = Plan(CHECKS, 5000, 1, broken)
    assert not again.broken
    assert next(piece for piece in again.pieces() if piece.check == bad).seed == broken[0].piece.seed
    once = Plan(CHECKS, 5000, 1)
    left = [1]
    run_through(once, lambda piece: record(piece, Fate.BROKEN if left and left.pop() else Fate.PASSED))
    assert once.decided >= 5000


def test_time_that_is_limited_is_spent_on_each_in_its_share():
    """Whatever an example takes; and less than a minute is left, or a fiftieth."""
    cost = dict(zip([check.name for check in CHECKS], (0.01, 0.5, 2.0), strict=True))
    plan = Plan(CHECKS, 10**9, 1, core_seconds=10_000.0)
    pieces = run_through(plan, lambda piece: record(piece, seconds=cost[piece.check] * piece.examples))
    assert 0.98 * 10_000 <= plan.spent <= 10_000 + SECONDS
    given = [progress.given for progress in plan.progress.values()]
    assert max(given) - min(given) <= 0.05 * max(given)
    assert len(pieces) < 1.5 * 10_000 / SECONDS
    assert plan.fraction() >= 0.98
    assert Plan(CHECKS, 10**9, 1, core_seconds=10.0).fraction() == 0.0


def test_no_time_is_too_short_for_what_pytest_draws():
    plan = Plan(CHECKS, 10**9, 1, core_seconds=1000.0)
    assert [piece.examples for piece in run_through(plan, lambda piece: record(piece, seconds=500.0))] == [25, 24]
    plan = Plan(CHECKS, 10**9, 1, core_seconds=10.0)
    assert [piece.examples for piece in run_through(plan)] == [25, 24, 25]


def test_a_claim_is_finished_when_each_of_its_checks_is():
    plan = Plan(CHECKS, 1000, 1)
    assert not plan.finished("DL-001")
    for piece in plan.pieces():
        if piece.check != CHECKS[1].name:
            plan.enter(record(piece))
    assert plan.finished("DL-001")
    assert not plan.finished("DL-002")


# The course.


class Stub(Workers):
    """Workers that do nothing, and say at once what ``become`` makes of a piece."""

    def __init__(self, become=record, ahead=3):
        self.become, self._ahead, self.given = become, ahead, []

    def ahead(self):
        return self._ahead

    def deaths(self, error):
        return None

    def submit(self, function, /, *arguments, **named):
        piece = arguments[-1]
        self.given.append(piece)
        future = Future()
        try:
            future.set_result((pickle.dumps(self.become(piece)), ""))
        except RuntimeError as error:
            future.set_exception(error)
        return future


def test_what_comes_is_kept_and_counted_once(tmp_path):
    with Ledger(tmp_path / "kept.sqlite") as ledger:
        plan = Plan(CHECKS, 3000, 1)
        found = list(course(plan, ledger, Stub()))
        assert sorted(ledger.records(), key=lambda each: each.piece) == sorted(found, key=lambda each: each.piece)
        assert sum(total.decided for total in ledger.totals(here().files).values()) == plan.decided >= 3000
        again = Stub()
        assert list(course(Plan(CHECKS, 3000, 1, ledger.records(files=here().files)), ledger, again)) == []
        assert again.given == []


def test_what_was_given_out_ahead_and_broke_is_run_again(tmp_path):
    """Though the plan had no more pieces when it came."""
    broken = []

    def become(piece):
        if piece.check == CHECKS[2].name and not broken:
            broken.append(piece)
            return record(piece, Fate.BROKEN)
        return record(piece)

    with Ledger(tmp_path / "kept.sqlite") as ledger:
        plan = Plan(CHECKS, 1, 1)
        list(course(plan, ledger, Stub(become, ahead=100)))
    assert len(broken) == 1
    assert all(plan.finished(check.uid) for check in CHECKS)
    assert plan.progress[CHECKS[2].name].done == EXAMPLES


def test_a_worker_that_says_nothing_is_a_broken_piece(tmp_path):
    def become(piece):
        raise RuntimeError("the worker is gone")

    with Ledger(tmp_path / "kept.sqlite") as ledger:
        plan = Plan(CHECKS, 1, 1)
        found = list(course(plan, ledger, Stub(become)))
        assert {each.fate for each in ledger.records()} == {Fate.BROKEN}
    assert all("the worker is gone" in each.reason for each in found)
    assert plan.broken


def test_a_worker_with_other_files_ends_it_and_counts_nothing(tmp_path):
    other = replace(here(), files="f" * 64, machine="a machine")

    def become(piece):
        return replace(record(piece, Fate.BROKEN), place=other, reason="the files are others")

    with Ledger(tmp_path / "kept.sqlite") as ledger:
        with pytest.raises(CampaignEndedError, match="on a machine: the files are others; expected one version"):
            list(course(Plan(CHECKS, 1000, 1), ledger, Stub(become)))
        assert list(ledger.records()) == []


def test_where_nothing_can_be_run_it_ends(tmp_path):
    many = [replace(CHECKS[0], name=f"claims/a.py::test_{number}") for number in range(30)]

    def become(piece):
        return Record(piece, here(), Fate.BROKEN, 0, 0.0, 0.0, reason="no room")

    with (
        Ledger(tmp_path / "kept.sqlite") as ledger,
        pytest.raises(CampaignEndedError, match=r"20 pieces in a row.*no room"),
    ):
        list(course(Plan(many, 1000, 1), ledger, Stub(become)))


def test_a_record_that_is_not_kept_is_handed_out_with_the_reason(tmp_path):
    """One that the ledger refuses here; a full disk is the ledger's own test."""
    with Ledger(tmp_path / "kept.sqlite") as ledger:
        with pytest.raises(NotKeptError, match="expected a number") as error:
            list(course(Plan(CHECKS, 1000, 1), ledger, Stub(lambda piece: record(piece, seconds=-1.0))))
        assert error.value.record.piece.check == CHECKS[0].name
        assert list(ledger.records()) == []


# The command.


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("DL-999",), "there is no 'DL-999'"),
        (("DLX-001",), "DLX-001 is a counterexample, of which nothing is drawn; expected claims or chapters"),
        (("nowhere",), "there is no 'nowhere'; `list` shows every uid; the chapters are balance, "),
        (("--examples", "0"), "'0'; expected a whole number from 1 to 10^12, as in 10000, 10^6 or 1e6"),
        (("--examples", "1.5"), "'1.5'; expected a whole number"),
        (("--examples", "10^13"), "'10^13'; expected a whole number"),
        (("--examples", "9^9999"), "'9^9999'; expected a whole number"),
        (("--core-hours", "0"), "'0'; expected a number of hours greater than 0"),
        (("--core-hours", "nan"), "'nan'; expected a number of hours"),
        (("--seed", "-1"), "'-1'; expected a whole number from 0 to 10^18"),
        (("--jobs", "0"), "'0'; expected a whole number from 1 to 1024"),
        (("DL-022",), "DL-022: no check draws anything; `check` runs those that there are"),
    ],
)
def test_what_is_not_understood_is_said(capsys, tmp_path, monkeypatch, arguments, complaint):
    monkeypatch.chdir(tmp_path)
    code, output, said = answer(capsys, "campaign", *arguments)
    assert code == 2
    assert complaint in said
    assert output == ""


def test_a_file_that_is_no_ledger_is_left_alone(capsys, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("notes")
    code, _, said = answer(capsys, "campaign", "DL-002", "--out", str(path))
    assert (code, path.read_text()) == (2, "notes")
    assert "--out" in said


def test_a_chapter_is_its_claims():
    chapter = [uid for uid, claim in claim_files().items() if claim.chapter == "balance"]
    assert [claim.uid for claim in campaigning.chosen(["balance", "DL-002"])] == chapter
    assert [claim.uid for claim in campaigning.chosen(["dl-4", "claims/balance/"])] == sorted([*chapter, "DL-004"])
    assert len(campaigning.chosen([])) == len(claim_files())


def test_no_text_of_a_ledger_or_of_a_worker_moves_the_cursor(capsys, tmp_path):
    """What they say is shown by its codes."""
    hostile = "\x1b]0;owned\x07\x9b31m\u202e\n\ud800"
    plan = Plan(CHECKS, 1000, 1)
    told = Telling(plan, [claim_files()["DL-001"]], tmp_path, aside=False)
    broken = replace(record(next(plan.pieces()), Fate.BROKEN), reason=hostile)
    plan.enter(broken)
    told.record(broken)
    told.totals([totals([replace(record(next(plan.pieces())), verdicts={hostile: 1})])["DL-001"]])
    output = capsys.readouterr().out
    assert output.count(r"\x1b]0;owned\x07\x9b31m\u202e\n\ud800") == 2
    assert not [each for each in output if not (each.isprintable() or each == "\n")]


@pytest.fixture
def stubbed(monkeypatch):
    """``stubbed(become)``: the command's checks are these, of claims that there are, and its workers stubs."""

    def check(become):
        monkeypatch.setattr(campaigning, "collect", lambda _: [vars(check) for check in CHECKS])
        monkeypatch.setattr(campaigning, "executor", lambda *_: nullcontext(Stub(become)))

    return check


def test_a_ledger_that_was_deleted_meanwhile_is_not_said_to_be_kept(capsys, tmp_path, stubbed):
    """With the directory that it was in."""
    out = tmp_path / "new" / "kept.sqlite"

    def become(piece):
        if piece.check == CHECKS[2].name:
            shutil.rmtree(out.parent, ignore_errors=True)
        return record(piece)

    stubbed(become)
    code, output, complaint = answer(capsys, "campaign", "DL-001", "DL-002", "DL-005", "--out", str(out))
    assert code == 3
    assert complaint.startswith(f"not kept: {out} was moved, deleted or replaced, with all that it held\nIt lacks")
    assert "kept in" not in output
    assert not out.exists()


def test_what_a_ledger_refuses_is_told_by_its_codes(capsys, tmp_path, stubbed):
    stubbed(lambda piece: replace(record(piece), verdicts={"\x1b[2J": -1}))
    code, _, complaint = answer(capsys, "campaign", "DL-001", "--out", str(tmp_path / "kept.sqlite"))
    assert code == 3
    assert r"verdicts by \x1b[2J is -1; expected a whole number" in complaint
    assert complaint.replace("\n", "").isprintable()


COMMAND = ("-m", "claims", "campaign", "DL-002", "--jobs", "2")


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """With checks that are true, one that is false, one that runs out of instances and one that dies."""
    kept = ("test_false", "test_true", "test_two_instances", "test_leaves", "test_fewer")
    return planted.plant(tmp_path_factory.mktemp("planted"), kept)


@pytest.fixture(scope="module")
def campaign(directory, tmp_path_factory):
    """A whole campaign, and where it was run."""
    place = tmp_path_factory.mktemp("run")
    return place, planted.python(directory, *COMMAND, "--examples", "300", "--seed", "6", cwd=place)


def test_a_campaign_tells_what_failed_and_goes_on_with_the_rest(campaign):
    place, found = campaign
    assert (found.returncode, found.stderr) == (1, "")
    assert "FAILED DL-002 Layers stay balanced: test_false\n  it is not\n" in found.stdout
    assert "        number=950000,\n" in found.stdout
    assert re.search(r"again: python -m pytest --pyargs \S+::test_false \S+ --hypothesis-seed=\d+\n", found.stdout)
    assert "broken: DL-002 test_leaves: the piece's process came to its end with exit code 3" in found.stdout
    assert re.search(r"\ndecided: 3\d\d instances of 1 claim by 8 checks, in [\d.]+ core-seconds\n", found.stdout)
    assert "comparisons by exact rationals and balls" in found.stdout
    assert "without more instances to draw: 1 check\n" in found.stdout
    assert "failed: 1 piece\n" in found.stdout
    assert (place / ".claims" / "evidence.sqlite").is_file()
    assert len(list((place / ".claims").iterdir())) == 1


def test_the_same_command_goes_on_and_a_larger_number_adds(directory, campaign):
    place, _ = campaign

    def decided(*arguments):
        found = planted.python(directory, *COMMAND, *arguments, "--json", cwd=place)
        answer = json.loads(found.stdout)
        assert answer["failed"] == 1
        assert found.returncode == 1
        (claim,) = answer["claims"]
        assert claim["decided"] == answer["decided"]
        return answer["decided"], answer["core_seconds_of_this_run"]

    first, seconds = decided("--examples", "300")
    assert (first >= 300, seconds) == (True, 0.0)
    more, seconds = decided("--examples", "400")
    assert more >= 400
    assert seconds > 0


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-C is sent otherwise")
def test_ctrl_c_keeps_what_was_finished_and_leaves_no_process(directory, tmp_path):
    """Nor does it leave one, or lose what was finished, where it is killed before; what is there is gone on from."""
    path = tmp_path / ".claims" / "evidence.sqlite"
    process = _begun(directory, path, 3)
    process.kill()
    process.communicate(timeout=120)
    assert not _with(str(directory))
    before = _kept(path)
    assert before >= 3
    process = _begun(directory, path, before + 2)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=120)
    assert process.returncode == 130
    assert re.search(r"stopped: \d[\d,]* instances are in .*; the same command goes on from there", complaint)
    assert "Traceback" not in complaint
    assert _kept(path) >= before + 2
    assert not _with(str(directory))
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def _begun(directory, path, pieces):
    """A campaign that has kept so many, and goes on."""
    command = [sys.executable, "-P", *COMMAND, "--examples", "10^6"]
    variables = os.environ | {"PYTHONPATH": str(directory), "NO_COLOR": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=path.parent.parent, env=variables, **pipes)
    until = time.monotonic() + 200
    while _kept(path) < pieces and time.monotonic() < until:
        time.sleep(0.2)
    return process


def _kept(path):
    """None yet where it is being made."""
    try:
        with Ledger(path, read_only=True) as ledger:
            return len(list(ledger.records()))
    except LedgerError:
        return 0


def _with(text, seconds=60.0):
    """The processes whose command has the text in it, unless they end within so many seconds."""
    until = time.monotonic() + seconds
    while (found := [line for line in _processes() if text in line]) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def _processes():
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
