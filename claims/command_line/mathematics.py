r"""From a sentence with formulas in plain text, "sigma_min(W) >= c for every W", to text and mathematics for LaTeX.

The formulas are those of the statements: ``W_{j+1}^T``, ``||W - Phi||_F``, ``<=``, Greek letters as words. What is no
formula stays text, and nothing is lost: a word that is not known is printed as it is. Brackets are plain, never
``\left``, so that LaTeX can break a formula at its relations. No package is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.command_line.formula_sorting import script_tokens, sorted_tokens
from claims.command_line.formula_tokens import FUNCTIONS, GREEK, PAIRS, Token

ESCAPES = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
}
OPERATORS = {
    "<=": r"\le",
    ">=": r"\ge",
    "!=": r"\ne",
    "->": r"\to",
    "<-": r"\leftarrow",
    "+-": r"\pm",
    "-+": r"\mp",
    "==": "=",
    **{sign: sign for sign in "=<>+-*/"},
}
BARS = {"||": r"\|", "|": "|"}
BREAKS_AFTER = 32
"""A stretch of a formula of more characters, as it was typed, gets places to break besides its relations."""


def latex_text(text: str) -> str:
    """Words for LaTeX, every character of which is printed as it is."""
    return "".join(ESCAPES.get(character, character) for character in text)


def typewriter(text: str) -> str:
    """Code as it is, with places to break after its signs."""
    pieces = re.split(r"(?<=[./,_:(=])(?=\S)", text)
    return r"\texttt{" + r"\allowbreak ".join(map(latex_text, pieces)) + "}"


@dataclass(frozen=True)
class Part:
    """The tokens of one formula of a sentence, or one token of the text around."""

    tokens: tuple[Token, ...]

    @property
    def formula(self) -> bool:
        return self.tokens[0].formula

    @property
    def source(self) -> str:
        """What was typed."""
        return "".join(token.source for token in self.tokens)


def parts(text: str, *, stacked: bool = True) -> list[Part]:
    """A sentence's formulas, and the words, signs and spaces between them; a quotient before a factor is a fraction if
    ``stacked``."""
    tokens = sorted_tokens(" ".join(text.split()))
    if stacked:
        _stack(tokens)
    found, position = [], 0
    while position < len(tokens):
        end = position + 1
        if tokens[position].formula:
            while end < len(tokens) and (tokens[end].formula or tokens[end].kind == "space"):
                end += 1
            while tokens[end - 1].kind == "space":
                end -= 1
        found.append(Part(tuple(tokens[position:end])))
        position = end
    return found


def latex_sentence(text: str) -> str:
    """Text with its formulas between dollar signs."""
    return _quoted("".join(_formula(each.tokens) if each.formula else _words(each.tokens[0]) for each in parts(text)))


def latex_formula(tokens: Sequence[Token]) -> str:
    """A formula's LaTeX, without dollar signs and without places to break it."""
    return tidy("".join(" " if token.kind == "space" else _signed(tokens, at) for at, token in enumerate(tokens)))


def _signed(tokens: Sequence[Token], position: int) -> str:
    """A token; a minus behind a bar is a sign, since a difference has none to its left."""
    unary = tokens[position].text == "-" and position > 0 and tokens[position - 1].kind == "bar"
    return "{-}" if unary else latex_token(tokens[position])


def _stack(tokens: list[Token]) -> None:
    r"""``eta/2 c`` is a half of both: the quotient becomes a fraction, since ``\\eta/2c`` would read otherwise."""
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for position, token in enumerate(tokens):
        if token.text == "(":
            opened.append(position)
        elif token.text == ")" and opened:
            pairs[position] = opened.pop()
        if token.text != "/" or position + 3 >= len(tokens) or not position:
            continue
        before, under, gap, factor = tokens[position - 1], *tokens[position + 1 : position + 4]
        multiplied = gap.kind == "space" and factor.formula and factor.kind not in ("operator", "dots")
        if under.kind not in ("number", "word") or not (token.formula and under.formula and multiplied):
            continue
        if under.text in FUNCTIONS or (position > 2 and tokens[position - 3].text in (*FUNCTIONS, "d")):
            continue
        if factor.text in (*PAIRS.values(), ",", "|") and not factor.scripts:
            continue
        start = pairs.get(position - 1, position - 1)
        start -= start > 0 and before.text == ")" and tokens[start - 1].kind == "word"
        glued = (
            start > 0 and tokens[start - 1].kind not in ("space", "operator") and tokens[start - 1].text not in PAIRS
        )
        if glued or before.kind not in ("word", "number", "sign") or (before.kind == "sign" and before.text != ")"):
            continue
        if before.text == ")" and not before.scripts and tokens[start].text == "(":
            tokens[start].latex, before.latex = r"\frac{", "}"
        else:
            tokens[start].latex = rf"\frac{{{latex_token(tokens[start])}"
            before.latex = f"{latex_token(before)}}}" if start < position - 1 else before.latex + "}"
            tokens[start].scripts, before.scripts = [], []
        token.latex, under.latex, under.scripts = "{", f"{latex_token(under)}}}", []


def _words(token: Token) -> str:
    if token.kind == "code":
        return typewriter(token.text.strip("`"))
    if token.kind == "dots":
        return r"\ldots"
    if token.kind == "reference" and token.text.startswith("DL"):
        return rf"\mbox{{{token.text}}}"
    return latex_text(token.text) if token.text != '"' else '"'


def _quoted(text: str) -> str:
    """Typewriter's double quotes, which open and close in turn."""
    pieces = text.split('"')
    return "".join(piece + ("``" if k % 2 == 0 else "''") for k, piece in enumerate(pieces[:-1])) + pieces[-1]


def _formula(tokens: Sequence[Token]) -> str:
    long = _has_long_stretch(tokens)
    written = []
    depth = 0
    for position, token in enumerate(tokens):
        depth += (token.text in PAIRS and token.formula) - (token.text in PAIRS.values() and token.formula)
        before = tokens[position - 1] if position else None
        if token.kind == "space":
            breaks = long and before is not None and before.kind != "operator" and before.text not in BARS
            written.append(r" \allowbreak " if breaks else " ")
        elif token.text == "," and token.formula and long:
            written.append(r",\allowbreak ")
        elif token.text == "/" and long and not token.latex:
            written.append(r"/\allowbreak ")
        else:
            written.append(_signed(tokens, position))
    return f"${tidy(''.join(written))}$"


def _has_long_stretch(tokens: Sequence[Token]) -> bool:
    """Between two operators LaTeX breaks nowhere by itself."""
    length = longest = 0
    for token in tokens:
        breaks = token.kind == "operator" and token.text != "/" and not token.latex.startswith((r"\l", r"\r"))
        length = 0 if breaks else length + len(token.text) + sum(len(script) // 2 for script in token.scripts)
        longest = max(longest, length)
    return longest > BREAKS_AFTER


def latex_token(token: Token) -> str:
    """A token of a formula."""
    written = token.latex or _base(token)
    used = ""
    for script in token.scripts:
        primed = script == "'" and used.endswith("'")
        if (script[0] in used and not primed) or (script == "'" and "^" in used):
            written, used = f"{{{written}}}", ""
        written, used = written + _in_script(script), used + script[0]
    return written + " " * bool(re.search(r"\\[A-Za-z]+$", written))


def _base(token: Token) -> str:
    text = token.text
    if token.kind == "word":
        known = GREEK.get(text) or FUNCTIONS.get(text)
        if known or text == "d2W":
            return known or "d^2W"
        if text[0] == "d" and text[1:] in GREEK:
            return f"d{GREEK[text[1:]]}"
        lettered = re.sub(r"(?<=\D)(\d)$", r"_\1", text)
        return lettered if len(text) < 3 else rf"\mathrm{{{text}}}"
    if token.kind == "operator":
        return OPERATORS[text]
    if token.kind == "bar":
        return BARS[text]
    if token.kind == "dots":
        return r"\cdots"
    if token.kind == "sign" and text == ":":
        return "{:}"
    return latex_text(text)


def _in_script(script: str) -> str:
    """A prime, or the sign and all that is raised or lowered, in braces unless it is one letter."""
    if script == "'":
        return script
    written = tidy("".join(latex_token(token) for token in script_tokens(script[1:])))
    return script[0] + (written if re.fullmatch(r"\w", written) else f"{{{written}}}")


def tidy(formula: str) -> str:
    """Spaces only where LaTeX needs them or a reader of it does."""
    return re.sub(r"(\\[A-Za-z]+) (?=[][(){},;:^_'|]|\\\||$)", r"\1", re.sub(r" +", " ", formula).strip())
