"""The exact data of a counterexample about a landscape, by name, and how its letters and polynomials are written."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from claims.counterexamples.landscape_files import WORDS

Rows = list[list[Fraction]]

OBJECTIVES = {
    "factorization": ("f(U) = 1/4 |U U^T - M|^2", r"f(U) = \frac{1}{4} \|U U^T - M\|_F^2"),
    "completion": (
        "f(U) = 1/4 sum P_ij (U U^T - Z Z^T)_ij^2",
        r"f(U) = \frac{1}{4} \sum_{i,j} P_{ij} (U U^T - Z Z^T)_{ij}^2",
    ),
    "sensing": (
        "f(U) = 1/4 <N, T N>, N = U U^T - Z Z^T, T X = c X + sum C_ab B_a <B_b, X>",
        r"f(U) = \frac{1}{4} \langle N, T N \rangle, \; N = U U^T - Z Z^T, \; "
        r"T X = c X + \sum_{a,b} C_{ab} B_a \langle B_b, X \rangle",
    ),
    "phase": (
        "f(U) = 1/4 sum ((a.U)^2 - (a.Z)^2)^2 over the rows a of A",
        r"f(U) = \frac{1}{4} \sum_l ((A U)_l^2 - (A Z)_l^2)^2",
    ),
    "quadratic": (
        "f(U) = sum loss_l(|U^T x_l|^2), x_l the rows of X",
        r"f(U) = \sum_l \ell_l(\|U^T x_l\|^2), \; x_l \mbox{ the rows of } X",
    ),
    "tensor": (
        "f(u) = sum lambda_i <a_i, u>^p on |u| = 1, a_i the rows of A",
        r"f(u) = \sum_i \lambda_i \langle a_i, u \rangle^p, \; |u| = 1, \; a_i \mbox{ the rows of } A",
    ),
    "form": ("f(u) is the polynomial, on |u| = 1", r"f(u) \mbox{ is the polynomial below}, \; |u| = 1"),
    "relu": (
        "f(U) = 1/2 sum (w_2 max(w_1 x + b_1, 0) + b_2 - y)^2, U = (w_1, b_1, w_2, b_2), over the rows (x, y) of D",
        r"f(U) = \frac{1}{2} \sum_{(x,y)} (w_2 \max(w_1 x + b_1, 0) + b_2 - y)^2, \; U = (w_1, b_1, w_2, b_2), \; "
        r"(x, y) \mbox{ the rows of } D",
    ),
}
"""Each model's objective, in words and in LaTeX, with the letters below."""

LETTERS = {
    "target": "M",
    "pattern": "P",
    "signal": "Z",
    "identity": "c",
    "matrices": "B",
    "vectors": "A",
    "inputs": "X",
    "components": "A",
    "data": "D",
    "point": "U",
    "better": "V",
    "points": "U",
    "learning_rate": "eta",
    "order": "p",
    "losses": "loss",
    "polynomial": "f",
    "period": "period",
}


def landscape_data(content: dict[str, Any]) -> dict[str, Any]:
    """What the file says of its model and in its certificate, by key: fractions in place of the strings of numbers."""
    said = content["landscape"] | {key: value for key, value in content["certificate"].items() if key != "kind"}
    return {key: value if key in WORDS else _exactly(value) for key, value in said.items()}


def _exactly(value: Any) -> Any:
    if isinstance(value, list):
        return [_exactly(part) for part in value]
    return Fraction(value) if isinstance(value, str) else value


def lettered(content: dict[str, Any]) -> list[tuple[list[str], Rows]]:
    """The matrices with their letters; a number or a list of numbers is a matrix of one row."""
    found: list[tuple[list[str], Rows]] = []
    for key, value in landscape_data(content).items():
        letter = LETTERS.get(key, "")
        if key == "coefficients":
            letter = "lambda" if content["landscape"]["model"] == "tensor" else "C"
        if isinstance(value, Fraction) and letter:
            found.append(([letter], [[value]]))
        elif letter and isinstance(value, list) and isinstance(value[0], Fraction):
            found.append(([letter], [value]))
        elif letter and isinstance(value, list) and isinstance(value[0], list):
            several = isinstance(value[0][0], list)
            names = [f"{letter}_{k}" for k in range(1, len(value) + 1)] if several else [letter]
            found += [([name], rows) for name, rows in zip(names, value if several else [value], strict=True)]
    return found


def sentences(content: dict[str, Any]) -> list[str]:
    """What is no matrix: polynomials, values, and what the certificate says of them."""
    said, model = content["certificate"], content["landscape"]
    found = [f"loss_{k} = {text}" for k, text in enumerate(model.get("losses", []), start=1)]
    found += [f"f = {model['polynomial']} in {', '.join(model['names'])}"] if "polynomial" in model else []
    found += [f"p = {model['order']}"] if "order" in model else []
    found += [f"delta = {model['delta']}"] if "delta" in model else []
    found += [f"f(U) = {said['value']}"] if "value" in said else []
    found += [f"f(V) = {said['better_value']}"] if "better_value" in said else []
    values = zip(said.get("values", []), said.get("indices", []), strict=True)
    found += [f"f(U_{k}) = {value}, index {index}" for k, (value, index) in enumerate(values, start=1)]
    if "curve" in said:
        rows = "; ".join(", ".join(row) for row in said["curve"])
        found.append(f"along ({rows}) f changes by {said['coefficient']} t^{said['power']} + ...")
    found += [f"period {said['period']}"] if "period" in said else []
    return found


def latex_sentence(text: str) -> str:
    """A sentence of :func:`sentences` in LaTeX: what looks like mathematics is."""
    words = re.split(r"( in |, index |along | f changes by |period )", text)
    return "".join(_latex_part(part, k) for k, part in enumerate(words))


def _latex_part(part: str, place: int) -> str:
    if place % 2:
        return part.replace(" f ", " $f$ ")
    return f"${latex_polynomial(part)}$" if part else ""


def latex_polynomial(text: str) -> str:
    """``-1/2*x^12*y`` as ``-\\frac{1}{2} x^{12} y``; names of several letters are upright."""
    text = re.sub(r"sqrt ([0-9]+/[0-9]+|[0-9]+)", r"(\1)^1/2", text)
    text = re.sub(r"\b([0-9]+)/([0-9]+)\b", r"\\frac{\1}{\2}", text)
    text = re.sub(r"\^\\frac\{1\}\{2\}", r"^{1/2}", text)
    text = re.sub(r"\^([0-9]+)", r"^{\1}", text)
    text = re.sub(r"loss_([0-9]+)", r"\\ell_{\1}", text)
    text = re.sub(r"U_([0-9]+)", r"U_{\1}", text)
    text = re.sub(r"\bdelta\b", r"\\delta", text)
    text = re.sub(r"(?<![\\a-zA-Z])([a-z]{2,})(?![a-z{])", r"\\mathrm{\1}", text)
    return text.replace("*", " ").replace("...", r"\dots")
