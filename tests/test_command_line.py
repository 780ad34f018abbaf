"""``python -m claims``: what it reads without importing, what it writes, and how it ends."""

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from cli import COUNTEREXAMPLES, LANDSCAPES, NETWORKS, SHALLOW, UIDS, answer, check_latex, printed

from claims.book import claim_paths, evidence_paths, module_name
from claims.command_line import checking, terminal
from claims.command_line.claim_files import bearing_on, checks, claim_files, kinds, read
from claims.command_line.counterexample_files import counterexample_files
from claims.command_line.matrices import matrix_lines
from claims.command_line.program import COMMANDS
from claims.command_line.showing import KINDS as EXPLAINED
from claims.counterexamples.catalogue import KINDS as CERTIFICATES
from claims.counterexamples.catalogue import catalogue
from claims.counterexamples.landscape_files import LANDSCAPE_KINDS
from claims.counterexamples.shallow_files import SHALLOW_KINDS
from claims.suite.claim import KINDS

REPOSITORY = Path(__file__).resolve().parent.parent
HEAVY = {"numpy", "flint", "scipy", "sympy", "sklearn", "hypothesis", "pytest", "solvers", "strategies", "claims.suite"}


def run_module(*arguments, directory, **options):
    """``python -m claims`` in another directory; unlike the imported one it is the installed package."""
    return subprocess.run(
        [sys.executable, "-m", "claims", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


@pytest.fixture
def wide_as(monkeypatch):
    """``wide_as(80)``: the output is a terminal of 80 columns, without colour."""

    def set_width(columns):
        monkeypatch.setattr(terminal, "_is_terminal", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("NO_COLOR", "1")

    return set_width


# What is read from syntax trees is what an import gives.


@pytest.mark.parametrize("opening", list(claim_paths()), ids=module_name)
def test_claims_are_read_as_they_are_imported(opening):
    """Every field of the claim, every check with its kind, file, line and cells of the ablation matrix."""
    imported = importlib.import_module(module_name(opening))
    claim = read(Path(imported.__file__))
    expected = imported.CLAIM.as_json()
    assert inspect.cleandoc(claim.statement) == inspect.cleandoc(expected.pop("statement"))
    assert {key: claim.as_json()[key] for key in expected if key != "sources"} == {
        key: value for key, value in expected.items() if key != "sources"
    }
    assert list(claim.sources) == expected["sources"]
    assert lines_of(opening)[claim.line - 1].startswith("CLAIM = ")
    functions = {
        (path, name): each
        for path in evidence_paths(opening)
        for name, each in vars(importlib.import_module(module_name(path))).items()
        if name.startswith("test_")
    }
    found = checks(claim.path)
    assert [(check.path, check.name) for check in found] == list(functions)
    for check in found:
        marks = functions[check.path, check.name].pytestmark
        assert [mark.name for mark in marks if mark.name in KINDS] == [check.kind]
        rows = [row for mark in marks if mark.name == "parametrize" for row in mark.args[1]]
        marks = [*marks, *(mark for row in rows for mark in getattr(row, "marks", ()))]
        cells = {tuple(mark.args) for mark in marks if mark.name == "ablates"}
        assert {(cell.theorem, cell.hypothesis, cell.change, cell.fate) for cell in check.ablations} == cells
        assert lines_of(check.path)[check.line - 1].startswith(f"def {check.name}(")


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_every_claim_is_listed_and_the_kinds_are_those_of_the_table():
    assert sorted(claim.path for claim in claim_files().values()) == sorted(claim_paths())
    assert list(claim_files()) == sorted(claim_files())
    assert kinds() == KINDS


def test_ablations_of_a_theorem_are_found_in_other_claims():
    """DL-018 says what becomes of DL-004 without balance."""
    assert {claim.uid for claim, _ in bearing_on("DL-004")} >= {"DL-004", "DL-018", "DL-019"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('"""A statement."""\n', "has no claim"),
        (
            '"""A statement."""\nCLAIM = Claim(\n    uid="DL-999",\n)\n',
            "lacks items, sources, statement, status, title",
        ),
        ('"""A."""\nCLAIM = Claim(\n    uid=f"DL-{999}",\n)\n', r"new.py:3: f'DL-.*' cannot be read"),
    ],
)
def test_a_claim_that_cannot_be_read_says_where(tmp_path, text, complaint):
    path = tmp_path / "new.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read(path)


def test_one_uid_is_not_two_claims(tmp_path):
    text = claim_files()["DL-001"].path.read_text(encoding="utf-8")
    for name in ("balance/one.py", "saddles/two/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"DL-001 is the uid of .*one\.py and of .*two/__init__\.py"):
        claim_files(tmp_path)


def test_counterexamples_are_read_as_the_catalogue_loads_them():
    loaded = catalogue()
    assert list(loaded) == COUNTEREXAMPLES
    for uid, entry in counterexample_files().items():
        assert (entry.title, entry.sha256, entry.claim) == (
            loaded[uid].title,
            loaded[uid].content_hash,
            loaded[uid].refutes["claim"],
        )
        if uid in LANDSCAPES:
            assert (entry.content["landscape"], entry.kind) == (loaded[uid].landscape, loaded[uid].kind)
            continue
        if uid in SHALLOW:
            assert (entry.content["shallow"], entry.kind) == (loaded[uid].shallow, loaded[uid].kind)
            continue
        assert [[[str(x) for x in row] for row in matrix] for matrix in entry.weights] == loaded[uid].weights
        assert [[str(x) for x in row] for row in entry.target] == loaded[uid].target


def test_a_changed_file_is_not_read(own_file, capsys):
    path = own_file()
    path.write_text(path.read_text(encoding="utf-8").replace("DLX-001", "DLX-002"), encoding="utf-8")
    code, output, complaint = answer(capsys, "show", str(path))
    assert (code, output) == (2, "")
    assert "sha256" in complaint


# What is written.


def test_the_list_has_every_uid_once(capsys):
    lines = printed(capsys, "list").splitlines()
    assert [line.split()[0] for line in lines if line.startswith("DL")] == UIDS
    words = ["DL-017", "open", *claim_files()["DL-017"].title.split(), "initialization", "ACGH19", "+1"]
    assert any(line.split() == words for line in lines)
    found = json.loads(printed(capsys, "list", "--json"))
    assert [each["uid"] for each in found["claims"] + found["counterexamples"]] == UIDS


@pytest.mark.parametrize("uid", list(claim_files()))
def test_showing_a_claim_shows_statement_and_evidence(capsys, uid):
    claim = claim_files()[uid]
    output = printed(capsys, "show", uid.lower())
    assert claim.statement.strip() in output
    for kind in KINDS:
        package = claim.path.stem == "__init__"
        names = [
            (re.escape(f"{check.path.name}:{check.line}" if package else f"{check.line}"), check.name)
            for check in checks(claim.path)
            if check.kind == kind
        ]
        block = rf"^{kind} +{len(names)}\n" + "".join(rf" +{line} +{name}\n" for line, name in names)
        assert re.search(block + r"\S", output, re.MULTILINE)
    found = json.loads(printed(capsys, "show", uid, "--json"))
    assert found["statement"] == claim.statement
    assert {kind: len(functions) for kind, functions in found["evidence"].items()} == {
        kind: sum(check.kind == kind for check in checks(claim.path)) for kind in KINDS
    }


def test_showing_a_theorem_shows_what_is_left_of_it(capsys):
    """Cells of the ablation matrix from other modules, hypotheses without any, and counterexamples."""
    output = printed(capsys, "show", "DL-004")
    (place,) = (
        f"{claim.uid} {check.path.name}: {check.line}"
        for claim, check in bearing_on("DL-004")
        for cell in check.ablations
        if (cell.hypothesis, cell.change) == ("balance", "x 3073 at depth 2")
    )
    assert re.search(rf"^balance +x 3073 at depth 2 +rate refuted +{re.escape(place)}$", output, re.MULTILINE)
    assert re.search(r"^margin dropped +DLX-001 ", output, re.MULTILINE)


@pytest.mark.parametrize("uid", COUNTEREXAMPLES)
def test_showing_a_counterexample_shows_every_number(capsys, uid):
    """Every string of the file stands in the output, once line breaks and columns are taken out."""
    entry = counterexample_files()[uid]
    output = " ".join(printed(capsys, "show", uid).split())

    def strings(value):
        if isinstance(value, dict | list):
            return [text for each in (value.values() if isinstance(value, dict) else value) for text in strings(each)]
        return [] if isinstance(value, int) else [" ".join(value.split())]

    rest = {key: value for key, value in entry.content.items() if key not in ("schema", "refutes")}
    assert all(text in output for text in [*strings(rest), entry.content["refutes"]["statement"]])


def test_hypotheses_that_nothing_ablates_are_shown(capsys, monkeypatch):
    claim = replace(claim_files()["DL-004"], hypotheses=("balance", "good weather"))
    monkeypatch.setattr("claims.command_line.showing.find", lambda _: claim)
    output = printed(capsys, "show", "DL-004")
    assert re.search(r"^good weather +dropped +- +no check$", output, re.MULTILINE)
    assert output.count("no check") == 1


def test_every_kind_of_certificate_is_explained():
    assert EXPLAINED.keys() == CERTIFICATES.keys() | LANDSCAPE_KINDS.keys() | SHALLOW_KINDS.keys()
    assert len(EXPLAINED) == len(CERTIFICATES) + len(LANDSCAPE_KINDS) + len(SHALLOW_KINDS)


def test_matrices_too_wide_for_the_terminal_are_listed_by_entry():
    matrix = [[Fraction(10**60, 3), Fraction(1)], [Fraction(-1, 2), Fraction(0)]]
    assert matrix_lines(["A"], matrix, 40) == [
        f"A[1,1] = 1{'0' * 30}\n    {'0' * 30}/3",
        "A[1,2] = 1",
        "A[2,1] = -1/2",
        "A[2,2] = 0",
    ]
    assert matrix_lines(["A", "B"], matrix[1:], 40) == ["A = B = [ -1/2  0 ]"]


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", ["list", "atlas", *(f"show {uid}" for uid in UIDS)])
def test_lines_fit_the_terminal(capsys, wide_as, columns, command):
    """But for a word that does not fit beside its label, a path or a name of a function: they are not to be broken."""
    wide_as(columns)
    for line in printed(capsys, *command.split()).splitlines():
        word = max(line.split(), key=len, default="")
        beside = len("module        ") + len(word)
        assert len(line) <= columns or (beside > columns and ("/" in word or word.startswith("test_"))), line


@pytest.mark.parametrize(
    ("name", "uid"), [("DL-4", "DL-004"), ("dlx-9", "DLX-009"), ("dl04", "DL-004"), ("DLX17", "DLX-017")]
)
def test_a_number_is_read_as_a_number(capsys, name, uid):
    """By every command that takes a uid."""
    assert printed(capsys, "show", name) == printed(capsys, "show", uid)
    assert printed(capsys, "cite", name) == printed(capsys, "cite", uid)
    assert printed(capsys, "export", name, "--json") == printed(capsys, "export", uid, "--json")
    assert checking._path(name) == checking._path(uid)


def test_statements_are_refilled_without_losing_a_word(capsys, wide_as):
    for uid, claim in claim_files().items():
        plain = printed(capsys, "show", uid).split()
        assert all(word in plain for word in claim.statement.split())
    wide_as(80)
    for uid, claim in claim_files().items():
        output = " ".join(printed(capsys, "show", uid).split())
        assert " ".join(claim.statement.split()) in output


@pytest.mark.parametrize(
    ("set_variables", "expected"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_that_want_it(capsys, monkeypatch, set_variables, expected):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in set_variables.items():
        monkeypatch.setenv(name, value)
    assert "\x1b" not in printed(capsys, "list")
    monkeypatch.setattr(terminal, "_is_terminal", lambda: True)
    assert ("\x1b[1muid" in printed(capsys, "list")) is expected


def test_help_fits_eighty_columns_and_has_examples(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for command in [(), *((name,) for name in COMMANDS if name != "hunt")]:
        output = printed(capsys, *command, "--help")
        assert max(map(len, output.splitlines())) <= 80, command
        assert "examples:" in output
        assert "%(" not in output


# Exports.


@pytest.mark.parametrize("uid", NETWORKS)
def test_exported_python_is_the_entry_exactly(capsys, uid):
    entry = counterexample_files()[uid]
    names = {}
    exec(printed(capsys, "export", uid, "--format", "python"), names)
    assert names["weights"] == entry.weights
    assert names["target"] == entry.target
    assert names["learning_rate"] == (entry.learning_rate if isinstance(entry.learning_rate, Fraction) else None)
    numbers = [x for matrix in (*names["weights"], names["target"]) for row in matrix for x in row]
    assert all(type(x) is Fraction for x in numbers)


@pytest.mark.parametrize("uid", NETWORKS)
def test_exported_numpy_is_the_entry_rounded_and_says_whether_it_is_exact(capsys, uid):
    entry = counterexample_files()[uid]
    names = {}
    exec(printed(capsys, "export", uid, "--format", "numpy"), names)
    rate = [entry.learning_rate] if isinstance(entry.learning_rate, Fraction) else []
    exact = [x == Fraction(float(x)) for matrix in (*entry.weights, entry.target) for row in matrix for x in row]
    assert names["exact"] is all(exact + [x == Fraction(float(x)) for x in rate])
    for array, matrix in zip([*names["weights"], names["target"]], [*entry.weights, entry.target], strict=True):
        assert array.dtype == np.float64
        assert array.tolist() == [[float(x) for x in row] for row in matrix]
    assert names["learning_rate"] == (float(rate[0]) if rate else None)


def test_exactness_of_floats_is_the_learning_rates_too(own_file, capsys):
    """Weights that are whole and a rate of 1/10: one number is rounded. 1/8: none is."""
    for rate, says in (("1/10", "exact = False  # 1 of 4 numbers"), ("1/8", "exact = True ")):
        assert says in printed(capsys, "export", str(own_file(learning_rate=rate)), "--format", "numpy")


def test_numbers_beyond_floats_are_refused_and_exact_in_python(own_file, capsys):
    path = own_file(target=[["-1" + "0" * 400]])
    code, output, complaint = answer(capsys, "export", str(path), "--format", "numpy")
    assert (code, output) == (2, "")
    assert "beyond float64; expected --format python" in complaint
    names = {}
    exec(printed(capsys, "export", str(path), "--format", "python"), names)
    assert names["target"] == [[Fraction(-(10**400))]]


@pytest.mark.parametrize("uid", COUNTEREXAMPLES)
def test_exported_json_is_the_file(capsys, uid):
    output = printed(capsys, "export", uid, "--json")
    assert json.loads(output) == json.loads(counterexample_files()[uid].path.read_text(encoding="utf-8"))
    assert printed(capsys, "export", uid, "--format", "json") == output


def test_a_claim_is_exported_as_json_and_latex_alone(capsys):
    assert json.loads(printed(capsys, "export", "DL-004", "--json"))["uid"] == "DL-004"
    check_latex(printed(capsys, "export", "DL-004", "--format", "latex"))
    for form in ("numpy", "python"):
        code, _, complaint = answer(capsys, "export", "DL-004", "--format", form)
        assert code == 2
        assert "DL-004 is a claim, which has no arrays" in complaint


# Questions that are not understood.


@pytest.mark.parametrize("command", ["show", "check", "cite", "export --json"])
@pytest.mark.parametrize(
    ("name", "near"),
    [("DL-0004", "DL-004 ("), ("linear_rte", "DL-004 ("), ("DLX-777", "DLX-0"), ("whitenning", "DL-001 (Whitening)")],
)
def test_an_unknown_name_gets_the_nearest(capsys, command, name, near):
    code, output, complaint = answer(capsys, *command.split(), name)
    assert (code, output) == (2, "")
    assert f"there is no {name!r}; did you mean " in complaint
    assert near in complaint


def test_a_name_like_no_other_is_told_where_to_look(capsys):
    assert answer(capsys, "show", "zzz")[2].endswith("there is no 'zzz'; `list` shows every uid\n")


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"schema": "another"}'])
@pytest.mark.parametrize("command", ["show", "cite", "export --json"])
def test_a_file_that_is_no_counterexample_is_not_understood(capsys, tmp_path, content, command):
    path = tmp_path / "found.json"
    path.write_text(content, encoding="utf-8")
    code, output, complaint = answer(capsys, *command.split(), str(path))
    assert (code, output) == (2, "")
    assert str(path) in complaint
    missing = str(tmp_path / "missing.json")
    code, output, complaint = answer(capsys, *command.split(), missing)
    assert (code, output) == (2, "")
    assert complaint.endswith(f"there is no file {missing}\n")


@pytest.mark.parametrize(
    "arguments", [["lost"], ["show"], ["cite", "DL-004", "--format", "word"], ["export", "DL-004"]]
)
def test_a_malformed_command_is_a_usage_error(capsys, arguments):
    code, output, complaint = answer(capsys, *arguments)
    assert (code, output) == (2, "")
    assert complaint.startswith("usage: ")


def test_the_hunt_is_a_command(capsys, monkeypatch):
    """Its own arguments, and its own exit code."""
    assert printed(capsys, "hunt", "--help").startswith("usage: ")
    monkeypatch.setattr("claims.suite.hunt.run", lambda arguments: 7 if arguments.conjecture == "loss[1] < 1" else 0)
    assert answer(capsys, "hunt", "loss[1] < 1") == (7, "", "")


def test_without_a_command_there_is_help(capsys):
    code, output, complaint = answer(capsys)
    assert (code, output) == (2, "")
    assert "examples:" in complaint


# Verifying.


@pytest.fixture
def pytest_ends(monkeypatch):
    """``pytest_ends(1)``: pytest does not run, and ends with that code; the list of its arguments is returned."""

    def set_code(code):
        seen = []
        monkeypatch.setattr(checking, "wait", lambda command, *_: seen.extend(command) or code)
        return seen

    return set_code


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (1, 1), (2, 130), (3, 1), (4, 1), (5, 1)])
def test_what_pytest_says_is_the_exit_code(capsys, pytest_ends, code, expected):
    """2 is Ctrl-C; 5, that nothing ran, verifies nothing."""
    pytest_ends(code)
    assert answer(capsys, "check", "DL-001")[0] == expected


def test_pytest_runs_what_is_named_as_asked(capsys, pytest_ends):
    seen = pytest_ends(0)
    assert answer(capsys, "check", "DL-001", "DL-004", "--", "-k", "margin") == (0, "", "")
    module, package = (claim_files()[uid].path for uid in ("DL-001", "DL-004"))
    assert seen[-2:] == [str(module), str(package.parent)]
    assert seen[-4:-2] == ["-k", "margin"]
    assert "--" not in seen
    assert seen[seen.index("-c") + 1] == str(REPOSITORY / "pyproject.toml")


def test_without_a_name_everything_is_verified(capsys, pytest_ends, monkeypatch):
    seen, files = pytest_ends(0), []
    monkeypatch.setattr(checking, "check_counterexample", lambda path: files.append(path) or iter(()))
    assert answer(capsys, "check")[0] == 0
    claims = [claim.path for claim in claim_files().values()]
    expected = [str(path.parent if path.stem == "__init__" else path) for path in claims]
    assert seen[-len(expected) :] == expected
    assert files == [entry.path for entry in counterexample_files().values()]


def test_a_counterexample_is_verified_twice(capsys):
    lines = printed(capsys, "check", "DLX-001").splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "DLX-001 verified by check.py",
        "DLX-001 verified by verify.py",
    ]
    found = json.loads(printed(capsys, "check", "DLX-001", "--json"))
    assert found["verified"] is True
    assert found["evidence"] is None
    assert [each["checker"] for each in found["counterexamples"]] == ["check.py", "verify.py"]


def test_the_two_checkers_are_two(capsys, monkeypatch):
    """What one of them refuses is not verified, whatever the other says."""

    def refuse(_):
        raise ValueError("no")

    monkeypatch.setattr("claims.counterexamples.verify.verify", refuse)
    code, output, _ = answer(capsys, "check", "DLX-001")
    assert code == 1
    assert output.splitlines()[1] == "DLX-001 not verified by verify.py: no"
    monkeypatch.undo()
    monkeypatch.setattr("claims.counterexamples.check.check", refuse)
    code, output, _ = answer(capsys, "check", "DLX-001")
    assert code == 1
    assert output.splitlines()[0] == "DLX-001 not verified by check.py: no"


def test_a_false_counterexample_is_not_verified(own_file, capsys):
    """A target that balanced layers at 1 do reach: form and digest are right, the mathematics is wrong."""
    path = own_file(target=[["1"]])
    code, output, complaint = answer(capsys, "check", str(path))
    assert (code, complaint) == (1, "")
    assert [line.split(":")[0] for line in output.splitlines()] == [
        f"{path} not verified by {checker}" for checker in ("check.py", "verify.py")
    ]
    assert json.loads(answer(capsys, "check", str(path), "--json")[1])["verified"] is False


def test_a_damaged_file_is_not_verified_and_a_missing_one_not_understood(tmp_path, capsys):
    path = tmp_path / "found.json"
    path.write_text("{", encoding="utf-8")
    assert answer(capsys, "check", str(path))[0] == 1
    assert answer(capsys, "check", str(tmp_path / "missing.json"))[0] == 2


def test_a_claim_is_verified_for_a_program_to_read(tmp_path):
    """The real thing, from an empty directory: JSON alone on stdout, pytest on stderr."""
    result = run_module("check", "DL-001", "--json", "--", "-k", "excess", directory=tmp_path)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["verified"] is True
    assert [claim["uid"] for claim in found["evidence"]["claims"]] == ["DL-001"]
    assert "passed" in result.stderr


# How it begins and how it ends.


def test_nothing_heavy_is_imported_to_look_things_up(tmp_path):
    """The time that `list` takes is mostly what it imports."""
    program = """
import sys
from claims.command_line import main
commands = "--version", "list", "show DL-004", "show DLX-001", "cite DLX-001", "export DLX-001 --json", "atlas", \
    "atlas --graph", "experiment"
assert not any(main(command.split()) for command in (*commands, "check --help"))
print(*sys.modules, file=sys.stderr)
"""
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    modules = result.stderr.split()
    assert "claims.command_line.mapping" in modules
    assert not HEAVY & set(modules)


@pytest.mark.parametrize("command", ["--help", "--version", "list --help", "list --json", "atlas --graph --dot"])
def test_rich_is_imported_where_something_is_printed_by_it(tmp_path, command):
    """So that help and pipes of JSON do not wait for it."""
    program = f"import sys; from claims.command_line import main; main({command.split()}); print('rich' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.splitlines()[-1] == "False"


def test_it_runs_as_a_module(tmp_path):
    result = run_module("list", directory=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "DL-001" in result.stdout
    assert "usage: python -m claims " in run_module("--help", directory=tmp_path).stdout


def test_a_reader_who_leaves_is_no_error(tmp_path):
    """As in ``list | head -0``: nothing on stderr, and the exit code of SIGPIPE."""
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [sys.executable, "-m", "claims", "list"], cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(writing)
        _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (141, "")


def test_ctrl_c_leaves_without_a_traceback(capsys, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("claims.command_line.listing.run", interrupted)
    assert answer(capsys, "list") == (130, "", "")


def test_a_full_disk_is_said(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "claims", "list"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr
    assert b"No space left on device" in result.stderr
