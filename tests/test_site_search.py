"""The search: what its index holds, and which page comes first, by Node running the page's own script."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from claims.site import search
from claims.site.material import material
from claims.site.pages import Page

STATIC = Path(search.__file__).parent / "static"
NODE = """
require(process.argv[1]);
require(process.argv[2]);
const asked = JSON.parse(process.argv[3]);
console.log(JSON.stringify(asked.map((text) => DLCSearch.search(text))));
"""


@pytest.fixture(scope="module")
def index(site):
    return site / search.PATH


@pytest.fixture(scope="module")
def entries(index):
    """By the pages' names."""
    text = index.read_text("utf-8")
    found = json.loads(re.fullmatch(r"globalThis\.DLCSearch\.index\((.*)\);\n", text, re.DOTALL)[1])
    return {entry[0]: entry for entry in found}


@pytest.fixture(scope="module")
def ask(index):
    """A function from searches to the names of the pages that each finds."""
    node = shutil.which("node")
    assert node, "needs Node: apt-get install nodejs"
    known: dict[str, list[str]] = {}

    def asked(*texts: str) -> list[list[str]]:
        if rest := [text for text in texts if text not in known]:
            command = [node, "-e", NODE, str(STATIC / "ranking.js"), str(index), json.dumps(rest)]
            answers = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
            known.update(zip(rest, ([page["name"] for page in found] for found in answers), strict=True))
        return [known[text] for text in texts]

    return asked


# The index.


def test_every_page_but_code_is_in_it(site, entries):
    """Listings of code are below the claims that they belong to."""
    names = {path.parent.relative_to(site).as_posix().removeprefix(".") for path in site.rglob("index.html")}
    assert set(entries) == {name for name in names if not re.match(r"DL-\d+/", name)}
    assert {"DL-004", "DLX-015", "sources/ACGH19", "counterexamples", ""} <= set(entries)


def test_it_is_small(index):
    """Loaded when a reader first searches."""
    assert index.stat().st_size < 200 * 1024


def test_the_words_of_a_text_are_there_once_and_no_symbols_are():
    words = search._entry(
        Page("x", "The gap", "", kind="page", summary="Gap and rate", words="Rate, x and Dominé's rate"), material()
    )[4]
    assert words == "and domine rate"


# The ranking.


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cycle", "DLX-015"),
        ("DLX-015", "DLX-015"),
        ("dlx15", "DLX-015"),
        ("dl 4", "DL-004"),
        ("linear rate", "DL-004"),
        ("ACGH19", "sources/ACGH19"),
        ("arora cohen golowich", "sources/ACGH19"),
        ("matrix completion", "DL-036"),
        ("edge of stability", "DL-064"),
        ("how to cite", "cite"),
        ("open questions", "open"),
        ("descent lema", "DL-003"),
        ("phase retreival", "DL-038"),
        ("Dominé", "sources/DAP24"),
        ("gradient_descent", "api/solvers/descent/descent"),
    ],
)
def test_what_comes_first(ask, text, name):
    """Titles and names, with and without typing errors."""
    assert ask(text)[0][0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("theorem 1", "DL-004"),
        ("ACGH19 theorem 1", "DL-004"),
        ("ACGH19", "DL-004"),
        ("period 4", "DLX-017"),
        ("period 4", "DLX-018"),
        ("convergnce", "DL-004"),
        ("balance dropped", "DLX-013"),
        ("sharpnes", "DL-062"),
    ],
)
def test_what_is_found(ask, text, name):
    """Among the pages that are shown."""
    assert name in ask(text)[0]


def test_titles_come_before_texts(ask, entries):
    """Of the pages for "saddle", those with it in the title or a name before those with it in their text alone."""
    found = ask("saddle")[0]
    named = ["saddle" in f"{entries[name][2]} {entries[name][3]}".lower() for name in found]
    assert named == sorted(named, reverse=True)
    assert True in named


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("alpha beta", ["both", "title", "named", "text"]),
        ("alpha", ["title", "named", "text", "both"]),
        ("alpha gamma", ["title", "named", "text", "both"]),
        ("alph", ["title", "named", "text", "both"]),
        ("aplha", ["title", "named", "text", "both"]),
    ],
)
def test_all_words_then_titles_then_names_then_texts(tmp_path, text, order):
    """Of four pages that are made up."""
    entries = [
        ["both", "page", "One", "", "alpha beta"],
        ["text", "claim", "Two", "", "alpha"],
        ["named", "page", "Three", "alpha|other|more", ""],
        ["title", "page", "Alpha", "", ""],
    ]
    path = tmp_path / "index.js"
    path.write_text(f"globalThis.DLCSearch.index({json.dumps(entries)});", encoding="utf-8")
    command = [shutil.which("node"), "-e", NODE, str(STATIC / "ranking.js"), str(path), json.dumps([text])]
    (found,) = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    assert [page["name"] for page in found] == order


def test_nothing_is_found_for_nothing(ask):
    assert ask("", "   ", "zzzzzz", "!?") == [[], [], [], []]


def test_a_number_has_no_typing_errors(ask, entries):
    """2019 is not 2018: papers of the other year do not come for it."""
    for name in ask("2019")[0]:
        assert "2019" in " ".join(entries[name])


def test_at_most_twelve_are_shown(ask):
    assert len(ask("a")[0]) == 12


def test_every_page_is_found_by_its_uid(ask, entries):
    uids = [name for name in entries if name.startswith("DL")]
    assert [found[0] for found in ask(*uids)] == uids
    assert len(uids) > 100


def test_words_are_the_same_in_both_languages(entries):
    """Python's words of the index are those that the script makes of what is typed."""
    texts = ["DL-004, Theorem 1: ||W||_F <= 2", "Dominé's rate", "W_{j+1}^T", "naïve ﬁlter"]
    code = "require(process.argv[1]); console.log(JSON.stringify(JSON.parse(process.argv[2]).map(DLCSearch.words)))"
    command = [shutil.which("node"), "-e", code, str(STATIC / "ranking.js"), json.dumps(texts)]
    answered = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    assert json.loads(answered) == [search.words(text) for text in texts]


def test_letters_apart():
    """One left out, put in, another, two exchanged."""
    pairs = [("rate", "rate", 0), ("rate", "rat", 1), ("rate", "rates", 1), ("rate", "gate", 1), ("rate", "arte", 1)]
    pairs += [("balance", "ballanec", 2), ("margin", "matrix", -1), ("rate", "a", -1)]
    apart = "([one, other]) => [0, 1, 2].findIndex((most) => DLCSearch.near(one, other, most))"
    code = f"require(process.argv[1]); console.log(JSON.stringify(JSON.parse(process.argv[2]).map({apart})))"
    command = [shutil.which("node"), "-e", code, str(STATIC / "ranking.js"), json.dumps(pairs)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    assert found == [k for *_, k in pairs]
