"""The site: a page for everything, links that lead somewhere, the same bytes for the same material; what a run says is
shown as text and as it is; nothing of anybody else's is lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from cli import answer
from evidence_records import HERE, record
from markupsafe import Markup, escape

from claims.book import CLAIMS
from claims.campaigns.exporting import imported
from claims.campaigns.ledger import Ledger
from claims.campaigns.records import Fate, Ratio
from claims.campaigns.tightness import KEPT, Worst, table
from claims.command_line.claim_files import checks, claim_files, kinds
from claims.command_line.counterexample_files import counterexample_files
from claims.command_line.errors import UsageError
from claims.command_line.pieces import files_hash
from claims.site import experiments, search
from claims.site.building import written
from claims.site.chapters import _with_code
from claims.site.code import python_lines
from claims.site.evidence_rows import evidence_rows
from claims.site.hypotheses import anchor, rows
from claims.site.material import material
from claims.site.neighbours import picture
from claims.site.pages import File, Page, checked, link
from claims.site.placing import SITE
from claims.site.running import Run
from claims.site.sources import named
from claims.site.templating import address, linked, rendered, static_files
from claims.site.tightness import constants
from claims.suite.evidence import Evidence

PUBLISHED = (Path(__file__).parent / "published_uids.txt").read_text("utf-8").split()
"""Every uid that a version ever had: a page of each must stay."""
LARGEST = 200 * 1024
HOSTILE = "</td><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;\"'{{ 7 * 7 }} x^_sqrt {"


def run_of(*uids, failed=False, words="a search"):
    """The evidence of a run in which something was found of some claims, in JSON's types."""
    evidence = Evidence()
    for uid in uids:
        known = claim_files()[uid].as_json()
        known = {name: value for name, value in known.items() if name not in ("path", "line", "chapter")}
        tight = [{"quantity": f"4 {words}", "observed": 3.0, "guaranteed": 2.0, "how": words}]
        cell = {"theorem": "DL-004", "hypothesis": "balance", "change": "dropped", "fate": "refuted"}
        evidence.add(
            known, "exact", check="one", failed=False, examples=17, seconds=2.5, tightness=tight, ablations=[cell]
        )
        evidence.add(known, "control", check="two", failed=failed, examples=0, seconds=0.25)
    entry = counterexample_files()["DLX-015"]
    record = {"uid": entry.uid, "title": words, "claim": entry.claim, "hypothesis": entry.hypothesis}
    record |= {"change": entry.content["refutes"]["change"], "kind": entry.kind, "sha256": entry.sha256}
    evidence.add_counterexample(record, verified=not failed, seconds=0.5)
    return json.loads(json.dumps(evidence.as_json(exit_status=int(failed))))


def ledger_at(path):
    """A claim of this version whose words mean no good, which also failed, and another of another version."""
    place = replace(HERE, files=files_hash())
    ratio = Ratio(HOSTILE, 0.5, 1.0)
    good = record("claims/a.py::test_<b>", 1, 1234, uid="DL-001", place=place, ratios=(ratio,), decided=1234)
    failed = record("claims/a.py::test_b", 2, 10, uid="DL-001", place=place, fate=Fate.FAILED, decided=0)
    with Ledger(path) as ledger:
        ledger.add([good, failed, record("claims/a.py::test_c", 3, 77, uid="DL-002")])
    return path


def built(evidence=None, tmp_path=None):
    """Path to content."""
    if evidence is None:
        return dict(written(material()))
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(evidence), encoding="utf-8")
    return dict(written(material(path, ledger=ledger_at(tmp_path / "ledger.sqlite"))))


@pytest.fixture(scope="module")
def site():
    return built()


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """After a run that failed, and whose words mean no good."""
    return built(run_of("DL-004", "DL-012", "DL-018", failed=True, words=HOSTILE), tmp_path_factory.mktemp("ran"))


class Document(HTMLParser):
    """What a page holds: ids, links with what they lead to, tags that are not closed, and the text."""

    VOID = frozenset(["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"])

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.tags, self.text, self.open, self.wrong = [], [], Counter(), [], [], []
        self.feed(html)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src"):
                self.links.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def documents(site, ran):
    """Those of both sites."""
    return [
        {path: Document(content.decode()) for path, content in each.items() if path.endswith(".html")}
        for each in (site, ran)
    ]


def text_of(content):
    return " ".join("".join(Document(content.decode()).text).split())


# What there is.


def test_every_uid_that_was_ever_published_has_a_page(site):
    assert not [uid for uid in PUBLISHED if f"{uid}/index.html" not in site]


def test_every_uid_that_there_is_counts_as_published():
    """From the version on that has it: add it to published_uids.txt."""
    assert sorted(PUBLISHED) == sorted({*claim_files(), *counterexample_files()} | set(PUBLISHED))
    assert len(set(PUBLISHED)) == len(PUBLISHED)


def test_a_claims_page_has_all_that_the_claim_has(site):
    for uid, claim in claim_files().items():
        page = site[f"{uid}/index.html"].decode()
        assert all(f'id="{check.path.stem}-{check.name}"' in page for check in checks(claim.path))
        assert all(f'id="{anchor(hypothesis)}"' in page for hypothesis in claim.hypotheses)
        assert all(f"../sources/{source['key']}/" in page for source in claim.sources)
        assert all(f'href="../{other}/index.html"' in page for other in claim.uses)


def test_neighbours_of_one_colour_are_one_span(tmp_path):
    """Of an f-string and of a name beside brackets; the text is what it was, and each line's spans are closed."""
    file = tmp_path / "code.py"
    file.write_text(
        "@mark.a.b(1, -2)\ndef f(x: str) -> str:\n    '''Two\n    lines < three.'''\n    return f'a{x}b\\n&c'\n"
    )
    lines = python_lines(file)
    assert [re.sub("<[^>]*>", "", line) for line in lines] == [
        str(escape(line)) for line in file.read_text().splitlines()
    ]
    assert all(line.count("<span") == line.count("</span>") for line in lines)
    assert not re.search(r'<span class="(.)">[^<]*</span><span class="\1">', "\n".join(lines))
    assert lines[4] == (
        '    <span class="k">return</span> <span class="s">f&#39;a{</span>x<span class="s">}b\\n&amp;c&#39;</span>'
    )


def test_the_code_of_a_check_is_that_of_its_file(site):
    """Read back from the page."""
    check = next(check for check in checks(claim_files()["DL-018"].path) if check.kind == "control")
    lines = check.path.read_text("utf-8").splitlines()
    text = "".join(Document(site["DL-018/index.html"].decode()).text)
    assert "\n".join(lines[check.line - 1 : check.line + 3]) in text
    whole = "".join(Document(site[f"DL-018/{check.path.stem}/index.html"].decode()).text)
    assert "\n".join(lines) in whole


def test_theorem_one_without_balance_is_a_click_from_home(site):
    assert 'href="DL-004/index.html#without-balance"' in site["index.html"].decode()
    assert 'id="without-balance"' in site["DL-004/index.html"].decode()


# Pages as documents.


def test_every_tag_is_closed(documents):
    assert not [(path, page.wrong[:3]) for each in documents for path, page in each.items() if page.wrong]


def test_no_id_stands_twice(documents):
    assert not [path for each in documents for path, page in each.items() if len({*page.ids}) < len(page.ids)]


def test_every_link_and_anchor_leads_somewhere(documents, site, ran):
    """To a file of the site, and never out of it."""
    lost = []
    for found, files in zip(documents, (site, ran), strict=True):
        anchors = {path: set(page.ids) for path, page in found.items()}
        for path, page in found.items():
            for to in page.links:
                target, _, fragment = unquote(to).partition("#")
                place = path if not target else _joined(path, target)
                if not to.startswith(("data:", "https://")) and (
                    place not in files or (fragment and fragment not in anchors[place])
                ):
                    lost.append(f"{path}: {to}")
    assert not lost


def _joined(path, target):
    parts = path.split("/")[:-1]
    for part in target.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_only_checks_by_coq_have_theorems_in_place_of_their_words():
    """Also where another check of the claim has the same name."""
    known = material()
    rows_of = [row for claim in known.claims.values() for row in evidence_rows(known, claim)]
    shown = [(row.kind == "formal", bool(check.theorems)) for row in rows_of for check in row.checks]
    assert {*shown} == {(True, True), (False, False)}


def test_no_page_is_large(site, ran):
    large = {path: len(content) for each in (site, ran) for path, content in each.items() if path.endswith(".html")}
    assert not {path: size for path, size in large.items() if size > LARGEST}


OBJECT = re.compile(r"<(built-in|bound|function|generator|[\w.]+ object)\b[^>]* at 0x")


def test_no_page_shows_an_object_of_pythons(documents):
    """A name of a template that is a method where a number was meant."""
    assert not [path for each in documents for path, page in each.items() if OBJECT.search("".join(page.text))]


def test_the_same_material_gives_the_same_bytes(site, tmp_path):
    """In another process, where sets have another order."""
    environment = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-P", "-m", "claims", "site", str(tmp_path / "out")]
    subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.name != SITE]
    assert {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in files} == site


# What a run says.


def test_a_run_is_told_as_it_was(ran):
    """Counts, seconds, failures, and what did not run."""
    page = text_of(ran["DL-018/index.html"])
    assert "✕ 1 check failed in the run" in page
    assert re.search(r"exact 1 1 17 2\.5 ", page)
    assert re.search(r"control 1 0 ✕ 1 failed – 0\.2 |control 1 0 ✕ 1 failed – 0\.3 ", page)
    home = text_of(ran["index.html"])
    assert "did not end well (exit code 1)" in home
    assert "✕ 3 failed" in home
    assert "0 of them verified" in home
    assert "Nothing of this claim was in the run" in text_of(ran["DL-001/index.html"])
    assert "✕ It rests on DL-012, of which checks failed" in text_of(ran["DL-004/index.html"])
    assert "✕ It rests on" not in page


def test_a_cell_that_the_run_has_not_is_marked(ran):
    """Of Theorem 1 the run has the one without balance, and none without a margin."""
    page = ran["DL-004/index.html"].decode()
    without = {name: page.split(f'<h3 id="{anchor(name)}"')[1].split("</section>")[0] for name in ("balance", "margin")}
    dropped = next(row for row in without["balance"].split("<tr>") if ">dropped<" in row)
    assert "not in the run" not in dropped
    assert "not in the run" in without["margin"]


def test_without_a_run_no_page_says_that_there_was_one(site):
    assert "built without a run" in text_of(site["index.html"])
    assert not [path for path in site if path.endswith(".html") and b"not in the run" in site[path]]


def test_what_a_run_says_is_text(ran, documents):
    """Whatever stands in it: no tag of it becomes a tag, and nothing of it is evaluated."""
    page = documents[1]["tightness/index.html"]
    assert page.tags["script"] == documents[0]["tightness/index.html"].tags["script"]
    assert not page.tags["img"]
    assert HOSTILE in "".join(page.text)
    assert b"onerror='" not in ran["tightness/index.html"]


def test_a_constant_stands_on_the_page_of_its_claim(ran):
    """The statement 4 of the atlas is DL-004's and DL-021's."""
    for uid in ("DL-004", "DL-021"):
        assert 'id="tightness"' in ran[f"{uid}/index.html"].decode()
    assert 'id="tightness"' not in ran["DL-001/index.html"].decode()


def test_the_constants_are_those_of_the_ledger_that_is_kept():
    """Decided again; those of a run take their place where they are tighter."""
    rows_of_it = table(Worst(imported(CLAIMS.parent / KEPT)).known)
    assert [(f"{each.about} {each.quantity}", each.ratio) for each in constants(material())] == rows_of_it

    def ratio(observed):
        entry = {"claim": "DL-022", "quantity": "2.3 imbalance, depth 2", "how": ""}
        entry |= {"observed": observed, "guaranteed": 2.0}
        found = constants(replace(material(), run=Run(0, {}, {}, {}, {}, frozenset(), (entry,))))
        assert len(found) == len(rows_of_it)
        return next(each.ratio for each in found if (each.about, each.quantity) == ("2.3", "imbalance, depth 2"))

    assert (ratio(3.0), ratio(1.8)) == ("1.5", "0.9")
    assert ratio(30.0) == ratio(0.2) == dict(rows_of_it)["2.3 imbalance, depth 2"]


def test_a_ledgers_totals_stand_with_their_claim(ran, documents):
    """Of this version, or of another, which is said; failures are told; its words are text."""
    page = text_of(ran["DL-001/index.html"])
    assert "This version (0.1.0" in page
    assert "decided on 1,234 instances" in page
    assert "FAILED in 1 piece" in page
    assert "claims/a.py::test_b failed with seed 2" in page
    assert " ".join(HOSTILE.split()) in page
    assert "test_<b>" in page
    plain, after = (each["DL-001/index.html"].tags for each in documents)
    assert (after["img"], after["script"], after["b"]) == (0, plain["script"], plain["b"])
    other = text_of(ran["DL-002/index.html"])
    assert "Another version (0.1.0, commit 5e1f75d" in other
    assert "This version" not in other
    home = text_of(ran["index.html"])
    assert re.search(r"Campaigns of this version \(0\.1\.0.*?\) decided 1,234 instances of 1 claim", home)
    assert re.search(
        r"Campaigns of another version \(0\.1\.0, commit 5e1f75d.*?\) decided 38 instances of 1 claim", home
    )


def test_what_is_no_ledger_is_refused(capsys, tmp_path):
    (tmp_path / "x.sqlite").write_text("none")
    code, _, complaint = answer(capsys, "site", str(tmp_path / "out"), "--ledger", str(tmp_path / "x.sqlite"))
    assert code == 2
    assert "x.sqlite" in complaint
    assert not (tmp_path / "out").exists()


def changed(*path, value):
    evidence = run_of("DL-004")
    place = evidence
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(evidence)


BAD = {
    "not JSON": ("{", "cannot be read as JSON"),
    "no evidence": ("{}", "'schema' is a required property"),
    "deep": ("[" * 100_000, "cannot be read as JSON"),
    "not a number": (changed("claims", 0, "evidence", "exact", "seconds", value=float("nan")), "NaN is no number"),
    "negative": (changed("claims", 0, "evidence", "exact", "checks", value=-1), "['checks'] is wrong"),
    "another version": (changed("tools", "deep-linear-claims", value="9.9"), "of version 9.9"),
    "another statement": (changed("claims", 0, "statement", value="1 = 1"), "DL-004 has another statement"),
    "another status": (changed("claims", 0, "status", value="open"), "DL-004 has another status"),
    "an unknown claim": (changed("claims", 0, "uid", value="DL-999"), "has DL-999"),
    "another counterexample": (changed("counterexamples", 0, "sha256", value="0" * 64), "DLX-015 is not"),
    "an unknown counterexample": (changed("counterexamples", 0, "uid", value="DLX-999"), "DLX-999 is not"),
}


@pytest.mark.parametrize("name", BAD)
def test_evidence_that_is_none_is_refused(capsys, tmp_path, name):
    """With the file's name and the reason; nothing is written."""
    text, reason = BAD[name]
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    code, _, complaint = answer(capsys, "site", str(tmp_path / "out"), "--evidence", str(tmp_path / "bad.json"))
    assert code == 2
    assert "bad.json" in complaint
    assert reason in complaint
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--evidence", "--figures"])
def test_what_is_not_there_is_refused(capsys, tmp_path, option):
    code, _, complaint = answer(capsys, "site", str(tmp_path / "out"), option, str(tmp_path / "gone"))
    assert code == 2
    assert f"{option} is {tmp_path / 'gone'}" in complaint
    assert not (tmp_path / "out").exists()


PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000003000000020802000000")


def test_figures_are_shown_where_they_are_given(site, tmp_path):
    """With their size, so that nothing moves; the others say how to make them."""
    (tmp_path / "stages.png").write_bytes(PIXEL)
    (tmp_path / "stages.json").write_text("{}")
    (tmp_path / "other.png").write_bytes(PIXEL)
    given = material(figures=tmp_path)
    *files, page = experiments.pages(given)
    assert {file.path: file.content for file in files} == {
        "experiments/stages.png": PIXEL,
        "experiments/stages.json": b"{}",
    }
    names = {path.removesuffix("index.html").removesuffix("/") for path in site} | {file.path for file in files}
    html = rendered(page, names).decode()
    assert 'src="../experiments/stages.png" width="3" height="2"' in html
    assert "<code>python -m claims experiment stages --out figures" not in html
    assert "<code>python -m claims experiment trade_off --out figures" in html
    (tmp_path / "stages.png").write_bytes(b"none")
    with pytest.raises(UsageError, match=r"stages\.png, which is no PNG"):
        list(experiments.pages(given))


# The parts.


@pytest.mark.parametrize(
    ("page", "to", "at", "address"),
    [
        ("", "", "", "index.html"),
        ("", "DL-004", "a", "DL-004/index.html#a"),
        ("DL-004", "", "", "../index.html"),
        ("DL-004", "DL-004", "a", "#a"),
        ("sources/ACGH19", "DL-004", "", "../../DL-004/index.html"),
        ("DL-004", "static/styles.css", "", "../static/styles.css"),
    ],
)
def test_links_are_relative(page, to, at, address):
    assert link(page, to, at) == address


def test_two_parts_do_not_share_a_place():
    with pytest.raises(UsageError, match=r"A/index\.html and a/index\.html"):
        checked([Page("A", "", ""), File("b", b""), Page("a", "", "")])


def test_a_link_to_nothing_stops_the_build():
    claim = claim_files()["DL-004"]
    page = Page("DL-004/opening", "", "code.html", {"claim": claim, "file": "f", "lines": ()})
    with pytest.raises(UsageError, match="DL-004/opening links to DL-004, which the site does not have"):
        rendered(page, {"", "DL-004/opening", search.PATH, *(file.path for file in static_files())})


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("by DL-001.", 'by <a class="to-uid" href="!DL-001">DL-001</a>.'),
        ("<b>DL-001</b>", '<b><a class="to-uid" href="!DL-001">DL-001</a></b>'),
        ("<code>DL-001</code> <math alttext='a &gt; b'><mi>DL-001</mi></math>", None),
        ('<a href="x">the <b>DL-001</b></a>', None),
        ('<p title="DL-001">DL-0012 XDL-001 DL-002</p>', None),
    ],
)
def test_uids_in_text_are_links_and_nothing_else_is(html, expected):
    assert linked(Markup(html), {"DL-001": "!DL-001"}.get) == (expected or html)


@pytest.mark.parametrize(
    ("place", "statements"),
    [
        ("Lemmas 1-3, Theorem 1", ["Lemma 1", "Lemma 2", "Lemma 3", "Theorem 1"]),
        ("Claims 1 and 2", ["Claim 1", "Claim 2"]),
        ("Definition 2, Claim 1, footnotes 3-4", ["Definition 2", "Claim 1", "Footnote 3", "Footnote 4"]),
        ("Section 2, Appendix A", ["Section 2", "Appendix A"]),
        ("proof of Theorem 1", ["Theorem 1"]),
        ("", [""]),
        ("DL-004", ["DL-004"]),
    ],
)
def test_a_place_is_its_statements(place, statements):
    assert named(place) == statements


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("    DL-005  deficiency_margin      a margin", "    DL-005  ``deficiency_margin``      a margin"),
        ("    margin_needed         DL-006  no margin", "    ``margin_needed``         DL-006  no margin"),
        ("    whitening  the_rest", "    ``whitening``  the_rest"),
        (" " * 24 + "goes on", " " * 28 + "goes on"),
        ("of deficiency_margin  and", "of deficiency_margin  and"),
        ("    l(T) <= eps", "    l(T) <= eps"),
    ],
)
def test_modules_in_a_chapters_list_are_code(line, marked):
    """And its columns stand below each other."""
    assert _with_code(line) == marked


def test_a_paper_is_where_its_number_says():
    assert address("arXiv:1810.02281") == "https://arxiv.org/abs/1810.02281"
    assert address("doi:10.1007/BF02288367") == "https://doi.org/10.1007/BF02288367"
    assert address("proceedings.neurips.cc") == ""


def test_anchors_of_hypotheses_differ():
    for claim in claim_files().values():
        assert len({anchor(name) for name in claim.hypotheses}) == len(claim.hypotheses)


def test_every_cell_of_the_matrix_stands_in_its_row():
    """Nothing of what checks and counterexamples say is lost: their marks name a hypothesis of the claim."""
    found = material()
    for claim in claim_files().values():
        said = {
            (cell.hypothesis, cell.change, cell.fate)
            for other in claim_files().values()
            for check in checks(other.path)
            for cell in check.ablations
            if cell.theorem == claim.uid
        }
        said |= {
            (entry.hypothesis, entry.content["refutes"]["change"], entry.fate)
            for entry in counterexample_files().values()
            if entry.claim == claim.uid and entry.hypothesis
        }
        cells = [cell for row in rows(found, claim) for cell in row.cells]
        assert {(cell.hypothesis, cell.change, cell.fate) for cell in cells} == said
        assert all(cell.checks or cell.counterexamples for cell in cells)


def test_a_picture_holds_every_neighbour_inside_it():
    uids = [f"DL-{number:03}" for number in range(1, 20)]
    drawn = picture("DL-099", uids[:3], uids[3:])
    assert Counter(box.uid for box in drawn.boxes) == Counter({*uids, "DL-099"})
    assert len(drawn.curves) == len(uids)
    corners = {(box.x, box.y) for box in drawn.boxes}
    assert len(corners) == len(drawn.boxes)
    assert all(0 <= x < drawn.width and 0 < y < drawn.height for x, y in corners)
    assert picture("DL-099", (), ()) is None


def test_every_kind_of_evidence_is_explained(site):
    page = site["evidence/index.html"].decode()
    assert all(f'id="kind-{kind}"' in page for kind in kinds())


# The command.


@pytest.fixture
def small(monkeypatch):
    """A site of one file, so that it takes no time."""
    monkeypatch.setattr("claims.site.building.written", lambda material: [("index.html", b"home")])


def test_a_site_is_written_and_replaced(capsys, tmp_path, small):
    out = tmp_path / "a place" / "out"
    for _ in range(2):
        code, said, complaint = answer(capsys, "site", str(out))
        assert (code, complaint) == (0, "")
        assert str(out / "index.html") in said
        assert (out / "index.html").is_file()
        assert [each.name for each in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["CNAME", "DL-001/mine.html", "deep/down/.git"])
def test_nothing_of_somebody_elses_is_lost(capsys, tmp_path, small, name):
    """Beside a site of ours, or alone."""
    out = tmp_path / "out"
    for with_site in (False, True):
        if with_site:
            (out / name).unlink()
            assert answer(capsys, "site", str(out))[0] == 0
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine")
        code, _, complaint = answer(capsys, "site", str(out))
        assert code == 2
        assert name in complaint
        assert (out / name).read_text() == "mine"
        assert (out / SITE).is_file() == with_site


def test_a_site_that_cannot_be_written_leaves_what_was_there(capsys, tmp_path, small, monkeypatch):
    """Half of the files, and then the disk is full."""
    out = tmp_path / "out"
    assert answer(capsys, "site", str(out))[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(self, content):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    code, _, complaint = answer(capsys, "site", str(out))
    assert code == 1
    assert "No space left" in complaint
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("kind", ["file", "symlink"])
def test_what_is_no_directory_is_no_place_for_a_site(capsys, tmp_path, small, kind):
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("mine")
    else:
        (tmp_path / "elsewhere").mkdir()
        out.symlink_to(tmp_path / "elsewhere")
    code, _, complaint = answer(capsys, "site", str(out))
    assert code == 2
    assert "no directory" in complaint
    assert out.is_symlink() == (kind == "symlink")


def test_a_site_does_not_take_the_place_in_which_it_is_made(capsys, tmp_path, small, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, complaint = answer(capsys, "site", ".")
    assert code == 2
    assert "of its own" in complaint
    assert not list(tmp_path.iterdir())


def test_without_the_extra_the_command_names_it(capsys, tmp_path, monkeypatch):
    """As where jinja2 is not installed."""
    for name in [name for name in sys.modules if name.startswith("claims.site")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    code, _, complaint = answer(capsys, "site", str(tmp_path / "out"))
    assert code == 2
    assert "needs jinja2" in complaint
    assert ".[site]" in complaint
    assert not (tmp_path / "out").exists()
