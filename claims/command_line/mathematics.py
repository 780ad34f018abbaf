r"""From a sentence with formulas in plain text, "sigma_min(W) >= c for every W", to text and mathematics for LaTeX.

The formulas are those of the statements: ``W_{j+1}^T``, ``||W - Phi||_F``, ``<=``, Greek letters as words. What is no
formula stays text, and nothing is lost: a word that is not known is printed as it is. Brackets are plain, never
``\left``, so that LaTeX can break a formula at its relations. No package is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ESCAPES = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
}
GREEK = {
    name: f"\\{name}"
    for name in [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "eta",
        "theta",
        "kappa",
        "lambda",
        "mu",
        "pi",
        "rho",
        "sigma",
        "tau",
        "phi",
        "chi",
        "psi",
        "omega",
        "zeta",
        "xi",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Pi",
        "Sigma",
        "Phi",
        "Psi",
        "Omega",
    ]
} | {"eps": r"\varepsilon", "infinity": r"\infty"}
FUNCTIONS = {
    name: f"\\{name}"
    for name in ["ln", "log", "exp", "max", "min", "det", "cos", "sin", "cosh", "sinh", "tanh", "inf", "sup"]
} | {
    "sqrt": r"\sqrt",
    "sum": r"\sum",
    "prod": r"\prod",
    "int": r"\int",
    "log10": r"\log_{10}",
    **{
        name: rf"\mathop{{\mathrm{{{name}}}}}\nolimits"
        for name in ["tr", "rank", "diag", "vec", "Re", "Sing", "row", "col", "sign"]
    },
}
OPERATORS = {
    "<=": r"\le",
    ">=": r"\ge",
    "!=": r"\ne",
    "->": r"\to",
    "<-": r"\leftarrow",
    "+-": r"\pm",
    "==": "=",
    **{sign: sign for sign in "=<>+-*/"},
}
BARS = {"||": r"\|", "|": "|"}
PAIRS = {"(": ")", "[": "]", "{": "}"}
AFTER_NAME = set(
    [
        "and",
        "or",
        "of",
        "is",
        "are",
        "be",
        "in",
        "for",
        "with",
        "to",
        "on",
        "at",
        "where",
        "has",
        "have",
        "as",
        "by",
        "from",
        "that",
        "the",
        "which",
        "runs",
    ]
)
"""What follows the letter ``a`` and no article."""
BEFORE_NUMBER = re.compile(
    r"(?:depths?|Theorems?|Lemmas?|Claims?|Figure|Section|Procedure|[Ss]tatements?|[Rr]ows?|Proof|of|by|By|case) $"
)
"""What a number belongs to that is no factor of what follows it."""
TOKEN = re.compile(
    r"(?P<code>``[^`]+``)"
    r"|(?P<reference>arXiv:[\w./-]*\w|DLX?-\w+|[A-Z]{1,6}\d\d\b)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<dots>\.{2,3})"
    r"|(?P<operator><=|>=|!=|->|<-|\+-|==|[=<>+*/-])"
    r"|(?P<bar>\|\||\|)"
    r"|(?P<apostrophe>(?<=\w)'s\b(?![_^(])|(?<=[a-z][a-z]s)'(?=\s))"
    r"|(?P<word>log10|d2W|[A-Z]\d(?![\d.])|[A-Za-z]+)"
    r"|(?P<space>\s+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
LETTER = re.compile(r"[A-Za-z]\d?$|d2?[A-Z]$|d[ltusyz]$")
SIZE = re.compile(r"\d+$|[dhkmnpN]$|[dhkmnN]_")
BREAKS_AFTER = 32
"""A stretch of a formula of more characters, as it was typed, gets places to break besides its relations."""
OF_FORMULAS = ("operator", "bar", "number")


@dataclass
class Token:
    """A piece of the text; ``formula`` says that it is part of one, and ``latex`` is how, if not by the tables."""

    kind: str
    text: str
    latex: str = ""
    formula: bool = False
    scripts: list[str] = field(default_factory=list)

    @property
    def takes_scripts(self) -> bool:
        return self.kind in ("word", "number", "bar") or self.text in (*PAIRS.values(), ">")

    @property
    def may_be_primed(self) -> bool:
        """A word with an apostrophe behind it is no letter with a prime."""
        return bool(self.scripts or LETTER.match(self.text)) or self.text in GREEK


def latex_text(text: str) -> str:
    """Words for LaTeX, every character of which is printed as it is."""
    return "".join(ESCAPES.get(character, character) for character in text)


def typewriter(text: str) -> str:
    """Code as it is, with places to break after its signs."""
    pieces = re.split(r"(?<=[./,_:(=])(?=\S)", text)
    return r"\texttt{" + r"\allowbreak ".join(map(latex_text, pieces)) + "}"


def latex_sentence(text: str) -> str:
    """Text with its formulas between dollar signs."""
    tokens = _fractions(_scanned(" ".join(text.split())))
    for sort in (_sort_words, _sort_signs, _sort_brackets, _join, _stack):
        sort(tokens)
    written, position = [], 0
    while position < len(tokens):
        end = position + 1
        if tokens[position].formula:
            while end < len(tokens) and (tokens[end].formula or tokens[end].kind == "space"):
                end += 1
            while tokens[end - 1].kind == "space":
                end -= 1
            written.append(_formula(tokens[position:end]))
        else:
            written.append(_words(tokens[position]))
        position = end
    return _quoted("".join(written))


def _scanned(text: str) -> list[Token]:
    """Tokens, each with its primes, subscripts and superscripts."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        sign = text[position]
        if tokens and tokens[-1].takes_scripts:
            argument, end = _argument(text, position + 1) if sign in "_^" else (None, position)
            if argument is not None:
                script = _in_script(argument)
                tokens[-1].scripts.append(sign + (script if re.fullmatch(r"\w", script) else f"{{{script}}}"))
                position = end
                continue
            if sign == "'" and tokens[-1].may_be_primed and not re.match(r"'s\b(?![_^(])", text[position:]):
                tokens[-1].scripts.append("'")
                position += 1
                continue
        match = TOKEN.match(text, position)
        assert match is not None
        tokens.append(Token(str(match.lastgroup), match.group()))
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
    match = re.compile(r"-?\d+|[A-Za-z]+|\+|\*").match(text, position)
    return (match.group(), match.end()) if match else (None, position)


def _in_script(text: str) -> str:
    """All of it mathematics."""
    tokens = _scanned(text)
    for token in tokens:
        token.formula = token.kind != "space"
    _sort_angles(tokens)
    _sort_brackets(tokens)
    return _tidy("".join(_mathematics(token) for token in tokens))


def _tidy(formula: str) -> str:
    """Spaces only where LaTeX needs them or a reader of it does."""
    return re.sub(r"(\\[A-Za-z]+) (?=[][(){},;:^_'|]|\\\||$)", r"\1", re.sub(r" +", " ", formula).strip())


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
            prose = after.kind in ("word", "reference", "code") and not after.formula and after.text not in AFTER_NAME
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
                roman = position > 1 and tokens[position - 1].text == ")" and not tokens[position - 2].formula
                ranges = all(s.kind == "number" for s in glued) or (roman and after is not None and after.text == "(")
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
    if [each.text for each in inside] == ["x"]:
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
            tokens[start].latex = rf"\frac{{{_mathematics(tokens[start])}"
            before.latex = f"{_mathematics(before)}}}" if start < position - 1 else before.latex + "}"
            tokens[start].scripts, before.scripts = [], []
        token.latex, under.latex, under.scripts = "{", f"{_mathematics(under)}}}", []


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


def _formula(tokens: list[Token]) -> str:
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
            written.append(r",\allowbreak")
        elif token.text == "/" and long and not token.latex:
            written.append(r"/\allowbreak ")
        else:
            unary = token.text == "-" and before is not None and before.kind == "bar"
            written.append("{-}" if unary else _mathematics(token))
    return f"${_tidy(''.join(written))}$"


def _has_long_stretch(tokens: list[Token]) -> bool:
    """Between two operators LaTeX breaks nowhere by itself."""
    length = longest = 0
    for token in tokens:
        breaks = token.kind == "operator" and token.text != "/" and not token.latex.startswith((r"\l", r"\r"))
        length = 0 if breaks else length + len(token.text) + sum(len(script) // 2 for script in token.scripts)
        longest = max(longest, length)
    return longest > BREAKS_AFTER


def _mathematics(token: Token) -> str:
    """A token of a formula."""
    written = token.latex or _base(token)
    used = ""
    for script in token.scripts:
        if script[0] in used or (script == "'" and "^" in used):
            written, used = f"{{{written}}}", ""
        written, used = written + script, used + script[0]
    return written + " " * bool(re.search(r"\\[A-Za-z]+$", written))


def _base(token: Token) -> str:
    text = token.text
    if token.kind == "word":
        known = GREEK.get(text) or FUNCTIONS.get(text)
        if known or text == "d2W":
            return known or "d^2W"
        lettered = re.sub(r"(?<=\D)(\d)$", r"_\1", text)
        return lettered if len(text) < 4 else rf"\mathrm{{{text}}}"
    if token.kind == "operator":
        return OPERATORS[text]
    if token.kind == "bar":
        return BARS[text]
    if token.kind == "dots":
        return r"\cdots"
    if token.kind == "sign" and text == ":":
        return "{:}"
    return latex_text(text)


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
