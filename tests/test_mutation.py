"""The tool that mutates formulas: what it changes and leaves alone, what it puts in, and what it makes of the tests."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import mutation
import mutation_rooms
import mutation_runs
import mutation_sites
import pytest

MODULE = '''
"""At most 2 of 3."""
from dataclasses import dataclass
from functools import cache

LIMIT = 3
TWICE = LIMIT * 2
ROWS = {"double": lambda n: n + n, "less": lambda n: n - LIMIT}

def multiple(factor):
    return lambda n: factor * n

triple = multiple(LIMIT)

def bound(n: int, power: int = 2) -> int:
    """2 n^2."""
    assert n > 0, f"{n + 1} is wrong"
    if n >= 10:
        raise ValueError("more than " + "10")
    return 2 * n**power

@cache
def squared(n: int) -> int:
    return n**2

@dataclass(frozen=True)
class Square:
    side: int

    @property
    def area(self) -> int:
        return self.side * self.side

def slow(n):
    while n > 0:
        n -= 1
    return n

def nobody_asks(n):
    return -n
'''

TESTS = """
import pytest
import formulas
from formulas import bound, squared, slow

def test_bound():
    assert bound(3) == 18

def test_bound_is_large():
    assert bound(3) > 10

@pytest.mark.parametrize("twice", [formulas.TWICE])
def test_limit(twice):
    assert twice == 6

def test_slow():
    assert slow(5) == 0

def test_triple():
    assert formulas.triple(2) == 6

assert squared(3) == 9

def test_squared():
    assert squared(3) == 9
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project of one module, in place of ours."""
    monkeypatch.setattr(mutation_sites, "ROOT", tmp_path)
    monkeypatch.setattr(mutation_runs, "ROOT", tmp_path)
    (tmp_path / "formulas.py").write_text(MODULE, encoding="utf-8")
    return tmp_path


def found(path, owner):
    return [each.mutation for each in mutation_sites.mutants(path) if each.owner == owner]


def test_what_is_changed(folder):
    """Numbers, exponents, signs, factors and comparisons; no place, sentence, assert, annotation or default."""
    assert found("formulas.py", "bound") == [
        "n >= 10 -> n > 10",
        "n >= 10 -> n <= 10",
        "10 -> 20",
        "10 -> 5",
        "2 * n ** power -> 2 / n ** power",
        "2 * n ** power -> 2",
        "2 * n ** power -> n ** power",
        "2 -> 3",
        "2 -> 1",
        "2 -> 4",
        "n ** power -> n",
        "n ** power -> n ** (power + 1)",
    ]
    assert found("formulas.py", "") == [
        "3 -> 4",
        "3 -> 2",
        "3 -> 6",
        "3 -> 1",
        "LIMIT * 2 -> LIMIT / 2",
        "LIMIT * 2 -> LIMIT",
        "LIMIT * 2 -> 2",
        "2 -> 3",
        "2 -> 1",
        "2 -> 4",
    ]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("a < b <= c", ["a <= b <= c", "a > b <= c", "a < b < c", "a < b >= c"]),
        ("a and not b", ["a or not b", "b"]),
        ("max(a, b)", ["min(a, b)"]),
        ("(a == b).all()", ["(a == b).any()", "a != b"]),
        ("a.sqrt() / -b", ["a.sqrt() * -b", "a.sqrt()", "a", "b"]),
        ('Comparison(a, "<=", b[1 + i], "a is 1 < 2")', ["'<'", "'>='"]),
        ("0.5", ["1.0", "0.25"]),
        ("True", []),
    ],
)
def test_what_stands_in_its_place(folder, formula, expected):
    (folder / "one.py").write_text(f"f = lambda a, b, c, i: {formula}\n", encoding="utf-8")
    assert [each.after for each in mutation_sites.mutants("one.py")] == expected


def test_in_a_claim_only_what_states_it(folder):
    """No test, no instance, nothing that is drawn."""
    (folder / "claims").mkdir()
    (folder / "claims" / "one.py").write_text(
        "def bound(n: int) -> Comparison: return 2 * n\n"
        "def posed(n: int) -> Problem: return 3 * n\n"
        "def test_bound() -> None: 4 * n\n"
        "@st.composite\ndef numbers(draw) -> int: return 5 * n\n"
        "DRAWN = st.integers().map(lambda n: 6 * n)\n"
        "TABLE = [lambda n: 7 * n, [8]]\n",
        encoding="utf-8",
    )
    lines = {each.text.split()[0] for each in mutation_sites.mutants("claims/one.py")}
    assert lines == {"def", "TABLE"}
    assert {each.owner for each in mutation_sites.mutants("claims/one.py")} == {"bound", "<lambda>"}


def test_in_a_strategy_how_large_draws_are_is_left_alone(folder):
    """The numbers alone that are given, by place or by name; not what is made of them, and in no other room."""
    formula = "f = lambda draw, n: 2 * draw(st.integers(1, max_value=n + 5)) + rng.uniform(0.5)\n"
    for room, left in (("strategies", {"2"}), ("solvers", {"2", "1", "5", "0.5"})):
        (folder / room).mkdir()
        (folder / room / "one.py").write_text(formula, encoding="utf-8")
        found = {each.before for each in mutation_sites.mutants(f"{room}/one.py")}
        assert {each for each in found if each.replace(".", "").isdigit()} == left
        assert "n + 5" in found


def test_in_a_claim_what_a_parameter_is_unless_falsified(folder, monkeypatch):
    """By place and by name; a lambda is an owner of its own; and what is put in is what runs."""
    (folder / "claims").mkdir()
    (folder / "claims" / "one.py").write_text(
        "def bound(n: int, a: int = 2, *, b: float = 0.5, c: object = lambda n: n / 3) -> int:\n"
        "    return c(n) * a * b\n",
        encoding="utf-8",
    )
    module = loaded(folder / "claims", monkeypatch, "one.py")
    assert module.bound(6) == 2
    given = {}
    for mutant in mutation_sites.mutants("claims/one.py"):
        if mutant.default:
            mutation_runs.put_in(mutant)
            given[mutant.mutation] = module.bound(6)
    assert given == {"2 -> 3": 3, "2 -> 1": 1, "2 -> 4": 4, "0.5 -> 1.0": 4, "0.5 -> 0.25": 1}


def test_which_functions_a_module_calls_at_import(folder):
    """By their names, for constants, parameters, decorators and in classes; none that another function calls."""
    (folder / "one.py").write_text(
        "def a(n): return n + 1\ndef b(n): return a(n) + e(n)\ndef c(n): return n\ndef d(n): return n\n"
        "def e(n): return n - 2\n@d\ndef f(n=c(1)): return lambda: b(n)\nclass G:\n    side = [a(3)]\n",
        encoding="utf-8",
    )
    early = {each.owner: each.at_import for each in mutation_sites.mutants("one.py")}
    assert early == {"a": True, "b": False, "e": False}
    assert mutation_sites.called_at_import(ast.parse((folder / "one.py").read_text("utf-8"))) == {"a", "c", "d"}


def loaded(folder, monkeypatch, name="formulas.py"):
    """The module of the project, imported."""
    spec = importlib.util.spec_from_file_location("formulas_loaded", folder / name)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "formulas_loaded", module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("mutation_", "asked", "before", "after"),
    [
        ("n ** power -> n", "bound(3)", 18, 6),
        ("n ** 2 -> n", "squared(3)", 9, 3),
        ("self.side * self.side -> self.side / self.side", "Square(2).area", 4, 1),
        ("n + n -> n", 'ROWS["double"](4)', 8, 4),
        ("n - LIMIT -> n", 'ROWS["less"](4)', 1, 4),
    ],
)
def test_what_is_put_in_is_what_runs(folder, monkeypatch, mutation_, asked, before, after):
    """In functions that are there, cached ones, properties and lambdas of one line."""
    module = loaded(folder, monkeypatch)
    assert eval(asked, vars(module)) == before
    module.squared.cache_clear()
    (mutant,) = (each for each in mutation_sites.mutants("formulas.py") if each.mutation == mutation_ and not each.nth)
    mutation_runs.put_in(mutant)
    assert eval(asked, vars(module)) == after


RUN = """
import sys
from pathlib import Path
folder = Path(sys.argv[1])
import mutation_sites
mutation_sites.ROOT = folder
import mutation_runs, pytest
options = ["-qs", "-c", str(folder / "none.ini"), str(folder)]
plugin = mutation_runs.Mutations(
    mutation_sites.mutants("formulas.py"), options, folder / "log", folder / "tests", 2, 30.0, print, 1.0
)
raise SystemExit(pytest.main(options, plugins=[plugin]))
"""


def test_mutants_meet_the_tests(folder):
    """A test that pins the constant kills, one that does not does not; a loop without an end is ended; what a
    parametrisation made of a constant is seen, and what a function of the module made at import; what is cached is made
    anew; nothing is left in the module's file; what no test reaches is told."""
    (folder / "test_formulas.py").write_text(TESTS, encoding="utf-8")
    (folder / "none.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-c", RUN, str(folder)],
        env={"PYTHONPATH": f"{Path(mutation.__file__).parent}:{mutation_rooms.ROOT}:{folder}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outcomes = {(each["owner"], each["mutation"]): each for each in mutation_runs.read_lines(folder / "log")}
    assert outcomes["bound", "2 * n ** power -> n ** power"]["outcome"] == "killed"
    assert outcomes["bound", "10 -> 20"]["outcome"] == "survived"
    assert outcomes["", "3 -> 6"]["outcome"] == "killed"
    assert outcomes["", "LIMIT * 2 -> LIMIT"]["outcome"] == "killed"
    assert outcomes["multiple", "factor * n -> n"]["outcome"] == "killed"
    assert outcomes["squared", "n ** 2 -> n"]["outcome"] == "killed"
    assert outcomes["slow", "n > 0 -> n >= 0"]["outcome"] == "killed"
    assert outcomes["slow", "1 -> 0"]["outcome"] == "timeout"
    assert outcomes["slow", "0 -> 1"]["outcome"] == "killed"
    assert outcomes["nobody_asks", "-n -> n"]["outcome"] == "unreached"
    assert (folder / "formulas.py").read_text(encoding="utf-8") == MODULE


def test_every_explained_survivor_is_a_mutant_that_there_is():
    assert all(mutation.explained().values())


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ('line = "return 2"\nmutations = ["2 -> 3"]', "no mutant '2 -> 3' of 'return 2' in strategies/widths.py"),
        ('line = "return 2"', "no mutant '' of 'return 2' in strategies/widths.py"),
        ('function = "width"', r"no mutant '' of 'width\(\)' in strategies/widths.py"),
    ],
)
def test_an_explanation_of_what_is_not_there_any_more_is_an_error(tmp_path, monkeypatch, where, named):
    text = f'[[survivor]]\nmodule = "strategies/widths.py"\n{where}\nreason = "none"\n'
    monkeypatch.setattr(mutation, "EXPLAINED", tmp_path / "explained.toml")
    monkeypatch.setattr(mutation, "relative", lambda given: given.name)
    (tmp_path / "explained.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=named):
        mutation.explained()


@pytest.mark.parametrize("path", ["solvers/guarantees/theorem_one.py", "claims/convergence/proof_ledger/lemmas.py"])
def test_every_mutant_of_a_real_module_is_one_function_that_compiles(path):
    for mutant in mutation_sites.mutants(path)[::12]:
        code = [
            each for each in mutation_runs.codes(mutation_runs.compiled(mutant)) if mutation_runs.is_of(each, mutant)
        ]
        assert len(code) == (1 if mutant.owner else 0), mutant


def test_a_sample_is_of_the_seed():
    """The same again, another by another seed; and all where there are no more."""
    chosen = [mutation_rooms.chosen("solvers", 5, seed, "solvers/guarantees/theorem_one.py") for seed in (0, 0, 1)]
    assert chosen[0] == chosen[1] != chosen[2]
    assert [len(each) for each in chosen] == [5, 5, 5]
    every = mutation_rooms.chosen("solvers", 0, 0, "solvers/guarantees/theorem_one.py")
    assert every == mutation_sites.mutants("solvers/guarantees/theorem_one.py")


def test_a_module_meets_the_tests_that_import_it_and_few_claims():
    """By its own name, and by what it defines, from the packages that export that."""
    users = mutation_rooms.users("solvers/guarantees/theorem_one.py")
    assert "tests/test_guarantees_theorem_one.py" in users
    assert len([user for user in users if user.startswith("claims/")]) == mutation_rooms.CLAIMS_ASKED
    assert "tests/test_march.py" in mutation_rooms.users("solvers/descent/march.py")
    assert "tests/test_network.py" in mutation_rooms.users("solvers/network/network.py")
    assert "tests/test_wishart.py" not in mutation_rooms.users("strategies/widths.py")
