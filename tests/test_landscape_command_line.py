"""``python -m claims`` on counterexamples about landscapes: shown, cited and exported with their exact data."""

import json
import re
from fractions import Fraction

import numpy as np
import pytest
from cli import LANDSCAPES, answer, check_latex, matrices, printed

from claims.command_line.counterexample_files import counterexample_files
from claims.command_line.landscape_data import LETTERS, OBJECTIVES, latex_polynomial, latex_sentence
from claims.counterexamples.catalogue import digest
from claims.counterexamples.landscape_files import MODELS

ENTRIES = counterexample_files()


@pytest.fixture
def own_file(tmp_path):
    """``own_file("DLX-040", landscape={...})``: a landscape of the user's own in a file, with the right digest."""

    def write(uid, **changes):
        content = dict(ENTRIES[uid].content) | {"uid": "DLX-000"} | changes
        path = tmp_path / "found.json"
        path.write_text(json.dumps(content | {"sha256": digest(content)}), encoding="utf-8")
        return path

    return write


def numbers(value):
    """All fractions in nested lists."""
    if isinstance(value, list):
        return [number for part in value for number in numbers(part)]
    return [value] if isinstance(value, Fraction) else []


def test_every_model_has_an_objective():
    assert OBJECTIVES.keys() == MODELS.keys()


@pytest.mark.parametrize("uid", LANDSCAPES)
def test_showing_names_the_objective_and_what_it_bears_on(capsys, uid):
    output = printed(capsys, "show", uid)
    assert OBJECTIVES[ENTRIES[uid].model][0] in output
    assert f"bears on      {ENTRIES[uid].claim}" in output
    assert json.loads(printed(capsys, "show", uid, "--json"))["landscape"] == ENTRIES[uid].content["landscape"]


@pytest.mark.parametrize("command", ["cite", "export"])
@pytest.mark.parametrize("uid", LANDSCAPES)
def test_latex_has_the_exact_matrices(capsys, uid, command):
    """Read back from the equations; and the polynomials and values beside them, every number of the entry somewhere."""
    fragment = printed(capsys, command, uid, "--format", "latex")
    check_latex(fragment)
    lines = [line for line in fragment.splitlines() if not line.startswith((r"\[ f(", "%"))]
    found = matrices("\n".join(line for line in lines if line.startswith(r"\[")))
    entry = ENTRIES[uid]
    greek = {"eta": r"\eta", "lambda": r"\lambda"}
    plain = {names[0]: rows for names, rows in entry.matrices}
    expected = {greek.get(name, re.sub(r"_(\d+)", r"_{\1}", name)): rows for name, rows in plain.items()}
    assert found == expected
    assert expected
    assert OBJECTIVES[entry.model][1] in fragment
    if entry.sentences:
        assert ", ".join(map(latex_sentence, entry.sentences)) + "." in lines


@pytest.mark.parametrize("uid", LANDSCAPES)
def test_plain_text_has_every_number(capsys, uid):
    """In the matrices, or in the sentences beside them."""
    text = printed(capsys, "cite", uid, "--format", "text")
    words = re.findall(r"-?\d+(?:/\d+)?", text)
    assert {str(number) for value in ENTRIES[uid].data.values() for number in numbers(value)} <= set(words)
    for part in (*ENTRIES[uid].content["landscape"].get("losses", []), ENTRIES[uid].sha256):
        assert part in text


@pytest.mark.parametrize("uid", LANDSCAPES)
def test_exported_python_is_the_entry_exactly(capsys, uid):
    names = {}
    exec(printed(capsys, "export", uid, "--format", "python"), names)
    data = ENTRIES[uid].data
    assert {key: names[key] for key in data} == data
    assert names["exact"] is True
    assert all(type(number) is Fraction for key in data for number in numbers(names[key]))


@pytest.mark.parametrize("uid", LANDSCAPES)
def test_exported_numpy_is_the_entry_rounded_and_says_whether_it_is_exact(capsys, uid):
    names = {}
    exec(printed(capsys, "export", uid, "--format", "numpy"), names)
    data = ENTRIES[uid].data
    every = [number for value in data.values() for number in numbers(value)]
    assert names["exact"] is all(number == Fraction(float(number)) for number in every)
    for key, value in data.items():
        if numbers(value):
            assert np.array_equal(names[key], np.array(value, dtype=np.float64))
            assert np.asarray(names[key]).dtype == np.float64
        else:
            assert names[key] == value


def test_some_entries_are_exact_in_floats_and_some_are_not(capsys):
    found = {"exact = True" in printed(capsys, "export", uid, "--format", "numpy") for uid in LANDSCAPES}
    assert found == {True, False}


def test_numbers_beyond_floats_are_refused_in_numpy(own_file, capsys):
    path = own_file("DLX-030", landscape={"model": "factorization", "target": [["1" + "0" * 400]]})
    code, output, complaint = answer(capsys, "export", str(path), "--format", "numpy")
    assert (code, output) == (2, "")
    assert "beyond float64; expected --format python" in complaint


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("-1/2*x^12*y", r"-\frac{1}{2} x^{12} y"),
        ("1 - 2*t^2", r"1 - 2 t^{2}"),
        ("delta = sqrt 32/81", r"\delta = (\frac{32}{81})^{1/2}"),
        ("loss_2 = s", r"\ell_{2} = s"),
        ("f(U_1) = 1/4", r"f(U_{1}) = \frac{1}{4}"),
        ("2*alpha", r"2 \mathrm{alpha}"),
    ],
)
def test_polynomials_in_latex(text, latex):
    assert latex_polynomial(text) == latex


@pytest.mark.parametrize(
    "landscape",
    [
        {"names": ["x", "y", "z"], "polynomial": "x^4} \\input{y"},
        {"names": ["x%", "y", "z"], "polynomial": "y^4"},
        {"names": ["x", "y", "z"], "polynomial": "$x$"},
        {"names": ["x", "y", "\n"], "polynomial": "x^4"},
    ],
)
def test_a_hostile_polynomial_is_no_counterexample(own_file, capsys, landscape):
    """It would stand in LaTeX and in code."""
    for command in (("cite",), ("export", "--format", "python"), ("show",)):
        path = own_file("DLX-040", landscape={"model": "form"} | landscape)
        code, output, complaint = answer(capsys, *command, str(path))
        assert (code, output) == (2, "")
        assert "expected" in complaint


def test_a_hostile_statement_stays_in_a_comment(own_file, capsys):
    refutes = dict(ENTRIES["DLX-042"].content["refutes"]) | {"statement": '} \\end{x} % $ """ \''}
    path = str(own_file("DLX-042", title='} # \\ """ $', refutes=refutes))
    check_latex(printed(capsys, "cite", path, "--format", "latex"))
    for form in ("python", "numpy"):
        exec(printed(capsys, "export", path, "--format", form), {})


def test_it_is_checked_twice_and_listed(capsys):
    lines = printed(capsys, "check", "DLX-046").splitlines()
    assert [line.split(": ")[0] for line in lines] == ["DLX-046 verified by check.py", "DLX-046 verified by verify.py"]
    listed = printed(capsys, "list").splitlines()
    assert [line.split()[:2] for line in listed if line.startswith("DLX-046")] == [["DLX-046", "DL-041"]]


def test_letters_are_of_parts_that_there_are():
    """A part that is renamed would silently lose its letter."""
    keys = {key for uid in LANDSCAPES for key in ENTRIES[uid].data}
    assert LETTERS.keys() - keys == set()
