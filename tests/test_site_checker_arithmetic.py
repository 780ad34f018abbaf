"""The arithmetic of the checker in the browser, run by Node: against Python, SymPy and check.py."""

from __future__ import annotations

import hashlib
import json
import math
import random
from fractions import Fraction

import pytest
import sympy
from in_node import node

from claims.counterexamples.constants import AROUND
from claims.counterexamples.derivatives import inertia


def test_the_digest_is_sha256_of_the_canonical_text():
    """Of all lengths about a block, and of keys and characters that sort and escape in their own way."""
    texts = ["a" * length for length in range(140)] + ["~ !" * 1000]
    assert node("const answer = DLC.sha256;", texts) == [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    odd = {
        "\U0001f600": 1,
        "\uffff": [True, False, None],
        "\u00e9": {"b": '\x7f\u2028"\\/\b\f\n\r\t', "a": ""},
        "": 999999,
    }
    assert node("const answer = (x) => DLC.canonical(DLC.readJson(JSON.stringify(x)));", [odd]) == [
        json.dumps(odd, sort_keys=True, separators=(",", ":"))
    ]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (' {"a" : [ 1 , "b" ] } ', True),
        (r'{"a": "\u0041\/\ud83d\ude00"}', True),
        ('{"__proto__": {"a": 1}, "constructor": 2}', True),
        ('{"a": 1, "a": 1}', False),
        ('{"__proto__": 1, "__proto__": 2}', False),
        ('{"a": -1}', False),
        ('{"a": 01}', False),
        ('{"a": 1.0}', False),
        ('{"a": 1e5}', False),
        ('{"a": 1234567}', False),
        ('{"a": "\t"}', False),
        (r'{"a": "\x41"}', False),
        (r'{"a": "\u00"}', False),
        ('{"a": 1,}', False),
        ("{'a': 1}", False),
        ('{"a": tru}', False),
        ('{"a" 1}', False),
        ("{} {}", False),
        ("\ufeff{}", False),
        ("[" * 40 + "]" * 40, False),
    ],
)
def test_json_is_read_strictly(text, good):
    reading = """const answer = (x) => {
        try { return DLC.canonical(DLC.readJson(x)); } catch (error) { return error instanceof DLC.Refused; } };"""
    (found,) = node(reading, [text])
    assert (found != True) == good  # noqa: E712 - a text, or true
    assert not good or json.loads(found) == json.loads(text)


def test_inertia_is_that_of_check_py():
    """Of random symmetric matrices, singular ones and those with zeros on the diagonal too."""
    draw, drawn = random.Random(1), []
    for _ in range(60):
        size = draw.randint(1, 6)
        rank = draw.randint(0, size)
        half = [[Fraction(draw.randint(-2, 2), draw.randint(1, 3)) for _ in range(size)] for _ in range(rank)]
        signs = [draw.choice([-1, 1]) for _ in half]
        columns = list(zip(*half, strict=True)) or [()] * size
        drawn.append(
            [[sum(map(math.prod, zip(signs, a, b, strict=True)), Fraction(0)) for b in columns] for a in columns]
        )
    drawn += [[[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]]]
    made = "const answer = (a) => Object.values(DLC.matrix.inertia(a.map((row) => row.map(DLC.rational.number))));"
    assert node(made, [[[str(x) for x in row] for row in a] for a in drawn]) == [list(inertia(a)) for a in drawn]


def test_numbers_with_pi_and_root_are_those_of_sympy():
    """Enclosed by rationals that contain check.py's; sums, products, quotients and signs."""
    close = "const answer = (bits) => Object.values(DLC.real.enclosures(bits)).map((ends) => ends.map(String));"
    for bits, found in zip((64, 160, 300), node(close, [64, 160, 300]), strict=True):
        for (low, high), ends in zip(([Fraction(x) for x in pair] for pair in found), AROUND.values(), strict=True):
            assert low <= ends[0] < ends[1] <= high
            assert high - low < Fraction(1, 2 ** (bits - 16))
    texts = [
        "(3*root + 2*pi)/(3*root + 5*pi)",
        "pi^2 - 987/100",
        "root - 1/2*pi",
        "(pi - 22/7)/(root^3 - 3*root + 1)",
        "-pi",
    ]
    letters = {"pi": sympy.pi, "root": sympy.sqrt(3)}
    exact = [sympy.sympify(text.replace("^", "**"), locals=letters) for text in texts]
    pairs = [(i, j) for i in range(len(texts)) for j in range(len(texts))]
    made = """const answer = ([a, b]) => { const [x, y] = [a, b].map(DLC.real.read); const R = DLC.real;
        return [R.plus(x, y), R.minus(x, y), R.times(x, y), R.over(x, y)].map((z) => [String(z), R.sign(z)]); };"""
    for (i, j), found in zip(pairs, node(made, [(texts[i], texts[j]) for i, j in pairs]), strict=True):
        x, y = exact[i], exact[j]
        for (text, sign), value in zip(found, (x + y, x - y, x * y, x / y), strict=True):
            again = sympy.sympify(text.replace("^", "**"), locals=letters)
            assert abs(sympy.N(again - value, 60, maxn=200)) < 10**-50
            assert sign == (0 if again == 0 else sympy.sign(sympy.N(value, 40)))


def test_roots_are_enclosed():
    """Exactly where they are rational, else within 2^-120 of their size."""
    values = [Fraction(0), Fraction(4, 9), Fraction(2), Fraction(1, 3), Fraction(10**40 + 1), Fraction(1, 10**40 + 1)]
    made = """const answer = (x) => {
        const { low, high } = DLC.interval.rootOf(DLC.rational.number(x)); return [low, high].map(String); };"""
    for value, found in zip(values, node(made, map(str, values)), strict=True):
        low, high = map(Fraction, found)
        assert low**2 <= value <= high**2
        assert (low == high) == all(math.isqrt(part) ** 2 == part for part in value.as_integer_ratio())
        assert high - low <= high / 2**120
