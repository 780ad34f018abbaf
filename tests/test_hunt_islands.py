"""A hunt on islands: the seed and the number of islands decide what is found, and nothing else does."""

import json
import os
import random
import signal
import threading
import time
from collections import Counter

import distributed
import pytest
from hunting import hunted, inside

from claims.counterexamples import check
from claims.suite import hunt as command
from claims.suite.hunting import islands

QUICK = ("--max-width=1", "--depth=1", "--steps=1", "--examples=400")
ABOVE = "loss[1] <= loss[0] or learning_rate < 1/8"
QUIET = {**dict.fromkeys(islands.COUNTS, 0), "refuted": False, "interrupted": False, "ended": None, "artefact": None}


def finding(size=3, smallest="W", until_found=7):
    """What an island says that has found something."""
    found = {"refuted": True, "refuting": 1, "until_found": until_found, "smallest": smallest, "size": [size, 1, 0]}
    return found | {key: key for key in islands.FINDING if key not in found} | {"widths": [1, 1]}


@pytest.fixture
def script(monkeypatch):
    """``script(answer)`` in place of the hunts' processes: ``answer(island, round)`` is what a report has beside
    counts; it comes late or early, as it happens. The requests are in ``script.asked``, in the order of their seeds."""
    asked, lock = [], threading.Lock()

    def place(request):
        found = [
            (number, island)
            for number in range(1, 30)
            for island in range(1, 9)
            if islands.seed_of(5, number, island) == request["seed"]
        ]
        return found[0]

    def use(answer):
        def bounded(request, tell, stopped):
            number, island = place(request)
            with lock:
                asked.append((number, island, request))
            time.sleep(random.Random().random() / 50)
            report = QUIET | {"examples": request["examples"], "met_the_hypotheses": 1} | answer(island, number)
            tell(report)
            return report

        monkeypatch.setattr(islands, "bounded", bounded)

    use.asked = asked
    return use


def scripted(number=3, jobs=2, examples=1200, max_width=2, seconds=3600.0):
    request = {"examples": examples, "max_width": max_width, "seconds": seconds, "seed": 5, "depths": (1, 2)}
    return islands.hunt_on_islands(request, number, lambda fraction, words: None, jobs=jobs)


# Rounds.


@pytest.mark.parametrize(("examples", "max_width", "number"), [(1, 1, 1), (1000, 3, 2), (10**6, 2, 7)])
def test_every_width_has_its_share_and_every_island(examples, max_width, number):
    """In rounds that double; no island draws a problem more than it must."""
    found = list(islands.rounds(examples, max_width, number))
    share = -(-examples // (max_width * number))
    assert [width for width, _ in found] == sorted(width for width, _ in found)
    for width in range(1, max_width + 1):
        sizes = [size for each, size in found if each == width]
        assert sum(sizes) == share
        assert all(size == islands.FIRST * 2**k for k, size in enumerate(sizes[:-1]))


def test_no_two_parts_have_one_seed():
    seeds = [islands.seed_of(seed, *part) for seed in (1, 11) for part in ((1, 11), (11, 1), (1, 1), (2, 3))]
    assert len(set(seeds)) == len(seeds)
    assert islands.seed_of(5, 2, 3) == 12050772132026356111


def test_without_a_refutation_all_is_drawn(script):
    script(lambda island, number: {})
    report = scripted()
    assert (report["refuted"], report["examples"], report["met_the_hypotheses"]) == (False, 1200, 12)
    assert [(number, island) for number, island, _ in sorted(script.asked, key=lambda each: each[:2])] == [
        (number, island) for number in (1, 2, 3, 4) for island in (1, 2, 3)
    ]
    widths = [(request["least_width"], request["max_width"], request["examples"]) for _, _, request in script.asked]
    assert Counter(widths) == {(1, 1, 100): 6, (2, 2, 100): 6}
    assert report["islands"] == {"number": 3, "rounds": 4, "found_by": None, "found": []}


def test_a_round_with_a_refutation_is_finished_by_all_and_is_the_last(script):
    """What is drawn before it counts before it."""
    script(lambda island, number: finding() if (island, number) == (2, 2) else {})
    report = scripted()
    assert sorted((number, island) for number, island, _ in script.asked) == [
        (number, island) for number in (1, 2) for island in (1, 2, 3)
    ]
    assert report["islands"] == {
        "number": 3,
        "rounds": 2,
        "found_by": 2,
        "found": [{"island": 2, "widths": [1, 1], "size": [3, 1, 0]}],
    }
    assert (report["examples"], report["until_found"]) == (600, 307)


@pytest.mark.parametrize(
    ("findings", "winner"),
    [
        ({1: finding(5), 2: finding(3), 3: finding(4)}, 2),
        ({1: finding(3, "b"), 2: finding(3, "c"), 3: finding(3, "a")}, 3),
        ({2: finding(3, "a"), 3: finding(3, "a")}, 2),
    ],
    ids=["smallest", "first text", "first island"],
)
def test_the_smallest_wins_and_ties_are_broken_in_one_way(script, findings, winner):
    """In ten runs, in which the islands come in any order."""
    script(lambda island, number: findings.get(island, {}))
    reports = [scripted(jobs=3) for _ in range(10)]
    assert {report["islands"]["found_by"] for report in reports} == {winner}
    assert all(report["smallest"] == findings[winner]["smallest"] for report in reports)
    assert len({json.dumps({**report, "seconds": 0}) for report in reports}) == 1


def test_a_conjecture_that_cannot_be_used_is_refused_where_nothing_refutes_it(script):
    """In the words of the first island that says so; beside a refutation it is told."""
    script(lambda island, number: {"refused": f"by {island}"} if island > 1 else {})
    report = scripted()
    assert (report["refused"], report["refuted"], len(script.asked)) == ("by 2", False, 3)
    script(lambda island, number: {"refused": f"by {island}"} if island > 1 else finding())
    report = scripted()
    assert (report["ended"], report["refuted"], "refused" in report) == ("by 2", True, False)


def test_a_process_that_died_ends_the_hunt_after_its_round(script):
    script(lambda island, number: {"ended": f"island {island} died", "died": True} if island == 3 else {})
    report = scripted()
    assert (report["ended"], report["died"], report["refuted"]) == ("island 3 died", True, False)
    assert len(script.asked) == 3


def test_an_island_that_is_lost_is_told(script):
    def answer(island, number):
        if island == 2:
            raise OSError("no process could be started")
        return {}

    script(answer)
    report = scripted()
    assert report["ended"].startswith("island 2 was lost: OSError: no process could be started")
    assert report["died"]


def test_time_is_shared_by_the_widths_and_its_end_is_the_end(script):
    script(lambda island, number: time.sleep(0.1) or {})
    report = scripted(jobs=1, seconds=0.5, examples=10**6)
    assert report["out_of_time"]
    assert {request["max_width"] for *_, request in script.asked} == {1, 2}
    assert all(request["drawing"] <= request["seconds"] <= 0.5 for *_, request in script.asked)
    assert all(request["drawing"] <= 0.25 for *_, request in script.asked if request["max_width"] == 1)


def test_ctrl_c_ends_all_islands_and_keeps_what_they_found(monkeypatch):
    """Two are drawing or shrinking when it is pressed, and come to their end with what they have; the third is not
    begun."""
    begun = []

    def bounded(request, tell, stopped):
        begun.append(request["seed"])
        found = finding() if len(begun) == 2 else {}
        if len(begun) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        while not stopped():
            time.sleep(0.01)
        return QUIET | {"interrupted": True, "examples": 10} | found

    monkeypatch.setattr(islands, "bounded", bounded)
    report = scripted()
    assert len(begun) == 2
    assert report["interrupted"]
    assert not report["out_of_time"]
    assert (report["refuted"], report["examples"]) == (True, 20)


# The command.


def test_one_island_is_the_hunt_as_it_is_without_them(capsys, monkeypatch):
    """Bit for bit, but for the time, whatever --jobs is."""
    monkeypatch.setattr(command, "bounded", inside)
    reports = []
    for more in ([], ["--jobs=1"], ["--islands=1"], ["--islands=1", "--jobs=4"]):
        code, report = hunted(capsys, ABOVE, "--seed=5", *QUICK, *more)
        assert code == 1
        reports.append(report | {"seconds": 0})
    assert all(report == reports[0] for report in reports)
    assert "islands" not in reports[0]


def test_the_same_whatever_the_number_of_jobs(capsys, tmp_path):
    """By hunts in processes of their own; the file is verified, and names the seed and the islands."""
    files = []
    for jobs in (1, 3):
        path = tmp_path / f"{jobs}.json"
        arguments = [ABOVE, "--seed=5", "--islands=3", f"--jobs={jobs}", *QUICK, f"--out={path}"]
        code, report = hunted(capsys, *arguments)
        assert code == 1
        assert report["islands"]["found_by"] in (1, 2, 3)
        assert len(report["islands"]["found"]) > 1
        assert check.check(path)[0] == "DLX-000"
        assert json.loads(path.read_text("utf-8"))["discoverer"] == "python -m claims hunt, seed 5, 3 islands"
        files.append((path.read_bytes(), {**report, "seconds": 0, "file": ""}))
    assert files[0] == files[1]


def test_it_is_told_who_found_it(capsys, script):
    """In the words for people: --islands is --jobs where it is not said."""
    script(lambda island, number: {})
    assert command.main(["loss[1] >= 0", "--seed=5", "--jobs=2", *QUICK, "--examples=200"]) == 0
    assert "200 examples, 2 met the hypotheses, 0 undecided (seed 5, 2 islands, " in capsys.readouterr().out
    assert command._winner({"number": 4, "rounds": 2, "found_by": 3, "found": [{"island": 1}, {"island": 3}]}) == (
        "the smallest of 2, of islands 1, 3: found on island 3 in round 2"
    )
    assert command._winner({"number": 4, "rounds": 1, "found_by": 3, "found": [{"island": 3}]}) == (
        "found on island 3 in round 1"
    )


def test_each_island_has_the_bounds_of_a_hunt(capsys, tmp_path, monkeypatch):
    """A predicate that does not return is ended with its process, two seconds after the time."""
    (tmp_path / "endless.py").write_text("def holds(problem, trajectory):\n    while True: pass\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert command.main(["endless:holds", "--seed=5", "--islands=2", "--jobs=2", "--seconds=0.5", *QUICK]) == 0
    told = capsys.readouterr().out
    assert "the predicate had not returned 2 s after that" in told
    assert "2 islands" in told


def test_bad_arguments_are_told(capsys):
    with pytest.raises(SystemExit):
        command.main(["loss[1] >= 0", "--islands=0"])
    assert "expected a whole number from 1 to 1024" in capsys.readouterr().err
    assert command.main(["loss[1] >= 0", "--scheduler=tcp://host:8786"]) == 2
    assert "expected --islands K with it" in capsys.readouterr().err


# A cluster.


def test_a_cluster_finds_what_this_machine_finds(capsys, tmp_path):
    """Byte for byte."""
    arguments = [ABOVE, "--seed=5", "--islands=2", *QUICK]
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        for more in ("--jobs=2", f"--scheduler={cluster.scheduler_address}"):
            assert hunted(capsys, *arguments, more, f"--out={tmp_path / more[2:6]}")[0] == 1
    assert (tmp_path / "jobs").read_bytes() == (tmp_path / "sche").read_bytes()


def test_a_worker_with_other_files_refuses():
    with pytest.raises(ValueError, match="has other files than the run"):
        islands.dig_there(islands.Dig(1, {}, "another"))
