"""Statements as HTML: every formula of every claim, read back from its MathML, is the one that was typed."""

import re
from xml.etree import ElementTree

import pytest

from claims.command_line.claim_files import claim_files
from claims.site.mathematics import statement_html

CLAIMS = claim_files()
NAMES = (
    "alpha beta gamma delta eta theta kappa lambda mu nu pi rho sigma tau phi phi chi psi omega zeta xi "
    "Gamma Delta Theta Lambda Pi Sigma Phi Psi Omega"
)
GREEK = dict(zip("αβγδηθκλμνπρστφϕχψωζξΓΔΘΛΠΣΦΨΩ", NAMES.split(" "), strict=True))
SHORT = {"alpha": "al", "theta": "th", "psi": "ps", "lambda": "lam", "sigma": "sig"}
GREEK = {sign: SHORT.get(name, name) for sign, name in GREEK.items()} | {"φ": "ph"}
SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "←": "<-", "±": "+-", "∓": "-+", "−": "-", "‖": "||", "∣": "|",
         "⟨": "<", "⟩": ">", "×": "x", "⊗": "x", "∈": "in", "∉": "notin", "∑": "sum", "∏": "prod", "∫": "int",
         "∞": "infinity", "ε": "eps", "ϵ": "eps", "′": "'", "″": "''", "‴": "'''", "∗": "*", "^": "hat", "ˆ": "hat",
         "√": "sqrt"}  # fmt: skip
UNSEEN = re.compile(r"[\s(){}.*⋅⋯…\u2061]")
"""What a formula may have more or less of: spaces, brackets of groups (counted apart), dots and signs of products."""

BRACKETLESS = ("mfrac", "msqrt", "msub", "msup", "msubsup")


def tree(html):
    """The HTML as XML, which fails where it is not well formed."""
    return ElementTree.fromstring(f"<div>{html.replace('<wbr>', '')}</div>")


def formulas(element):
    return list(element.iter("math"))


def plain(text):
    return UNSEEN.sub("", text)


def read_back(element):
    """The characters of a formula in the order in which they were typed: what is below before what is above."""
    children = [read_back(child) for child in element]
    own = "".join(SIGNS.get(sign, GREEK.get(sign, sign)) for sign in (element.text or "").strip())
    match element.tag:
        case "mfrac":
            return f"{children[0]}/{children[1]}"
        case "msqrt":
            return "sqrt" + "".join(children)
        case "mover" if children[1] == "hat":
            return f"hat{children[0]}"
        case _:
            return own + "".join(children)


def argument(text, position):
    """A script in the text as typed, and where it ends."""
    if text[position] in "{(":
        depth = 0
        for end in range(position, len(text)):
            depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(text[end], 0)
            if depth == 0:
                return text[position + 1 : end], end + 1
    match = re.compile(r"-?(?:\d+|[A-Za-z]+)|\+-|-\+|[-+*]").match(text, position)
    assert match, text[position:]
    return match[0], match.end()


def typed(text):
    """The same of the text, by a reader of its own: scripts of one letter below before above."""
    text = re.sub("|".join(SHORT), lambda name: SHORT[name[0]], text)
    written, position = "", 0
    while position < len(text):
        scripts = {"_": "", "^": ""}
        while position < len(text) and text[position] in "_^'" and written:
            if text[position] == "'":
                scripts["^"] += "'"
                position += 1
            else:
                sign = text[position]
                script, position = argument(text, position + 1)
                scripts[sign] += typed(script)
        if any(scripts.values()):
            written += scripts["_"] + scripts["^"]
        else:
            written += text[position]
            position += 1
    return plain(re.sub(r"\bnot in\b", "notin", written))


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_formula_reads_back_as_it_was_typed(claim):
    found = formulas(tree(statement_html(claim.statement)))
    assert found
    for formula in found:
        source = formula.get("alttext")
        assert plain(read_back(formula)) == typed(source), source


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_formula_is_mathml_of_browsers(claim):
    """No command is left as text, no script as a sign, and brackets come in as many pairs as were typed, but for those
    whose work is done by a root or a fraction's line."""
    for formula in formulas(tree(statement_html(claim.statement))):
        source = formula.get("alttext")
        tags = {element.tag for element in formula.iter()}
        assert tags <= {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mpadded", *BRACKETLESS,
                        "munder", "mover", "munderover", "mtable", "mtr", "mtd"}, source  # fmt: skip
        accents = {id(each[1]) for each in formula.iter("mover")}
        texts = [each.text or "" for each in formula.iter() if id(each) not in accents]
        assert not re.search(r"[\\_^$&]", "".join(texts)), source
        brackets = "".join(each for each in texts if each in ("(", ")"))
        lost = source.count("(") - brackets.count("("), source.count(")") - brackets.count(")")
        lines = sum(each.tag in BRACKETLESS or each.text == "⊗" for each in formula.iter())
        assert lost[0] == lost[1] >= 0, source
        assert lost[0] <= 2 * lines, source


def words(element):
    """All that is read: text, with the source for each formula."""
    if element.tag == "math":
        return element.get("alttext") + (element.tail or "")
    gap = " " if element.tag in ("p", "li", "td", "div", "tr") or element.get("class") == "gap" else ""
    return gap + (element.text or "") + "".join(map(words, element)) + gap + (element.tail or "")


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_nothing_of_a_statement_is_lost_or_said_twice(claim):
    """But for the marks of lists, which are markup."""
    read = words(tree(statement_html(claim.statement))).replace("“", '"').replace("”", '"').replace("…", "...")
    text = re.sub(r"^ {0,3}(?:\d+\.|-|\([a-z]\)) +(?=\S)", "", claim.statement, flags=re.MULTILINE)
    squeezed = [re.sub(r"\s|`|\.\.\.?", "", each) for each in (read, text)]
    assert squeezed[0] == squeezed[1]
