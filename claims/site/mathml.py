r"""A formula as MathML, the part of it that browsers have: made when the site is built, so that no script or font is
fetched.

The formulas are those that ``cite`` sets in LaTeX, so that text has one reader; from LaTeX on the work is math-core's,
which refuses a command that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markupsafe import escape
from math_core import LatexToMathML

from claims.command_line.formula_tokens import PAIRS, Token
from claims.command_line.mathematics import latex_formula
from claims.site.displays import display_latex

LONG = 26
"""A formula of more characters, as it was typed, may be broken behind its relations and between its terms: browsers
break none by themselves."""
WIDEST = 44
"""A part of a formula of more characters is broken in its brackets."""
RELATIONS = ("<=", ">=", "!=", "->", "<-", "==", "=", "<", ">")
TERMS = ("+", "-", "+-", "-+")
NAMED = re.compile(r"\\mathop\{\\mathrm\{(\w+)\}\}\\nolimits")
EMPTY = re.compile(r"<mrow><mspace/>(<mi[^<]*</mi>)</mrow>")
INLINE, LARGE, BLOCK = "", ' displaystyle="true"', ' display="block"'
"""The style of a formula in a text, of one in a display among words, and of one that is all of a display's line."""


def formula_html(tokens: Sequence[Token], style: str = INLINE, *, breaks: bool = True) -> list[str]:
    """The tokens of a formula as ``<math>``: several, between which a line may end, if it is long and ``breaks``."""
    return [_element(piece, style) for piece in (_pieces(tokens) if breaks else [tokens])]


def _element(tokens: Sequence[Token], style: str) -> str:
    """With what was typed, for readers without MathML."""
    typed = escape("".join(token.source for token in tokens).strip())
    return mathml(_joined(tokens, style)).replace("<math", f'<math{style} alttext="{typed}"', 1)


def _joined(tokens: Sequence[Token], style: str) -> str:
    """An operator at an end has its other side elsewhere: an empty group stands for it, so that it is spaced as one."""
    continues = tokens[-1].kind == "space"
    tokens = tokens[:-1] if continues else tokens
    begins = len(tokens) > 1 and tokens[0].text in TERMS and tokens[1].kind == "space"
    ends = len(tokens) > 1 and tokens[-1].kind == "operator" and (continues or tokens[-1].text in TERMS)
    latex = display_latex(tokens) if style else latex_formula(tokens)
    return "{}" * begins + latex + " {}" * ends


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


@cache
def mathml(latex: str) -> str:
    """Raises math_core's LatexError for a command that it does not know."""
    element = _converter().convert_with_local_state(NAMED.sub(r"\\operatorname{\1}", latex), displaystyle=False)
    return EMPTY.sub(r"\1", element).replace("&ApplyFunction;", "\u2061")


def _pieces(tokens: Sequence[Token], depth: int = 0) -> Iterator[Sequence[Token]]:
    """The formula, or what is between the places where it may be broken: in brackets, too, where it is wider than a
    telephone otherwise."""
    if _size(tokens) <= (LONG, WIDEST)[depth]:
        yield tokens
        return
    begin = 0
    for end in sorted({*_breaks(tokens, depth), len(tokens)}):
        yield from _pieces(tokens[begin:end], 1) if not depth else [tokens[begin:end]]
        begin = end


def _size(tokens: Sequence[Token]) -> int:
    return sum(len(token.source) for token in tokens)


def _breaks(tokens: Sequence[Token], most: int) -> Iterator[int]:
    """The positions behind relations and signs between terms, inside at most so many brackets, and outside of bars."""
    depth = bars = 0
    for position, token in enumerate(tokens[:-1]):
        depth += token.text in PAIRS or token.latex == r"\langle "
        depth -= token.text in PAIRS.values() or token.latex == r"\rangle"
        bars += token.kind == "bar" and not token.latex
        spaced = position > 0 and tokens[position - 1].kind == "space" == tokens[position + 1].kind
        if depth <= most and bars % 2 == 0 and spaced and token.text in (*RELATIONS, *TERMS):
            yield position + 2
