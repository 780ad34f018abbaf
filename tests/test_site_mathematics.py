"""Statements as HTML: every formula of every claim, read back from its MathML, is the one that was typed."""

import ast
import re
from xml.etree import ElementTree

import pytest
from math_core import LatexError

from claims.book import CHAPTERS
from claims.book import CLAIMS as CLAIMS_DIRECTORY
from claims.command_line.atlas import TITLES
from claims.command_line.claim_files import checks, claim_files
from claims.command_line.counterexample_files import counterexample_files
from claims.formal.statements import stated_by
from claims.site.code import functions
from claims.site.mathematics import sentence_html, statement_html
from claims.site.mathml import mathml

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
        case "mtable":
            rows = [",".join(map(read_back, row)) for row in element]
            return ",".join(f"[{row}]" for row in rows)
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


def shape(element):
    """An element as tag(children), of rows and leaves what is in them alone."""
    inside = [shape(child) for child in element]
    if element.tag in ("math", "mrow"):
        return " ".join(filter(None, inside))
    return f"{element.tag}({', '.join(inside)})" if inside else (element.text or "").strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W_{j+1}^T W_{j+1}", "msubsup(W, j + 1, T) msub(W, j + 1)"),
        ("||W - Phi||_F^2 <= c", "‖ W − Φ msubsup(‖, F, 2) ≤ c"),
        ("|W_j|_2 -> 0", "| msub(W, j) msub(|, 2) → 0"),
        ("sigma_min(W)^{2(N-1)/N}", "msub(σ, min) ( W msup(), 2 ( N − 1 ) / N)"),
        ("<A, Phi> >= 0", "⟨ A , Φ ⟩ ≥ 0"),
        ("let eta/2 c be", "mfrac(η, 2) c"),
        ("1/(2n) sum_i e_i", "1 / ( 2 n ) munder(∑, i) msub(e, i)"),
        ("u*_j . x", "msubsup(u, j, ∗) ⋅ x"),
        ("f''(x) and (ln u)'", "msup(f, ″) ( x )"),
        ("sum_{i not in I} a_i", "munder(∑, i ∉ I) msub(a, i)"),
        ("u in R^{n x k}", "msup(R, n × k)"),
        ("y_+- = 2 s +- R", "msub(y, ±) = 2 s ± R"),
        ("(3 sqrt 3 + 2 pi)", "( 3 msqrt(3) + 2 π )"),
        ("sqrt(a d_0^2)", "msqrt(a msubsup(d, 0, 2))"),
        ("v (x) I", "v ⊗ I"),
        ("hat u_k = cos th", "msub(mover(u, ˆ), k) = cos \u2061 θ"),
        ("P(A | r)", "P ( A ∣ r )"),
        ("W_{1:N}", "msub(W, 1 : N)"),
        ("S_1, ..., S_N", "msub(S, 1)"),
        ("min(d_0, ..., d_N)", "min \u2061 ( msub(d, 0) , . . . , msub(d, N) )"),
        ("balance x 13", "× 13"),
        ("n!", "n !"),
    ],
)
def test_a_formula_in_a_text(text, expected):
    """The last formula of those that begin like it, where the text has several: the first."""
    found = formulas(tree(sentence_html(text)))
    assert expected in [shape(each) for each in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("l <= eta c^2 / (2 N)", "l ≤ mfrac(η msup(c, 2), 2 N)"),
        ("L - eta/2 c", "L − mfrac(η, 2) c"),
        ("dW_j/dt = -D_j", "mfrac(d msub(W, j), d t) = − msub(D, j)"),
        ("d^2 f/dx^2 = 0", "mfrac(msup(d, 2) f, d msup(x, 2)) = 0"),
        ("a sin th/(b + c) = 0", "a sin \u2061 θ / ( b + c ) = 0"),
        ("sin th / b = 0", "mfrac(sin \u2061 θ, b) = 0"),
        ("phi/sin phi = 1", "mfrac(ϕ, sin \u2061 ϕ) = 1"),
        ("x = (1/N) sum_j a_j / 2", "x = mfrac(1, N) munder(∑, j) mfrac(msub(a, j), 2)"),
        ("x = (1/u - 1/v) / s", "x = mfrac(1 / u − 1 / v, s)"),
        ("x = (3, 4) / 5", "x = mfrac(( 3 , 4 ), 5)"),
        ("x = a/b/c", "x = a / b / c"),
        ("H = [[28, -4], [-4, 28]]", "H = [ mtable(mtr(mtd(28), mtd(−, 4)), mtr(mtd(−, 4), mtd(28))) ]"),
        ("x = [[a, b], [c]]", "x = [ [ a , b ] , [ c ] ]"),
        ("x = a/2N", "x = a / 2 N"),
        ("x = 3/2 a / b", "x = mfrac(3, 2) mfrac(a, b)"),
        ("x = <A, B> / m", "x = mfrac(⟨ A , B ⟩, m)"),
        ("(sum_i a_i)^2 = 0", "msup(( munder(∑, i) msub(a, i) ), 2) = 0"),
    ],
)
def test_a_formula_in_a_display(line, expected):
    found = formulas(tree(statement_html(f"One.\n\n    {line}\n")))
    assert [re.sub(r"mpadded\([^)]*\) ?", "", shape(each)) for each in found] == [expected]
    assert found[0].get("display") == "block"
    assert found[0].get("alttext") == line


def test_brackets_are_as_tall_as_what_is_between_them():
    """And none are around a fraction alone."""
    html = statement_html("One.\n\n    x = c (a / b) ln(a / b) (a + b)\n")
    brackets = [each.get("stretchy") for each in tree(html).iter("mo") if each.text in ("(", ")")]
    assert brackets == [None, None, "false", "false"]


def test_a_command_that_is_not_known_is_refused():
    with pytest.raises(LatexError, match="nosuch"):
        mathml(r"\nosuch x")


def test_long_formulas_may_be_broken_and_short_ones_may_not():
    short, long = "a + b <= c", "||W(t+1) - Phi||_F <= (1 - eta c) ||W(t) - Phi||_F"
    assert sentence_html(short).count("<math") == 1
    pieces = formulas(tree(sentence_html(long)))
    assert " ".join(each.get("alttext") for each in pieces) == long
    assert len(pieces) == 2
    relation = [each for each in pieces[0].iter("mo") if each.text == "≤"]
    assert [each.attrib for each in relation] == [{}], "a relation at the end of a line is spaced as one"
    assert sentence_html(long).count("<wbr>") == 1
    assert len(formulas(tree(statement_html(f"One.\n\n    {long}\n")))) == 1


def test_what_follows_a_formula_stays_beside_it():
    html = sentence_html('the N-th root (of x), "W", and so on')
    tied = [each for each in tree(html).iter("span") if each.get("class") == "tied"]
    assert [words(each).removesuffix(each.tail or "") for each in tied] == ["N-th", "x),", "“W”,"]


def test_text_is_text():
    """Whatever is in it."""
    hostile = '<script>alert(1)</script> & ``<b>`` "x" W_{<i>} </math>'
    html = sentence_html(hostile)
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert {each.tag for each in tree(html).iter()} <= {"div", "span", "code", "math", "mrow", "mi", "mo", "mn", "msub"}


def said_by(entry):
    """With what stands beside the matrices of a model."""
    return [entry.title, entry.content["refutes"]["statement"], *(entry.sentences if entry.model else [])]


def other_texts():
    """What else the site says in sentences, by what it is."""
    checked = [(check, claim) for claim in CLAIMS.values() for check in checks(claim.path)]
    entries = counterexample_files().values()
    return {
        "titles": [claim.title for claim in CLAIMS.values()],
        "places": [source["place"] for claim in CLAIMS.values() for source in claim.sources],
        "atlas": TITLES.values(),
        "hypotheses": [name for claim in CLAIMS.values() for name in claim.hypotheses],
        "changes": [cell.change for check, _ in checked for cell in check.ablations],
        "checks": [functions(check.path)[check.name].said for check, _ in checked],
        "counterexamples": [text for entry in entries for text in said_by(entry)],
        "formal statements": [each.said for claim in CLAIMS.values() for each in stated_by(claim.path)],
    }


OTHERS = other_texts()


@pytest.mark.parametrize("kind", OTHERS)
def test_every_other_formula_reads_back_as_it_was_typed(kind):
    texts = {" ".join(text.split()) for text in OTHERS[kind] if text}
    assert texts
    for text in texts:
        for formula in formulas(tree(sentence_html(text))):
            source = formula.get("alttext")
            assert plain(read_back(formula)) == typed(source), text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_formula_of_a_chapter_reads_back_as_it_was_typed(chapter):
    page = ast.get_docstring(ast.parse((CLAIMS_DIRECTORY / chapter / "__init__.py").read_text(encoding="utf-8")))
    for formula in formulas(tree(statement_html(page))):
        source = formula.get("alttext")
        assert plain(read_back(formula)) == typed(source), source
