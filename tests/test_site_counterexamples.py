"""Pages of counterexamples and their list: what stands on them is what the files say, and what is offered works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from claims.command_line.counterexample_files import counterexample_files
from claims.counterexamples import check
from claims.site import catalogue_list, counterexamples
from claims.site.downloads import downloads
from claims.site.exact_matrices import matrix_math

ENTRIES = counterexample_files()
NETWORKS = [uid for uid, entry in ENTRIES.items() if not entry.model]


def page(site, uid):
    return (site / uid / "index.html").read_text("utf-8")


class Parts(HTMLParser):
    """Ids of a page, and where its labels and buttons point."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.pointers = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.ids.append(found["id"])
        for key in ("for", "aria-labelledby", "aria-controls", "data-copy"):
            self.pointers += found.get(key, "").split()


# A page.


@pytest.mark.parametrize("uid", ENTRIES)
def test_a_page_holds_the_very_file(site, uid):
    """Embedded for the checker, and beside the page byte by byte."""
    script = r'<script type="application/json" id="embedded"[^>]*>(.*?)</script>'
    embedded = re.search(script, page(site, uid), re.DOTALL)
    assert json.loads(embedded[1]) == ENTRIES[uid].content
    assert (site / uid / f"{uid}.json").read_bytes() == ENTRIES[uid].path.read_bytes()


@pytest.mark.parametrize("uid", ENTRIES)
def test_a_page_is_small_and_whole(site, uid):
    text = page(site, uid)
    parts = Parts(text)
    assert len(text.encode()) < 200 * 1024
    assert len(parts.ids) == len(set(parts.ids))
    assert set(parts.pointers) <= set(parts.ids)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)


@pytest.mark.parametrize("uid", ENTRIES)
def test_what_is_refuted_leads_to_the_claim_and_the_hypothesis(site, uid):
    entry, text = ENTRIES[uid], page(site, uid)
    assert f'href="../{entry.claim}/index.html"' in text
    if entry.hypothesis:
        anchor = re.search(rf'href="\.\./{entry.claim}/index\.html#([^"]+)"', text)[1]
        assert f'id="{anchor}"' in page(site, entry.claim)
        assert entry.hypothesis.split()[0] in anchor


@pytest.mark.parametrize("uid", ENTRIES)
def test_formulas_are_well_formed_and_have_every_number(site, uid):
    """The matrices' entries in order, fractions as numerator and denominator."""
    formulas = re.findall(r'<math display="block" alttext=.*?</math>', page(site, uid), re.DOTALL)
    matrices = ENTRIES[uid].matrices
    assert len(formulas) >= len(matrices)
    for formula, (_, rows) in zip(formulas, matrices, strict=False):
        numbers = [each.text for each in ElementTree.fromstring(unescape(formula)).iter("mn")]
        wanted = [part for row in rows for x in row for part in str(abs(x)).split("/")]
        assert numbers[-len(wanted) :] == wanted


def test_the_words_of_the_verdict_are_those_of_the_checker(site):
    """So that nothing moves on the page when the reader's browser has decided."""
    for uid, entry in ENTRIES.items():
        text = unescape(re.sub("</?span.*?>", "", page(site, uid)))
        assert f"Checking in this browser: {check.check(entry.path)[1]}." in text


def test_a_script_cannot_be_ended_by_what_a_file_says(site):
    """All signs < of a file are written so that no tag begins with them."""
    for uid in ENTRIES:
        embedded = page(site, uid).split('id="embedded"')[1].split("</script>")[0]
        assert "<" not in embedded


@pytest.mark.parametrize("uid", ["DLX-015", "DLX-025", "DLX-040", "DLX-050", "DLX-060", "DLX-054"])
def test_the_theorem_is_there(site, uid):
    """Of every form of file, with the line that has it checked."""
    text = page(site, uid)
    assert "--kernel" in text
    assert "No theorem:" not in text


# Matrices.


@pytest.mark.parametrize(
    ("names", "rows", "said", "inside"),
    [
        (["W_1", "W_2"], [[Fraction(5, 2)]], "W_1 = W_2 = 5/2", "<mfrac><mn>5</mn><mn>2</mn></mfrac>"),
        (["Phi"], [[Fraction(-4)]], "Phi = -4", "<mi>Φ</mi><mo>=</mo><mrow><mo>−</mo><mn>4</mn></mrow>"),
        (["eta"], [[Fraction(1)]], "eta = 1", "<mi>η</mi>"),
        (["U"], [[Fraction(1), Fraction(0)]], "U = [1, 0]", "<mtr><mtd><mrow><mn>1</mn></mrow></mtd><mtd>"),
        (["x"], [[Fraction(1)], [Fraction(2)]], "x = [1; 2]", "</mtr><mtr>"),
    ],
)
def test_a_matrix(names, rows, said, inside):
    formula = matrix_math(names, rows)
    assert ElementTree.fromstring(formula).get("alttext") == said
    assert inside in formula


# Downloads.


@pytest.mark.parametrize("uid", ["DLX-005", "DLX-015", "DLX-046", "DLX-051"])
def test_the_code_runs_and_has_the_numbers(tmp_path, uid):
    """Of a network: the weights; of a model: that it runs alone."""
    for name in (f"{uid}_exact.py", f"{uid}_numpy.py"):
        (content,) = (each.content for each in downloads(ENTRIES[uid]) if each.name == name)
        shows = "\nprint([float(x) for x in __import__('itertools').chain(*weights[0])])" if uid in NETWORKS else ""
        (tmp_path / name).write_text(content.decode() + shows)
        ran = subprocess.run([sys.executable, "-P", tmp_path / name], check=True, capture_output=True, timeout=60)
        if uid in NETWORKS:
            wanted = [float(x) for row in ENTRIES[uid].weights[0] for x in row]
            assert json.loads(ran.stdout) == wanted


def test_a_download_that_cannot_be_has_a_reason():
    """A number beyond float64 has no array."""
    content = json.loads(json.dumps(ENTRIES["DLX-015"].content))
    content["weights"][0][0][0] = "1" + "0" * 400
    entry = type(ENTRIES["DLX-015"])(content, ENTRIES["DLX-015"].path)
    (numpy,) = (each for each in downloads(entry) if each.form == "NumPy")
    assert not numpy.content
    assert "beyond float64" in numpy.words


def test_every_form_is_beside_the_page(site):
    for uid, entry in ENTRIES.items():
        text = page(site, uid)
        for each in downloads(entry):
            assert (site / uid / each.name).read_bytes() == each.content
            assert f'href="../{uid}/{each.name}" download="{each.name}"' in text


# The list.


def test_the_list_has_every_entry_without_a_script(site):
    text = page(site, "counterexamples")
    rows = re.findall(r"<tr( data-.*?)>\s*<th scope=\"row\"><a href=\"\.\./(DLX-\d+)/index.html\">", text)
    assert [uid for _, uid in rows] == list(ENTRIES)


def test_a_facet_offers_what_there_is_and_counts_it(site):
    text = page(site, "counterexamples")
    options = re.search(r'<select name="kind">.*?</select>', text, re.DOTALL)[0]
    offered = dict(re.findall(r'<option value="(\w+)">\w+ \((\d+)\)', options))
    kinds = [entry.kind for entry in ENTRIES.values()]
    assert offered == {kind: str(kinds.count(kind)) for kind in kinds}
    rows = [catalogue_list.Row(entry, catalogue_list.values(entry)) for entry in ENTRIES.values()]
    assert [value for value, _ in catalogue_list.facet("depth", "", rows).options] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("uid", "said"),
    [
        ("DLX-015", {"kind": "cycle", "depth": "2", "widths": "1 1 1", "period": "2", "hypothesis": "learning rate"}),
        ("DLX-012", {"kind": "stationary", "depth": "3", "widths": "2 2 2 2", "period": "", "claim": "DL-004"}),
        ("DLX-049", {"kind": "recurrence", "model": "factorization", "period": "2", "depth": "", "widths": ""}),
        ("DLX-053", {"kind": "returns", "model": "units", "period": "2", "hypothesis": ""}),
        ("DLX-058", {"kind": "returns", "period": ""}),
    ],
)
def test_the_values_of_the_facets(uid, said):
    assert catalogue_list.values(ENTRIES[uid]).items() >= said.items()


def test_every_page_of_the_catalogue_has_all_sections(site):
    for uid in ENTRIES:
        found = set(Parts(page(site, uid)).ids)
        assert {name for name, _ in counterexamples.SECTIONS} <= found
