"""``cite``: its BibTeX, its LaTeX as LaTeX itself sees it, and plain text."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from cli import NETWORKS, UIDS, check_latex, matrices, printed

from claims.command_line.citing import RELEASED
from claims.command_line.claim_files import claim_files
from claims.command_line.counterexample_files import counterexample_files
from claims.command_line.latex import latex_statement
from claims.command_line.mathematics import latex_sentence, latex_text
from claims.command_line.matrices import latex_equation

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGES = "texlive-latex-base texlive-latex-recommended texlive-fonts-recommended texlive-binaries"


def entries(bibtex):
    """A small reader of BibTeX: {key: {field: value}}, with braces counted."""
    found = {}
    position = 0
    while match := re.compile(r"\s*@misc\{([^,\s{}]+),\s*").match(bibtex, position):
        fields, position = {}, match.end()
        while field := re.compile(r"(\w+)\s*=\s*\{").match(bibtex, position):
            end, depth = field.end(), 1
            while depth:
                depth += {"{": 1, "}": -1}.get(bibtex[end], 0) if bibtex[end - 1] != "\\" else 0
                end += 1
            fields[field[1]] = bibtex[field.end() : end - 1]
            position = re.compile(r",?\s*").match(bibtex, end).end()
        assert bibtex[position] == "}", bibtex[position : position + 40]
        position += 1
        found[match[1]] = fields
    assert not bibtex[position:].strip(), bibtex[position:]
    return found


@pytest.mark.parametrize("uid", UIDS)
def test_bibtex_names_version_and_hash_and_the_papers(capsys, uid):
    found = entries(printed(capsys, "cite", uid, "--format", "bibtex"))
    own = found.pop(uid)
    from_claim = uid in claim_files()
    path = claim_files()[uid].path if from_claim else counterexample_files()[uid].path
    files = sorted(path.parent.glob("*.py")) if path.stem == "__init__" else [path]
    content = b"".join(file.read_bytes() for file in files)
    sha256 = hashlib.sha256(content).hexdigest() if from_claim else json.loads(path.read_text())["sha256"]
    version = json.loads(printed(capsys, "cite", uid, "--json"))["version"]
    assert own["howpublished"] == f"{uid} of Deep Linear Claims {version}"
    assert own["note"].replace(r"\allowbreak{}", "").endswith(f"SHA-256: {sha256}")
    assert re.fullmatch(r"20\d\d", own["year"])
    papers = {each["key"]: each for each in claim_files()[uid].sources if each["key"] != "DLC"} if from_claim else {}
    assert found.keys() == papers.keys()
    for key, fields in found.items():
        assert fields["author"].split(" and ") == papers[key]["authors"].split(", ")
        assert fields["title"] == f"{{{papers[key]['title']}}}"
        assert re.fullmatch(r"(19|20)\d\d", fields["year"])
        assert fields.keys() & {"eprint", "doi", "note"}


def test_the_year_and_the_version_are_those_of_the_citation_file(capsys):
    text = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^date-released: (\d{4})", text, re.MULTILINE)[1] == str(RELEASED)
    version = re.search(r"^version: (\S+)", text, re.MULTILINE)[1]
    assert printed(capsys, "--version") == f"Deep Linear Claims {version}\n"


@pytest.mark.parametrize("uid", UIDS)
def test_latex_is_well_formed_and_cites_its_own_bibtex(capsys, uid):
    fragment = printed(capsys, "cite", uid, "--format", "latex")
    check_latex(fragment)
    keys = entries(printed(capsys, "cite", uid, "--format", "bibtex")).keys()
    assert set(re.findall(r"\\cite(?:\[[^]]*\])?\{([^}]*)\}", fragment)) == keys


@pytest.mark.parametrize("command", [("cite",), ("export",)])
@pytest.mark.parametrize("uid", NETWORKS)
def test_latex_has_the_exact_matrices(capsys, uid, command):
    entry = counterexample_files()[uid]
    fragment = printed(capsys, *command, uid, "--format", "latex")
    check_latex(fragment)
    weights = {f"W_{{{j}}}": matrix for j, matrix in enumerate(entry.weights, start=1)}
    assert matrices(fragment) == weights | {r"\Phi": entry.target}


def test_latex_prints_special_characters_as_they_are():
    assert latex_text(r"50% of {x_1^2 & $\pi}") == (r"50\% of \{x\_1\textasciicircum{}2 \& \$\textbackslash{}pi\}")


def test_a_hostile_file_stays_inside_comments_and_braces(own_file, capsys):
    """A title and a statement that would close what they stand in."""
    refutes = dict(counterexample_files()["DLX-001"].content["refutes"]) | {"statement": '} \\end{x} % $ """ \''}
    path = own_file(title='} # \\ """ $', refutes=refutes)
    check_latex(printed(capsys, "cite", str(path), "--format", "latex"))
    assert len(entries(printed(capsys, "cite", str(path), "--format", "bibtex"))) == 1
    for form in ("python", "numpy"):
        exec(printed(capsys, "export", str(path), "--format", form), {})


def test_a_finding_without_a_uid_is_not_cited_as_this_projects(own_file, capsys):
    """And two of them have different keys."""
    cited = set()
    for title in ("one", "two"):
        path = str(own_file(uid="DLX-000", title=title))
        output = printed(capsys, "cite", path)
        assert "DLX-000 of Deep" not in output
        assert "a counterexample in the format of Deep Linear Claims" in output
        cited |= entries(printed(capsys, "cite", path, "--format", "bibtex")).keys()
    assert len(cited) == 2


def test_plain_text_says_it_all_and_json_has_the_three_forms(capsys):
    text = printed(capsys, "cite", "DLX-003", "--format", "text")
    assert counterexample_files()["DLX-003"].sha256 in text
    assert "[ -2/3   1/3  -2/3 ]" in text
    found = json.loads(printed(capsys, "cite", "DLX-003", "--json"))
    assert found["text"] + "\n" == text
    assert printed(capsys, "cite", "DLX-003") == "\n\n".join(found[form] for form in ("bibtex", "latex", "text")) + "\n"
    assert "DL-004 of Deep Linear Claims" in printed(capsys, "cite", "DL-004", "--format", "text")


# Several at once, and no key twice.


def test_several_records_are_one_file_without_repeated_keys(capsys):
    together = printed(capsys, "cite", "DL-004", "DL-005", "DLX-001", "DL-4", "--format", "bibtex")
    assert re.findall(r"@misc\{([^,]*),", together) == ["DL-004", "DL-005", "DLX-001", "ACGH19"]


def test_a_key_has_one_content_whatever_is_cited_with_it(capsys):
    """Of one record, of all together, with papers and without."""
    everything = entries(printed(capsys, "cite", *UIDS, "--format", "bibtex"))
    for uid in UIDS:
        for found in (
            entries(printed(capsys, "cite", uid, "--format", "bibtex")),
            entries(printed(capsys, "cite", uid, "--format", "bibtex", "--no-sources")),
        ):
            assert found.items() <= everything.items()


def test_papers_come_along_where_they_are_wanted(capsys):
    assert set(entries(printed(capsys, "cite", "DL-004", "--format", "bibtex", "--sources"))) == {"DL-004", "ACGH19"}
    assert set(entries(printed(capsys, "cite", "DL-004", "--format", "bibtex", "--no-sources"))) == {"DL-004"}
    fragment = printed(capsys, "cite", "DL-004", "--format", "latex", "--no-sources")
    assert re.findall(r"\\cite(?:\[[^]]*\])?\{([^}]*)\}", fragment) == ["DL-004"]
    assert "ACGH19, Theorem 1" in fragment


def test_several_records_for_a_program(capsys):
    found = json.loads(printed(capsys, "cite", "DL-004", "DLX-001", "--json"))
    assert found["bibtex"] + "\n" == printed(capsys, "cite", "DL-004", "DLX-001", "--format", "bibtex")
    assert [each["uid"] for each in found["citations"]] == ["DL-004", "DLX-001"]
    assert found["citations"][0]["latex"] + "\n" == printed(capsys, "cite", "DL-004", "--format", "latex")


def test_an_own_file_does_not_take_the_key_of_one_in_the_catalogue(own_file, capsys):
    path = str(own_file(title="another"))
    found = entries(printed(capsys, "cite", "DLX-001", path, "--format", "bibtex"))
    assert len(found) == 2
    assert "DLX-001" in found
    assert f"in the format of {'Deep Linear Claims'}" in printed(capsys, "cite", path, "--format", "text")


# Statements as text and mathematics.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sigma_min(W) >= c for every W", r"$\sigma_{\min}(W) \ge c$ for every $W$"),
        ("||W - Phi||_F is at most 2 delta", r"$\|W - \Phi\|_F$ is at most $2 \delta$"),
        ("c^{2(N-1)/N} and W_{j+1}^T", r"$c^{2(N-1)/N}$ and $W_{j+1}^T$"),
        ("A step of a 2 x 2 matrix A", r"A step of a $2 \times 2$ matrix $A$"),
        ("let eta/2 c be", r"let $\frac{\eta}{2} c$ be"),
        ("k(k-1)/2 delta", r"$\frac{k(k-1)}{2} \delta$"),
        ("c/2 - d", r"$c/2 - d$"),
        ("<A, Phi> < 0 < x", r"$\langle A, \Phi \rangle < 0 < x$"),
        ("sqrt(a d_0^2)", r"$\sqrt{a d_0^2}$"),
        ("Theorem 2.3 (i)-(iii), (1-x)-(y)", r"Theorem 2.3 (i)-(iii), $(1-x)-(y)$"),
        ("sqrt(what is left)", r"$\surd($what is left$)$"),
        ("N-th, delta-balanced, end-to-end, 3-4", r"$N$-th, $\delta$-balanced, end-to-end, 3-4"),
        ("Phi's and Frobenius's w_j'", r"$\Phi$'s and Frobenius's $w_j'$"),
        ("W = W_N ... W_1 and W_1, ..., W_N", r"$W = W_N \cdots W_1$ and $W_1$, \ldots, $W_N$"),
        ("at depth 2 T is 10^8", r"at depth 2 $T$ is $10^8$"),
        ("a float64 W, 64 W and a bfloat16 X^T", r"a float64 $W$, $64 W$ and a bfloat16 $X^T$"),
        ('``a_b.c`` is "50%" {x}', r"\texttt{a\_\allowbreak b.\allowbreak c} is ``50\%'' $\{x\}$"),
        ("and/or, a_ and ^", r"and/or, $a$\_ and \textasciicircum{}"),
        ("", ""),
    ],
)
def test_what_is_a_formula_is_set_as_one(text, expected):
    assert latex_sentence(text) == expected


def words(latex):
    """Letters and digits in order, Greek letters by name, without LaTeX's own words."""
    own = (
        r"\\(?:begin|end)\{[a-z]+\}|\\(?:text[a-z]+|emph|quad|raggedright|tabularnewline|allowbreak|hspace\*\{[^}]*\})"
    )
    latex = re.sub(r"\\begin\{tabular\}\{.*", "", latex)
    latex = re.sub(
        own + r"|\\(?:left|right|mathop|mathrm|nolimits|frac|item|mbox|c?l?dots?|mid|par)(?![a-zA-Z])", "", latex
    )
    return re.findall(r"[a-zA-Z]|\d", latex)


@pytest.mark.parametrize("uid", claim_files())
def test_no_letter_of_a_statement_is_lost(uid):
    """But for names that signs of LaTeX have."""
    signs = {"le": "", "ge": "", "ne": "", "to": "", "times": "x", "langle": "", "rangle": "", "infty": "infinity",
             "mp": "", "in": "in", "notin": "not in",
             "varepsilon": "eps", "otimes": "x", "pm": "", "cdot": "", "leftarrow": "", "surd": "sqrt", "cdots": "",
             "ldots": "", "theta": "th", "alpha": "al", "psi": "ps", "varphi": "ph",
             "lambda": "lam", "sigma": "sig"}  # fmt: skip
    latex = latex_statement(claim_files()[uid].statement)
    latex = re.sub(r"\\([a-z]+)", lambda match: "\\" + match[1] if match[1] not in signs else signs[match[1]], latex)
    text = re.sub(
        "theta|alpha|psi|lambda|sigma", lambda name: name[0][: 2 + (name[0][0] in "sl")], claim_files()[uid].statement
    )
    assert sorted(words(latex)) == sorted(re.findall(r"[a-zA-Z]|\d", text))


def test_tables_and_lists_have_the_form_of_the_text():
    latex = latex_statement("""First.

1. One. Let

       a   W_1 >= 0,
       bb  W_2 >= 0.

2. Two.
   - W_3 is ||W||.
Source. None.
""")
    assert latex.count(r"\begin{itemize}") == 1
    assert latex.count(r"\item[") == 3
    assert r"\begin{tabular}{@{}ll@{}}" in latex
    assert r"bb & $W_2 \ge 0$. \tabularnewline" in latex
    assert latex.endswith("\\emph{Source.} None.\n\\end{sloppypar}")


# What LaTeX and BibTeX themselves say.


def tool(name):
    """The path to a program; where it is missing the test is skipped, but under CI it fails."""
    if found := shutil.which(name):
        return found
    cure = f"apt-get install {PACKAGES}" if name != "cffconvert" else "pipx install cffconvert"
    message = f"{name} is not installed; expected it on PATH, as after `{cure}`"
    if os.environ.get("CI"):
        pytest.fail(message)
    return pytest.skip(message)


def compiled(directory, body, options=""):
    """LaTeX's log of a document, which it must end without an error."""
    source = rf"\documentclass{options}{{article}}\begin{{document}}" + "\n" + body + "\n" + r"\end{document}"
    (directory / "paper.tex").write_text(source, encoding="utf-8")
    command = [tool("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    ran = subprocess.run(command, cwd=directory, capture_output=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:].decode(errors="replace")
    return (directory / "paper.log").read_text(encoding="utf-8", errors="replace").replace("\r", "")


def overfull(log):
    """The boxes that stick out, after the entry's uid."""
    uid, found = "", []
    for line in log.splitlines():
        uid = line.removeprefix("ENTRY ") if line.startswith("ENTRY ") else uid
        found += [f"{uid}: {line}"] * line.startswith("Overfull")
    return found


def fragments(capsys, uids):
    return "\n\n".join(
        rf"\message{{^^JENTRY {uid}^^J}}" + "\n" + printed(capsys, "cite", uid, "--format", "latex") for uid in uids
    )


def test_latex_sets_every_entry_within_the_page(capsys, tmp_path):
    assert overfull(compiled(tmp_path, fragments(capsys, UIDS))) == []


def test_the_test_for_boxes_that_stick_out_sees_one(tmp_path):
    log = compiled(tmp_path, "\\begin{verbatim}\n" + "x" * 100 + "\n\\end{verbatim}")
    assert len(overfull(log)) == 1


def test_latex_breaks_a_product_longer_than_a_line(tmp_path):
    """At its spaces, at a slash, and at a comma in brackets."""
    long = ["x_1 y_2 " * 40, "f(" + "x_1,y_2," * 40 + "0)", "/".join(["x_1"] * 60)]
    body = "\n".join(latex_statement(f"Take {formula} for once.") for formula in long)
    assert overfull(compiled(tmp_path, body)) == []


def test_latex_breaks_the_numbers_of_a_matrix_too_wide_for_a_page(tmp_path):
    matrix = [[Fraction(10**120 + 1, 3), Fraction(1)], [Fraction(-1, 2), Fraction(0)]]
    assert overfull(compiled(tmp_path, latex_equation(["W_1", "W_2"], matrix))) == []


@pytest.mark.parametrize("uids", [["DL-004", "DL-005"], UIDS], ids=["two of one paper", "all"])
def test_latex_and_bibtex_take_several_records(capsys, tmp_path, uids):
    """Claims that share a source, whose key stands once; the bibliography stays within the page too."""
    body = fragments(capsys, uids) + "\\bibliographystyle{plain}\n\\bibliography{claims}"
    (tmp_path / "claims.bib").write_text(printed(capsys, "cite", *uids, "--format", "bibtex"), encoding="utf-8")
    compiled(tmp_path, body)
    ran = subprocess.run([tool("bibtex"), "paper"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "Warning" not in ran.stdout, ran.stdout
    compiled(tmp_path, body)
    log = compiled(tmp_path, body)
    assert "undefined" not in log
    assert overfull(log) == []


def test_the_citation_file_is_valid():
    """By the schema of the Citation File Format, in its own project's program."""
    command = [tool("cffconvert"), "--validate", "-i", str(REPOSITORY / "CITATION.cff")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "valid" in ran.stdout
