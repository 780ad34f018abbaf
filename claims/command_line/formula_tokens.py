"""The pieces of a formula in plain text: letters with their subscripts, numbers, signs, brackets, and words between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NAMES = (
    "alpha beta gamma delta eta theta kappa lambda mu nu pi rho sigma tau phi chi psi omega zeta xi "
    "Gamma Delta Theta Lambda Pi Sigma Phi Psi Omega"
)
SHORT_NAMES = {"al": "alpha", "th": "theta", "ps": "psi", "ph": "varphi", "lam": "lambda", "sig": "sigma"}
GREEK = (
    {name: f"\\{name}" for name in NAMES.split(" ")}
    | {short: f"\\{name}" for short, name in SHORT_NAMES.items()}
    | {"eps": r"\varepsilon", "infinity": r"\infty"}
)
"""By name, and by the short names that long formulas have."""
OF_LATEX = "ln log exp max min det cos sin tan cot cosh sinh tanh inf sup"
FUNCTIONS = {name: f"\\{name}" for name in OF_LATEX.split(" ")} | {
    "sqrt": r"\sqrt",
    "hat": r"\hat",
    "sum": r"\sum",
    "prod": r"\prod",
    "int": r"\int",
    "log10": r"\log_{10}",
    **{
        name: rf"\mathop{{\mathrm{{{name}}}}}\nolimits"
        for name in ["tr", "rank", "diag", "vec", "Re", "Sing", "row", "col", "sign", "grad", "acos", "ceil", "coth"]
    },
}
PAIRS = {"(": ")", "[": "]", "{": "}"}
TOKEN = re.compile(
    r"(?P<code>``[^`]+``)"
    r"|(?P<reference>arXiv:[\w./-]*\w|DLX?-\w+|[A-Z]{1,6}\d\d\b)"
    r"|(?P<number>\d+(?:\.\d+)?|(?<![\w.)\]}])\.\d+)"
    r"|(?P<dots>\.{2,3})"
    r"|(?P<operator><=|>=|!=|->|<-|\+-|-\+|==|[=<>+*/-])"
    r"|(?P<bar>\|\||\|)"
    r"|(?P<apostrophe>(?<=\w)'s\b(?![_^(])|(?<=[a-z][a-z]s)'(?=\s))"
    r"|(?P<word>log10|d2W|[A-Z]\d(?![\d.])|[A-Za-z]+)"
    r"|(?P<space>\s+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
LETTER = re.compile(rf"[A-Za-z]\d?$|d2?[A-Z]$|d(?:[fglmprstuvwxyz]|{'|'.join(GREEK)})$")

STARRED = re.compile(rf"(?:[A-Za-z]|{'|'.join(GREEK)})$")
"""What a star behind it belongs to, as in ``w*``."""


@dataclass
class Token:
    """A piece of the text; ``formula`` says that it is part of one, and ``latex`` is how, if not by the tables.
    ``source`` is what was typed, scripts and all."""

    kind: str
    text: str
    latex: str = ""
    formula: bool = False
    scripts: list[str] = field(default_factory=list)
    source: str = ""

    @property
    def takes_scripts(self) -> bool:
        return self.kind in ("word", "number", "bar") or self.text in (*PAIRS.values(), ">")

    @property
    def may_be_primed(self) -> bool:
        """A word with an apostrophe behind it is no letter with a prime."""
        return bool(self.scripts or LETTER.match(self.text)) or self.text in (*GREEK, *PAIRS.values())


def scanned(text: str) -> list[Token]:
    """Tokens, each with its primes, subscripts and superscripts."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        sign = text[position]
        if tokens and tokens[-1].takes_scripts:
            argument, end = _argument(text, position + 1) if sign in "_^" else (None, position)
            if argument is not None:
                tokens[-1].scripts.append(sign + argument)
                tokens[-1].source += text[position:end]
                position = end
                continue
            if sign == "'" and tokens[-1].may_be_primed and not re.match(r"'s\b(?![_^(])", text[position:]):
                tokens[-1].scripts.append("'")
                tokens[-1].source += sign
                position += 1
                continue
            if sign == "*" and STARRED.match(tokens[-1].text) and not re.match(r"[A-Za-z0-9(]", text[position + 1 :]):
                tokens[-1].scripts.append("^*")
                tokens[-1].source += sign
                position += 1
                continue
        match = TOKEN.match(text, position)
        assert match is not None
        tokens.append(Token(str(match.lastgroup), match.group(), source=match.group()))
        position = match.end()
    return tokens


def _argument(text: str, position: int) -> tuple[str | None, int]:
    """What is raised or lowered, and where it ends: a group in brackets, a number, a word or a sign."""
    if text[position : position + 1] in ("{", "("):
        opening, depth = text[position], 0
        for end in range(position, len(text)):
            depth += (text[end] == opening) - (text[end] == PAIRS[opening])
            if not depth:
                return text[position + 1 : end], end + 1
    match = re.compile(r"-?(?:\d+|[A-Za-z]+)|\+-|-\+|[+*-]").match(text, position)
    return (match.group(), match.end()) if match else (None, position)
