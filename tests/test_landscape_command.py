"""``python -m claims landscape``: what it reads, what it proves, and what it refuses."""

import json
import re
import shlex
import subprocess
import sys
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq

from claims.command_line import landscape, main, terminal
from claims.command_line.errors import UsageError
from claims.command_line.polynomials import monomial, polynomial_text, read_polynomial

HALF = Fraction(1, 2)
THIRTEEN = (
    "400: 4, 301: -12, 220: 18, 211: 24, 202: 24, 121: 48, 112: 12, 040: -3, 031: -12, 022: -18, 013: -16, 004: 4"
)


def answer(capsys, *arguments):
    """The exit code, what was printed and what was complained of."""
    code = main(["landscape", *arguments])
    return code, *capsys.readouterr()


def printed(capsys, *arguments):
    """What a command that ends well prints."""
    code, output, complaint = answer(capsys, *arguments)
    assert (code, complaint) == (0, "")
    return output


# Reading.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^2 + y^2", {(2, 0): 1, (0, 2): 1}),
        ("x**2", {(2, 0): 1}),
        ("(x - y)*(x + y)", {(2, 0): 1, (0, 2): -1}),
        ("-(x + 2*y)^3/2", {(3, 0): -HALF, (2, 1): -3, (1, 2): -6, (0, 3): -4}),
        ("0.1*x + +y", {(1, 0): Fraction(1, 10), (0, 1): 1}),
        ("1e-3*x", {(1, 0): Fraction(1, 1000)}),
        ("x*y - y*x + x^2", {(2, 0): 1}),
        ("x*z", {(1, 0, 1): 1}),
        ("x^3 + 0*z", {(3, 0, 0): 1}),
        ("x^(1 + 1)", {(2, 0): 1}),
        ("x^3 - 2^3^2*y^3", {(3, 0): 1, (0, 3): -512}),
        ("400: 4, 211: -1/2", {(4, 0, 0): 4, (2, 1, 1): -HALF}),
        ("(4, 0): 4; (10, 0) : 0, (3,1): 0.25", {(4, 0): 4, (3, 1): Fraction(1, 4)}),
        ("{(30, 0): 1, (0, 30): +2e0}", {(30, 0): 1, (0, 30): 2}),
        ("300: 1", {(3, 0, 0): 1}),
    ],
)
def test_polynomials_are_read_exactly(text, expected):
    assert read_polynomial(text) == expected


def test_a_dimension_may_be_asked_for():
    assert read_polynomial("x^2 - y^2", 3) == {(2, 0, 0): 1, (0, 2, 0): -1}
    assert read_polynomial("x^2 - y^2", 2) == {(2, 0): 1, (0, 2): -1}
    with pytest.raises(UsageError, match="has 3 variables; expected x and y alone in dimension 2"):
        read_polynomial("x*z", 2)


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ({(2, 0): 1, (1, 1): -1, (0, 2): Fraction(-3, 2)}, "x^2 - x*y - 3/2*y^2"),
        ({(0, 1, 2): -1}, "-y*z^2"),
        ({(0, 0): 7}, "7*1"),
    ],
)
def test_what_is_read_can_be_written(table, text):
    assert polynomial_text(table) == text
    assert monomial(()) == "1"
    if any(map(any, table)):
        assert read_polynomial(text, len(next(iter(table)))) == table


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x^2 + y", r"not homogeneous: y has degree 1 and x\^2 has degree 2; expected one degree in all terms"),
        ("x^2 + 1", r"not homogeneous: 1 has degree 0 and x\^2 has degree 2"),
        ("20: 1, 10: 3", "not homogeneous: x has degree 1"),
        ("0", "the polynomial is 0"),
        ("x - x", "the polynomial is 0"),
        ("7/2", "the polynomial is a number; expected a polynomial in x and y"),
        ("", "cannot be read"),
        ("x +", "cannot be read; expected a polynomial"),
        ("3x*y", r"a product needs a \*, as in 3\*x\*y"),
        ("x^4 + w^4", "unknown name 'w'; expected a polynomial in x and y"),
        ("e", "unknown name 'e'"),
        ("sin(x)", r"has 'sin\(x\)'; expected only numbers, x, y, z, the signs"),
        ("__import__('os').system('true')", "expected only numbers"),
        ("x.real", "expected only numbers"),
        ("[x][0]", "expected only numbers"),
        ("x if y else z", "expected only numbers"),
        ("True*x", "has 'True'; expected only numbers"),
        ("'x'", "expected only numbers"),
        ("1j*x", "has '1j'; expected only numbers"),
        ("x // 2", "expected only numbers"),
        ("x @ y", "expected only numbers"),
        ("~x", "expected only numbers"),
        ("0x10*x", "'0x10' is not a number; expected one as in 3, -1/2 or 0.25"),
        ("x/y", "divided by y; expected division by numbers alone"),
        ("x/(1 - 1)", "divided by 0"),
        ("x^y", "the exponent y is not one; expected a whole number from 0 to 60"),
        ("x^-1", "the exponent -1 is not one"),
        ("x^0.5", "the exponent 0.5 is not one"),
        ("x^61", "the exponent 61 is not one"),
        ("x^40*y^40", "a term of degree 80; expected at most 60"),
        ("((2^60)^60)^60*x", "more than 200 digits"),
        ("1e999999999*x", "more than 200 digits"),
        ("x^2^2^2^2^2", "is not one; expected a whole number"),
        ("x" * 20_001, "has 20001 characters; expected at most 20000"),
        ("(" * 5000 + "x" + ")" * 5000, "cannot be read"),
        ("-" * 15_000 + "x", "cannot be read"),
        ("400: 4, 21: 3", "two in one term and three in another"),
        ("400: 4, 400: 3", "has 400 twice; expected it once"),
        ("400: four", "the table of exponents cannot be read at '400: four'; expected exponents and coefficients"),
        ("4000: 1", "cannot be read at '4000: 1'"),
        ("20: 1/0", "'1/0' is not a number"),
        ("lambda: x", "the table of exponents cannot be read"),
        ("{(2, 0): 1", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_cannot_be_read_is_refused_with_what_would_be_right(capsys, text, sentence):
    if sentence is None:  # a brace left open is no harm
        assert read_polynomial(text) == {(2, 0): 1}
        return
    code, output, complaint = answer(capsys, "--", text)
    assert (code, output) == (2, "")
    assert re.search(sentence, complaint)
    assert complaint.startswith("python -m claims landscape: error: ")
    assert "Traceback" not in complaint


@pytest.mark.parametrize(
    "options", [["--digits", "0"], ["--digits", "31"], ["--digits", "x"], ["--dimension", "4"], []]
)
def test_options_that_make_no_sense_are_usage_errors(capsys, options):
    code, output, complaint = answer(capsys, *options, *(["x^2 - y^2"] if options else []))
    assert (code, output) == (2, "")
    assert complaint.startswith("usage: ")


# What no complete list can be given of.


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x^3", r"a degenerate critical point.* near \(0, 1\); expected nondegenerate"),
        ("x^3 + y^3 + 0*z", r"degenerate critical point.* near \(0, 0, 1\)"),
        ("(x^2 + y^2)^2", "constant on the sphere, where every point is critical"),
        ("x^2 + 0*z", "infinitely many critical lines"),
        ("x^11 + y^11 + z^11", "has degree 11 in 3 variables; expected at most 10"),
    ],
)
def test_what_is_not_certified_is_said_and_why(capsys, text, sentence):
    code, output, complaint = answer(capsys, text)
    assert (code, output) == (1, "")
    assert re.search(sentence, complaint)
    assert complaint.startswith("not certified: ")


# What is printed.


def test_a_complete_landscape_is_printed_with_its_proof(capsys):
    output = printed(capsys, "x^4 + y^4 - 3*x^2*y^2")
    lines = output.splitlines()
    assert lines[0] == "f = x^4 - 3*x^2*y^2 + y^4"
    assert lines[1] == "on the circle: 8 critical points, 4 maxima, 4 minima"
    assert re.match(r"maximum +1 +1.00000000000 +0 +1.00000000000 +\d\d digits$", lines[4])
    assert re.match(r"minimum +0 +-0.250000000000 +0.707106781187 +0.707106781187 +\d\d digits$", lines[8])
    assert "Complete: 4 real critical lines, counted exactly (degree 4 has 4 at most), and 8 boxes, disjoint" in output
    assert "the sum of (-1)^index is 0, the Euler characteristic of the circle (Poincare-Hopf)" in output


def test_all_thirteen_lines_for_a_program_to_read(capsys):
    """Value, index, kind, digits of each point; the proof's numbers; every decimal within a unit of its last digit."""
    found = json.loads(printed(capsys, THIRTEEN, "--json", "--digits", "9"))
    assert (found["dimension"], found["degree"]) == (3, 4)
    assert found["counts"] == {"maximum": 8, "saddle": 12, "minimum": 6}
    assert found["proof"] == {
        "real_critical_lines": 13,
        "boxes": 26,
        "sum_of_signs": 2,
        "euler_characteristic": 2,
        "most_lines_at_this_degree": 13,
    }
    assert {(point["kind"], point["index"]) for point in found["points"]} == {
        ("maximum", 2),
        ("saddle", 1),
        ("minimum", 0),
    }
    table = read_polynomial(THIRTEEN)
    assert read_polynomial(found["polynomial"]) == table
    for point in found["points"]:
        assert point["certified_digits"] >= 30
        u = [Fraction(entry) for entry in point["point"]]
        value = sum(c * u[0] ** e[0] * u[1] ** e[1] * u[2] ** e[2] for e, c in table.items())
        assert abs(value - Fraction(point["value"])) < Fraction(1, 10**6)
        assert abs(sum(entry**2 for entry in u) - 1) < Fraction(1, 10**7)


def test_more_digits_are_as_right(capsys):
    (first, *_) = json.loads(printed(capsys, "x^3 + y^3/2", "--json", "--digits", "30"))["points"]
    assert first["value"] == "1.00000000000000000000000000000"
    saddle = json.loads(printed(capsys, "x^2 + x*y", "--json", "--digits", "30"))["points"][0]["value"]
    with ctx.workprec(200):
        assert abs(arb(saddle) - (1 + arb(2).sqrt()) / 2) <= arb(10) ** -29
    assert len(saddle) == 31


@pytest.mark.parametrize(
    ("ball", "digits", "expected"),
    [
        (arb(fmpq(1, 3), 1e-5), 12, "0.3333"),
        (arb(0, 1e-20), 12, "0"),
        (arb(0), 12, "0"),
        (arb(2), 3, "2.00"),
    ],
)
def test_digits_that_are_not_certified_are_not_printed(ball, digits, expected):
    assert landscape._decimal(ball, digits) == expected


def test_the_sphere_may_be_asked_for(capsys):
    assert "on the circle: 4 critical" in printed(capsys, "x^2 - y^2")
    assert "on the sphere: 6 critical" in printed(capsys, "x^2 - y^2", "--dimension", "3")


def test_a_polynomial_may_begin_with_a_minus(capsys):
    assert printed(capsys, "--", "-x^3 + y^3").startswith("f = -x^3 + y^3")


@pytest.mark.parametrize("columns", [80, 120])
def test_lines_fit_the_terminal(capsys, monkeypatch, columns):
    monkeypatch.setattr(terminal, "_is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    output = printed(capsys, THIRTEEN, "--digits", "8").splitlines()
    assert max(map(len, output)) <= columns


def test_every_example_of_the_help_is_certified(capsys):
    examples = re.findall(r"%\(prog\)s (.+)", landscape.EXAMPLES)
    assert len(examples) >= 4
    for example in examples:
        assert printed(capsys, *shlex.split(example))


def test_nothing_heavy_is_imported_for_help_or_a_refusal(tmp_path):
    """The solvers are for what was understood."""
    program = "import sys; from claims.command_line import main; main(['landscape', 'x^2 + y']); print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert "claims.command_line.landscape" in result.stdout.split()
    assert not {"numpy", "flint", "solvers", "sympy", "hypothesis"} & set(result.stdout.split())
