"""A docstring's structure on its page: lists, displays, tables, and its parts."""

import re
from xml.etree import ElementTree

import pytest

from claims.command_line.claim_files import claim_files
from claims.command_line.terminal import refilled
from claims.site.mathematics import statement_html
from claims.site.statement_parts import StatementParts, statement_parts

CLAIMS = claim_files()


def tree(html):
    return ElementTree.fromstring(f"<div>{html.replace('<wbr>', '')}</div>")


def tags(element):
    return [child.tag for child in element]


def said(element):
    """The text, with the source of each formula."""
    own = (element.text or "") + "".join(said(child) + (child.tail or "") for child in element)
    return element.get("alttext") if element.tag == "math" else own


def test_lists_have_the_marks_of_the_text():
    found = tree(
        statement_html("""One.

0. Zero.

   More of it.
3. Three.
   - A dot.
   - Another.

(a) The first.
(c) The third.
""")
    )
    assert tags(found) == ["p", "ol", "ul", "ol"]
    numbered, dots, lettered = found[1], found[2], found[3]
    assert [item.get("value") for item in numbered] == ["0", "3"]
    assert tags(numbered[0]) == ["p", "p"]
    assert [item.get("value") for item in dots] == [None, None]
    assert lettered.get("class") == "lettered"
    assert [item.get("value") for item in lettered] == ["1", "3"]


def test_paragraphs_have_their_opening_words_apart():
    text = ["In short it is so.", "Statement. Let x be.", "Proof of 2, N = 1. By 1.", "Proof of 3.", "No more of it."]
    found = tree(statement_html("\n\n".join(text)))
    labels = [said(each[0]).strip() if len(each) and each[0].tag == "strong" else "" for each in found]
    assert labels == ["", "Statement.", "Proof of 2, N = 1.", "Proof of 3.", ""]


def rows_of(text):
    table = tree(statement_html(text)).find(".//table")
    return [[said(cell).strip() for cell in row] for row in table], table


def test_columns_are_cells():
    cells, _ = rows_of("One.\n\n    margin    x >= c,\n    balance   ||B|| <= delta\n              for every j,\n")
    assert cells == [["margin", "x >= c,"], ["balance", "||B|| <= delta for every j,"]]


def test_relations_below_each_other_stay_so():
    """And what goes on behind one stands behind it."""
    cells, table = rows_of("One.\n\n    a b = c,\n      d = e,\n        >= 0.\n")
    assert cells == [["a b", "= c,"], ["d", "= e,"], ["", ">= 0."]]
    assert [cell.get("class").split()[0] for cell in table[0]] == ["left", "right"]
    cells, table = rows_of("One.\n\n    P(r) = 1 - r   for r < 1,\n           0       for r >= 1.\n")
    assert cells == [["P(r)", "= 1 - r", "for r < 1,"], ["", "0", "for r >= 1."]]
    assert table[1][1].get("class").split()[0] == "under"
    cells, table = rows_of("One.\n\n    lambda  =  the larger,   say,\n            <  1.\n")
    assert [row[:2] for row in cells] == [["lambda", "="], ["", "<"]]
    assert [row[1].get("class").split()[0] for row in table] == ["relation", "relation"]


def test_lines_that_have_nothing_in_common_are_lines():
    found = tree(statement_html("One.\n\n    x = y,\n          z >= 1   and more.\n\n    w = 2.\n"))
    assert [each.get("class") for each in found] == [None, "display", "display"]
    lines = found[1]
    assert [line.get("style") for line in lines] == [None, "--indent: 6"]
    assert [each.get("class") for each in lines[1]] == [None, "gap"]
    assert found[2][0][0][0].get("display") == "block"


def test_a_wide_display_scrolls_by_keyboard_too():
    narrow, wide = "    x = y\n", f"    x = {' + '.join('abcdefghijklm')}\n"
    assert tree(statement_html(f"One.\n\n{narrow}"))[1].get("tabindex") is None
    display = tree(statement_html(f"One.\n\n{wide}"))[1]
    assert (display.get("tabindex"), display.get("role"), display.get("aria-label")) == ("0", "group", "formula")


PARTS = """Summary.

Notation. Let x be.

Statement. So it is.

1. One.

Proof. Easy.

- A step.

Hypotheses. None.

Checked by a machine.

Source. A paper.

Differs from the source. Its constants.

Not covered. The rest.

Proof of 1. Hard.
"""


def text_of(parts):
    return {
        name: " ".join(ElementTree.fromstring(f"<div>{html}</div>").itertext()).split()
        for name, html in vars(parts).items()
    }


def test_a_statement_has_its_parts():
    assert {name: " ".join(each) for name, each in text_of(statement_parts(PARTS)).items()} == {
        "summary": "Summary.",
        "statement": "Notation. Let x be. Statement. So it is. One.",
        "proof": "Proof. Easy. A step. Proof of 1. Hard.",
        "hypotheses": "None.",
        "source": "A paper.",
        "differs": "Its constants.",
        "notes": "Checked by a machine. Not covered. The rest.",
    }


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_the_parts_are_all_of_the_statement(claim):
    """Every formula is in one of them, and each part that a reader looks for is there."""
    parts = statement_parts(claim.statement)
    pattern = re.compile(r'alttext="([^"]*)"')
    found = [each for html in vars(parts).values() for each in pattern.findall(html)]
    assert sorted(found) == sorted(pattern.findall(statement_html(claim.statement)))
    for name in StatementParts.__dataclass_fields__:
        assert getattr(parts, name) or name in ("proof", "differs", "notes")


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_says_where_it_differs_from_its_sources(claim):
    """Right behind them, in one paragraph; one that is this project's alone has nothing to differ from."""
    foreign = [source for source in claim.sources if source["venue"] != "this project"]
    found = re.findall(r"^Differs from the source\. \S", claim.statement, re.MULTILINE)
    assert len(found) == bool(foreign)
    assert bool(statement_parts(claim.statement).differs) == bool(foreign)
    if foreign:
        assert re.search(r"^Sources?\. (?:.+\n)+\n?Differs from the source\. ", claim.statement, re.MULTILINE)


def test_a_narrow_terminal_keeps_the_paragraph_apart():
    text = "Source. " + "A paper of " * 9 + "ours.\nDiffers from the source. " + "In its " * 9 + "words."
    assert [line.split(" ")[0] for line in refilled(text, 70).splitlines() if line[:7] in ("Source.", "Differs")] == [
        "Source.",
        "Differs",
    ]
