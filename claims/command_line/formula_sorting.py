"""Which pieces of a sentence are formulas, and which are words with hyphens, numbers of theorems, and the like."""

from __future__ import annotations

import re

from claims.command_line.formula_tokens import FUNCTIONS, GREEK, LETTER, PAIRS, Token, scanned

AFTER_NAME = re.compile(
    r"(?:and|or|of|is|are|be|in|for|with|to|on|at|where|has|have|as|by|from|that|the|which|runs|such|above|below|not|rises|falls|tends)$"
)
"""What follows the letter ``a`` and no article."""
BEFORE_NUMBER = re.compile(
    r"(?:depths?|Theorems?|Lemmas?|Claims?|Figure|Section|Procedure|[Ss]tatements?|[Rr]ows?|Proof of|by|By|case) $"
    r"|float$"
)
"""What a number belongs to that is no factor of what follows it: "depth 2 T", "a float64 W"."""
BEFORE_SUM = ("(", "[", ")", ",", ":")
"""What ``sum`` follows besides formulas where it is none of a text's words."""
NAMES = ("Appendix", "Case", "case")
"""What a letter names that is no formula."""
DEFINITE = ("the", "this", "each", "every")
"""An article does not follow another."""
ITEM = re.compile(r"[a-hiv]$")
"""A letter in brackets of its own is an item's mark."""
CALCULATED = ("sqrt", "ln", "log", "log10", "exp", "cos", "sin", "tan", "cot", "cosh", "sinh", "tanh", "coth")
"""Functions of a number too."""
NOUNS = ("rank", "row", "col", "sign", "vec")
"""Names of functions that are words too."""
SENTENCE = (".", ":", ";", "?", "!", "(", '"')
"""What is in front of a sentence's first word, where A may be an article."""
ENDINGS, ENDED = ("th", "al"), re.compile(r"(?:[\w)]-|\d|\)|et )$")
"""The short names of Greek letters that are none in "N-th" and "et al."."""
SIZE = re.compile(r"\d+$|[dhkmnpN]$|[dhkmnN]_")
SIGNS = ("+", "-", "*", "/", "+-", "-+")
"""Operators that are no relations."""
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
    for position, token in enumerate(tokens):
        token.formula = token.kind != "space"
        before, after = _next(tokens, position, -1), _next(tokens, position)
        if token.text == "in" and before is not None and after is not None:
            token.latex = r"\notin" if before.text == "not" else r"\in"
            before.latex = " " if before.text == "not" else before.latex
        elif token.text == "x" and _is_size(before) and _is_size(after) and before is not after:
            token.latex = r"\times"
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
            named = position > 1 and tokens[position - 2].text in NAMES and not token.scripts
            letter = LETTER.match(token.text) is not None and not named
            ends = token.text in ENDINGS and ENDED.search(
                "".join(each.text for each in tokens[max(0, position - 2) : position])
            )
            greek = token.text in GREEK and not ends
            if token.text == "infinity":
                greek = any(each is not None and each.kind != "word" for each in _beside(tokens, position))
            token.formula = bool(token.scripts) or called or letter or greek
        elif token.scripts:
            token.formula = True
    for position, token in enumerate(tokens):
        before, after = _next(tokens, position, -1), _next(tokens, position)
        if token.text == "sqrt" and after is not None and after.kind == "number":
            after.latex, after.formula = f"{{{after.text}}}", True
        if token.text in ("a", "A") and not token.scripts and after is not None and before is not token:
            token.formula = not _is_article(token, before, after) or _is_term(tokens, position)
        elif (
            token.text == "x"
            and not token.scripts
            and (_times(tokens, position) or (_is_size(before) and _is_size(after)))
        ):
            token.kind, token.latex = "operator", r"\times"
    for position in range(last - 1, -1, -1):
        token, after = tokens[position], _next(tokens, position)
        if token.text in FUNCTIONS and not token.formula and after is not None:
            before = _next(tokens, position, -1)
            within = before is not None and (before.formula or before.kind in OF_FORMULAS)
            begun = token.text != "sum" or within or before is None or before.text in BEFORE_SUM
            if token.text in NOUNS and not within and after.kind == "word" and before is not None:
                begun = _is_compared(tokens, position)
            calculated = token.text in CALCULATED and after.kind == "number"
            token.formula = begun and (after.formula or calculated or after.text in ("(", "{", "|", "||"))


def _is_article(token: Token, before: Token | None, after: Token) -> bool:
    """Of ``a`` and ``A``, by their neighbours."""
    operated = before is not None and (before.kind in ("operator", "bar") or before.text in PAIRS or before.formula)
    multiplies = after.formula or after.text in CALCULATED
    if operated and (multiplies or (before is not None and before.kind in ("operator", "bar"))):
        return False
    if before is not None and before.kind == "word" and (token.text == "A" or before.text in DEFINITE):
        return False
    lowercase = token.text == "a" and ((after.formula and after.kind == "word") or after.kind == "number")
    prose = after.kind in ("word", "reference", "code") and not after.formula and not AFTER_NAME.match(after.text)
    return lowercase or prose


def _is_term(tokens: list[Token], position: int) -> bool:
    """Whether the letter is the first of a product that an operator follows: "a x + c", but not "a T-th"."""
    beyond = tokens[position + 1 : position + 5]
    applied = len(beyond) > 3 and beyond[1].text in CALCULATED and any(each.formula for each in beyond[2:4])
    divided = [token.text for token in beyond[2:3]] == ["/"]
    kinds = [token.kind for token in beyond]
    followed = kinds == ["space", "word", "space", "operator"] or (kinds[:2] == ["space", "word"] and divided)
    return applied or (followed and beyond[1].formula)


def _is_compared(tokens: list[Token], position: int) -> bool:
    """Whether a relation follows a function and its argument: "rank W = k", but not "has rank r"."""
    for token in tokens[position + 1 :]:
        if token.kind != "space" and not token.formula:
            return token.kind == "operator" and token.text not in SIGNS
    return False


def _times(tokens: list[Token], position: int) -> bool:
    """How many times as much: "x 256", "balance x 13"."""
    kinds = [token.kind for token in tokens[position + 1 : position + 3]]
    return kinds == ["space", "number"] and (not position or tokens[position - 1].kind == "space")


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
        elif token.text == "." and _multiplies(tokens, position):
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


def _multiplies(tokens: list[Token], position: int) -> bool:
    """The dot of "a.x" and "a_l . x" and "||.||", but not of "i.e."."""
    beside = tokens[max(0, position - 1) : position + 2]
    spaced = len(beside) == 3 and beside[0].kind == "space" == beside[2].kind
    sides = _beside(tokens, position) if spaced else [beside[0], beside[-1]]
    after = tokens[position + 2 : position + 3]
    shortened = bool(after) and after[0].text == "."
    first, last = sides
    behind = first is not None and ((first.formula and first.kind == "word") or (first.text == ")" and not spaced))
    letters = behind and last is not None and last.formula and last.kind == "word"
    norm = all(side is not None and side.kind == "bar" for side in sides)
    return len(beside) == 3 and (norm or (letters and not shortened))


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
    bare = all(each.formula or each.kind in ("space", "number", "dots") or each.text in ",;:" for each in inside)
    called = before is not None and before.formula and before.kind != "operator"
    marked = tokens[start].text == "(" and len(inside) == 1 and ITEM.match(inside[0].text) is not None
    if marked and not (called or inside[0].scripts or tokens[end].scripts):
        inside[0].formula = False
        return
    mathematical = any(each.formula or each.text == "," for each in inside) or tokens[start].text == "{"
    if not (called or tokens[end].scripts or (bare and mathematical) or tokens[start].latex):
        return
    if tokens[start].text == "(" and [each.text for each in inside] == ["x"] and not called:
        tokens[start].latex, tokens[end].latex = r"\otimes", " "
        inside[0].latex = " "
    tokens[start].formula = tokens[end].formula = True
    if tokens[start].text == "(" and _is_remark(tokens, start, inside):
        tokens[start].latex = r"\ ("
    if before is not None and before.text == "sqrt":
        if bare:
            tokens[start].latex, tokens[end].latex = "{", "}"
        else:
            before.latex = r"\surd"
    for beside, each in zip(tokens[start : end - 1], inside, strict=True):
        if each.text == ":" and beside.kind == "space":
            each.latex = ":"
        if each.text in ",;:" or (bare and each.kind in ("number", "dots")):
            each.formula = True


def _is_remark(tokens: list[Token], start: int, inside: list[Token]) -> bool:
    """Brackets behind a formula with a relation or sizes in them are no factor: "U (n x k)", "N (r > 0)"."""
    factor = _next(tokens, start, -1)
    if not start or tokens[start - 1].kind != "space" or factor is None or not factor.formula:
        return False
    depth = 0
    for token in inside:
        depth += (token.text in PAIRS) - (token.text in PAIRS.values())
        related = token.kind == "operator" and token.text not in SIGNS and not token.latex
        if not depth and (related or token.latex == r"\times"):
            return factor.kind != "operator"
    return False


def _join(tokens: list[Token]) -> None:
    """Numbers and ellipses that belong to a formula beside them."""
    for position in range(len(tokens) - 1, -1, -1):
        token = tokens[position]
        if token.kind != "number" or token.formula:
            continue
        before, after = _next(tokens, position, -1), _next(tokens, position)
        text = "".join(each.text for each in tokens[max(0, position - 4) : position])
        operated = any(each is not None and each.formula and each.kind == "operator" for each in (before, after))
        factor = after is not None and after.formula and not BEFORE_NUMBER.search(text)
        begun = position and tokens[position - 1].formula
        token.formula = operated or factor or bool(begun)


def _fractions(tokens: list[Token]) -> list[Token]:
    """With one number over another as one token, where nothing belongs to either alone."""
    found: list[Token] = []
    for position, token in enumerate(tokens):
        found.append(token)
        over = found[-3:]
        if [each.kind for each in over] == ["number", "operator", "number"] and over[1].text == "/":
            glued = len(found) > 3 and (found[-4].kind in ("word", "number") or found[-4].text in "./")
            glued |= any(each.kind == "word" for each in tokens[position + 1 : position + 2])
            if not (glued or over[0].scripts or over[2].scripts):
                latex = rf"\frac{{{over[0].text}}}{{{over[2].text}}}"
                typed = "".join(each.text for each in over)
                found[-3:] = [Token("number", typed, latex, formula=True, source=typed)]
    return found
