"""The exact data of a counterexample about a trajectory of a shallow model, by name, and its letters and sentences."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from claims.counterexamples.shapes import NUMBER

Rows = list[list[Fraction]]

SHALLOW_OBJECTIVES = {
    "units": (
        "f(w) = scale E (sum s((P_i w).x) - sum s((P_i v).x))^2, x ~ N(0, I), s = max(., 0), root = 3^(1/2)",
        r"f(w) = \mathrm{scale} \; E (\sum_i s((P_i w) \cdot x) - \sum_i s((P_i v) \cdot x))^2, \; x \sim N(0, I), \; "
        r"s = \max(\cdot, 0)",
    ),
    "samples": (
        "f(w) = 1/2 mean (s(w.x) - s(v.x))^2 over the rows x of X, s with slopes 1 and slope",
        r"f(w) = \frac{1}{2} \mbox{ mean } (s(w \cdot x) - s(v \cdot x))^2 \mbox{ over the rows } x \mbox{ of } X, \; "
        r"s \mbox{ with slopes } 1 \mbox{ and } \mathrm{slope}",
    ),
    "perceptron": (
        "hinge loss of y N(x), N(x) = (2k)^(-1/2) (sum_{i <= k} s(w_i.x) - sum_{i > k} s(w_i.x)), x the rows of X, w_i "
        "those of a point, s with slopes 1 and slope; a step a sample",
        r"\max(0, 1 - y N(x))$, $N(x) = (2k)^{-1/2} (\sum_{i \le k} s(w_i \cdot x) - \sum_{i > k} s(w_i \cdot x))$, "
        r"$x$ the rows of $X$, $w_i$ those of a point, $s$ with slopes $1$ and $\mathrm{slope}$; "
        r"a step a $\mbox{sample}",
    ),
    "sensing": (
        "f(U) = 1/4 (<diag(a), U U^T> - measured)^2, U diagonal",
        r"f(U) = \frac{1}{4} (\langle \mathrm{diag}(a), U U^T \rangle - \mathrm{measured})^2, \; U \mbox{ diagonal}",
    ),
    "product": ("f(u, v) = 1/2 (u v - m)^2", r"f(u, v) = \frac{1}{2} (u v - m)^2"),
}
"""Each model's objective, in words and in LaTeX, with the letters below."""

SHALLOW_LETTERS = {
    "maps": "P",
    "truth": "v",
    "data": "X",
    "labels": "y",
    "diagonal": "a",
    "point": "U",
    "kept": "b",
    "direction": "z",
    "directions": "z",
}
"""Of matrices, lists of them, and lists of numbers."""
SHALLOW_NAMES = {
    "scale": "scale",
    "slope": "slope",
    "pairs": "k",
    "measured": "measured",
    "target": "m",
    "factor": "factor",
    "start": "alpha",
    "learning_rate": "eta",
    "value": "value",
}
"""Of single numbers."""


def shallow_data(content: dict[str, Any]) -> dict[str, Any]:
    """What the file says of its model and in its certificate, by key: fractions in place of the strings of rationals;
    numbers with pi and root, the root of 3, and the word every are as they are."""
    said = content["shallow"] | {key: value for key, value in content["certificate"].items() if key != "kind"}
    return {key: _exactly(value) for key, value in said.items()}


def _exactly(value: Any) -> Any:
    if isinstance(value, list):
        return [_exactly(part) for part in value]
    return Fraction(value) if isinstance(value, str) and re.fullmatch(f"-?{NUMBER}", value) else value


def shallow_matrices(content: dict[str, Any]) -> list[tuple[list[str], Rows]]:
    """The matrices with their letters; a list of numbers is a matrix of one row."""
    found: list[tuple[list[str], Rows]] = []
    for key, value in shallow_data(content).items():
        letter = SHALLOW_LETTERS.get(key)
        if letter is None:
            continue
        if not isinstance(value[0], list):
            found.append(([letter], [value]))
        elif isinstance(value[0][0], list):
            found += [([f"{letter}_{k}"], rows) for k, rows in enumerate(value, start=1)]
        else:
            found.append(([letter], value))
    return found


def shallow_sentences(content: dict[str, Any]) -> list[str]:
    """What is no matrix: numbers, and the factors of points."""
    said = content["shallow"] | content["certificate"]
    found = [f"{name} = {said[key]}" for key, name in SHALLOW_NAMES.items() if key in said]
    return found + [f"factor_{k} = {text}" for k, text in enumerate(said.get("factors", []), start=1)]


def latex_fact(text: str) -> str:
    """A sentence of :func:`shallow_sentences` in LaTeX, as ``$factor = \\frac{3 \\sqrt{3} + 2 \\pi}{\\pi + 1}$``."""
    name, _, value = text.partition(" = ")
    value = re.sub(r"\b([0-9]+)/([0-9]+)\b", r"\\frac{\1}{\2}", value)
    value = re.sub(r"\(([^()]+)\)/\(([^()]+)\)", r"\\frac{\1}{\2}", value)
    value = re.sub(r"\^([0-9]+)", r"^{\1}", value).replace("root", r"\sqrt{3}").replace("pi", r"\pi")
    letter, _, index = name.partition("_")
    letter = rf"\{letter}" if letter in ("alpha", "eta") else rf"\mathrm{{{letter}}}" if len(letter) > 1 else letter
    words = r"\mbox{every}" if value == "every" else value.replace("*", " ")
    return f"${letter}{f'_{{{index}}}' if index else ''} = {words}$"
