"""Which pieces of a sentence are formulas, and which are words with hyphens, numbers of theorems, and the like."""

from __future__ import annotations

import re

from claims.command_line.formula_tokens import FUNCTIONS, GREEK, LETTER, PAIRS, Token, scanned

AFTER_NAME = re.compile(r"(?:and|or|of|is|are|be|in|for|with|to|on|at|where|has|have|as|by|from|that|the|which|runs)$")
"""What follows the letter ``a`` and no article."""
BEFORE_NUMBER = re.compile(
    r"(?:depths?|Theorems?|Lemmas?|Claims?|Figure|Section|Procedure|[Ss]tatements?|[Rr]ows?|Proof|of|by|By|case) $"
)
"""What a number belongs to that is no factor of what follows it."""
SIZE = re.compile(r"\d+$|[dhkmnpN]$|[dhkmnN]_")
OF_FORMULAS = ("operator", "bar", "number")


def sorted_tokens(text: str) -> list[Token]:
    """The pieces of a sentence, each formula's marked."""
    tokens = _fractions(scanned(text))
    for sort in (_sort_words, _sort_signs, _sort_brackets, _join):
        sort(tokens)
    return tokens


def script_tokens(text: str) -> list[Token]:
    """The pieces of what is raised or lowered, all of it a formula."""
    tokens = scanned(text)
    for token in tokens:
        token.formula = token.kind != "space"
    _sort_angles(tokens)
    _sort_brackets(tokens)
    return tokens


def _next(tokens: list[Token], position: int, step: int = 1) -> Token | None:
    """The nearest token that is no space."""
    position += step
    while 0 <= position < len(tokens) and tokens[position].kind == "space":
        position += step
    return tokens[position] if 0 <= position < len(tokens) else None


def _beside(tokens: list[Token], position: int) -> list[Token | None]:
    return [_next(tokens, position, -1), _next(tokens, position)]


def _sort_words(tokens: list[Token]) -> None:
    """Which words are letters of formulas."""
    last = len(tokens) - 1
    for position, token in enumerate(tokens):
        follows = tokens[position + 1] if position < last else None
        called = follows is not None and follows.text == "(" and token.kind == "word"
        if token.kind == "word":
            token.formula = bool(token.scripts) or called or bool(LETTER.match(token.text)) or token.text in GREEK
        elif token.scripts:
            token.formula = True
    for position, token in enumerate(tokens):
        before, after = _next(tokens, position, -1), _next(tokens, position)
        if token.text in ("a", "A") and not token.scripts and after is not None and before is not token:
            operated = before is not None and before.kind in ("operator", "bar")
            operated |= before is not None and after.formula and (before.text in PAIRS or before.formula)
            lowercase = token.text == "a" and after.formula and after.kind == "word"
            prose = (
                after.kind in ("word", "reference", "code") and not after.formula and not AFTER_NAME.match(after.text)
            )
            token.formula = operated or not (lowercase or prose or (token.text == "a" and after.kind == "number"))
        elif token.text == "x" and not token.scripts and _is_size(before) and _is_size(after):
            token.kind, token.latex = "operator", r"\times"
    for position in range(last - 1, -1, -1):
        token, after = tokens[position], _next(tokens, position)
        if token.text in FUNCTIONS and not token.formula and after is not None:
            before = _next(tokens, position, -1)
            begun = token.text != "sum" or (before is not None and (before.formula or before.kind in OF_FORMULAS))
            token.formula = begun and (after.formula or after.text in ("(", "{", "|", "||"))


def _is_size(token: Token | None) -> bool:
    return token is not None and bool(SIZE.match(token.text)) and token.kind in ("word", "number")


def _sort_angles(tokens: list[Token]) -> None:
    r"""``<A, Phi>`` is an inner product, and ``<`` with a space behind it a relation."""
    opened: list[Token] = []
    for position, token in enumerate(tokens):
        before = tokens[position - 1] if position else None
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        begins = before is None or before.kind in ("space", "operator", "bar") or before.text in PAIRS
        if token.text == "<" and begins and after is not None and after.kind != "space":
            opened.append(token)
        elif token.text == ">" and opened and before is not None and before.kind != "space":
            opened.pop().latex, token.latex = r"\langle ", r"\rangle"


def _sort_signs(tokens: list[Token]) -> None:
    """Which signs are operators, and which are hyphens and the like."""
    _sort_angles(tokens)
    for position, token in enumerate(tokens):
        before = tokens[position - 1] if position else None
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        glued = [each for each in (before, after) if each is not None and each.kind != "space"]
        if token.kind == "operator":
            token.formula = True
            if token.text == "*" and any(s is not None and s.kind == "number" for s in _beside(tokens, position)):
                token.latex = r"\cdot"
            if token.text in "-/":
                sides = glued if len(glued) == 2 else _beside(tokens, position)
                words = [
                    s for s in sides if s is not None and s.kind in ("word", "reference", "code") and not s.formula
                ]
                roman = "".join(each.text for each in tokens[max(0, position - 3) : position + 2])
                ranges = all(s.kind == "number" for s in glued) or re.fullmatch(r"\([ivx]+\)-\(", roman) is not None
                numbers = token.text == "-" and len(glued) == 2 and ranges
                token.formula = not numbers and (not words or (len(glued) < 2 and len(words) < len(sides)))
        elif token.kind == "bar":
            token.formula = True
            token.latex = r"\mid" if token.text == "|" and not glued and not token.scripts else ""
        elif token.text == "." and len(glued) == 2 and all(s.kind == "bar" for s in glued):
            token.formula, token.latex = True, r"\cdot"
        elif token.text == "!" and before is not None and before.formula:
            token.formula = True
        elif token.kind == "dots":
            sides = _beside(tokens, position)
            listed = any(side is None or side.text in (",", ";") for side in sides)
            token.latex = r"\ldots" if listed or (before is not None and before.kind == "number") else r"\cdots"
            token.formula = token.latex == r"\cdots" or (before is not None and before.kind == "number")
            if token.text == "..":
                token.latex, token.formula = r"\ldots", True


def _sort_brackets(tokens: list[Token]) -> None:
    """Brackets with a formula alone inside, or that belong to one, are its own, and so are the commas inside."""
    opened: list[int] = []
    for position, token in enumerate(tokens):
        if token.text in PAIRS or token.latex == r"\langle ":
            opened.append(position)
        elif opened and (token.text in PAIRS.values() or token.latex == r"\rangle"):
            _sort_pair(tokens, opened.pop(), position)


def _sort_pair(tokens: list[Token], start: int, end: int) -> None:
    inside = tokens[start + 1 : end]
    before = tokens[start - 1] if start else None
    bare = all(each.formula or each.kind in ("space", "number") or each.text in ",;:" for each in inside)
    called = before is not None and before.formula and before.kind != "operator"
    if not (called or tokens[end].scripts or (bare and any(each.formula for each in inside)) or tokens[start].latex):
        return
    if tokens[start].text == "(" and [each.text for each in inside] == ["x"] and not called:
        tokens[start].latex, tokens[end].latex = r"\otimes", " "
        inside[0].latex = " "
    tokens[start].formula = tokens[end].formula = True
    if before is not None and before.text == "sqrt":
        if bare:
            tokens[start].latex, tokens[end].latex = "{", "}"
        else:
            before.latex = r"\surd"
    for beside, each in zip(tokens[start : end - 1], inside, strict=True):
        if each.text == ":" and beside.kind == "space":
            each.latex = ":"
        if each.text in ",;:" or (bare and each.kind == "number"):
            each.formula = True


def _join(tokens: list[Token]) -> None:
    """Numbers and ellipses that belong to a formula beside them."""
    for position in range(len(tokens) - 1, -1, -1):
        token = tokens[position]
        if token.kind != "number" or token.formula:
            continue
        before, after = _next(tokens, position, -1), _next(tokens, position)
        text = "".join(each.text for each in tokens[max(0, position - 2) : position])
        operated = any(each is not None and each.formula and each.kind == "operator" for each in (before, after))
        factor = after is not None and after.formula and not BEFORE_NUMBER.search(text)
        begun = position and tokens[position - 1].formula
        token.formula = operated or factor or bool(begun)


def _fractions(tokens: list[Token]) -> list[Token]:
    """With one number over another as one token, where nothing belongs to either alone."""
    found: list[Token] = []
    for token in tokens:
        found.append(token)
        over = found[-3:]
        if [each.kind for each in over] == ["number", "operator", "number"] and over[1].text == "/":
            glued = len(found) > 3 and (found[-4].kind in ("word", "number") or found[-4].text in "./")
            if not (glued or over[0].scripts or over[2].scripts):
                latex = rf"\frac{{{over[0].text}}}{{{over[2].text}}}"
                found[-3:] = [Token("number", "".join(each.text for each in over), latex, formula=True)]
    return found
