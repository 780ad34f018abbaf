"""The graph of the claims: what rests on what, circles, and the graph as text, as JSON and for Graphviz."""

import json
import re
from dataclasses import replace

import pytest

from claims.book import CHAPTERS
from claims.command_line import main, mapping
from claims.command_line.claim_files import claim_files
from claims.command_line.errors import UsageError
from claims.command_line.graph import by_chapter, checked, dot, rests_on, used_by

DIAMOND = {"DL-001": (), "DL-002": ("DL-001",), "DL-003": ("DL-001",), "DL-004": ("DL-002", "DL-003")}


@pytest.fixture
def made_up(monkeypatch):
    """``made_up(DL_004=("DL-003",), ...)``: the claims there are, with other uses, for every command."""

    def use(**uses):
        blank = {uid: replace(claim, uses=()) for uid, claim in claim_files().items()}
        changed = {uid.replace("_", "-"): used for uid, used in uses.items()}
        claims = blank | {uid: replace(blank[uid], uses=used) for uid, used in changed.items()}
        for module in ("mapping", "showing", "records"):
            monkeypatch.setattr(f"claims.command_line.{module}.claim_files", lambda: claims)
        return claims

    return use


def printed(capsys, *arguments):
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_what_a_claim_rests_on_is_transitive():
    assert rests_on("DL-004", DIAMOND) == {"DL-001", "DL-002", "DL-003"}
    assert rests_on("DL-002", DIAMOND) == {"DL-001"}
    assert rests_on("DL-001", DIAMOND) == rests_on("DL-999", DIAMOND) == set()
    assert used_by("DL-001", DIAMOND) == ["DL-002", "DL-003"]
    assert used_by("DL-004", DIAMOND) == []


def test_a_diamond_is_no_circle():
    assert checked(DIAMOND) is DIAMOND
    assert checked({}) == {}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DL-001": ("DL-004",)}, "DL-001 uses DL-004 uses DL-002 uses DL-001: a circle"),
        ({"DL-001": ("DL-005",), "DL-005": ("DL-001",)}, "DL-001 uses DL-005 uses DL-001: a circle"),
        ({"DL-005": ("DL-005",)}, "DL-005 uses DL-005: a circle"),
        ({"DL-002": ("DL-001", "DL-009", "DLX-001")}, "DL-002 uses DL-009, DLX-001; expected the uids of claims"),
    ],
)
def test_circles_and_unknown_uids_are_named(changes, sentence):
    with pytest.raises(UsageError, match=sentence):
        checked(DIAMOND | changes)


@pytest.mark.parametrize("command", ["atlas --graph", "atlas --json", "atlas --graph --dot", "show DL-001"])
def test_a_circle_is_a_sentence_on_the_command_line(capsys, made_up, command):
    made_up(DL_001=("DL-002",), DL_002=("DL-001",))
    assert main(command.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "error: DL-001 uses DL-002 uses DL-001: a circle" in told.err


def test_the_text_has_every_claim_under_its_chapter(capsys, made_up):
    claims = made_up(DL_004=("DL-003", "DL-005"), DL_018=("DL-004",))
    lines = iter(printed(capsys, "atlas", "--graph").splitlines())
    assert next(lines).split() == ["uid", "claim", "uses"]
    seen = []
    for chapter, found in by_chapter(claims):
        assert (next(lines), next(lines).strip()) == ("", chapter)
        for claim in found:
            uses = [f"uses {', '.join(claim.uses)}"] if claim.uses else []
            assert re.split(r"  +", next(lines)) == [claim.uid, claim.title, *uses]
            seen.append(claim.uid)
    assert next(lines, None) is None
    assert sorted(seen) == list(claims)
    chapters = {claim.chapter for claim in claims.values()}
    assert [chapter for chapter, _ in by_chapter(claims)] == [name for name in CHAPTERS if name in chapters]


def test_the_json_has_both_directions(capsys, made_up):
    claims = made_up(DL_004=("DL-003", "DL-005"), DL_018=("DL-004",))
    graph = json.loads(printed(capsys, "atlas", "--graph", "--json"))
    assert json.loads(printed(capsys, "atlas", "--json"))["graph"] == graph
    by_uid = {each["uid"]: each for each in graph}
    assert by_uid.keys() == claims.keys()
    assert (by_uid["DL-004"]["uses"], by_uid["DL-004"]["used_by"]) == (["DL-003", "DL-005"], ["DL-018"])
    assert by_uid["DL-003"]["used_by"] == ["DL-004"]
    assert all(
        (each["title"], each["chapter"]) == (claims[uid].title, claims[uid].chapter) for uid, each in by_uid.items()
    )


def test_show_tells_both_directions(capsys, made_up):
    claims = made_up(DL_004=("DL-003", "DL-005"), DL_018=("DL-004",))
    output = printed(capsys, "show", "DL-004")
    for label, uid in (("uses", "DL-003"), ("uses", "DL-005"), ("used by", "DL-018")):
        assert re.search(rf"^{label} +{uid} {claims[uid].title}$", output, re.MULTILINE)
    assert not re.search(r"^use", printed(capsys, "show", "DL-001"), re.MULTILINE)
    found = json.loads(printed(capsys, "show", "DL-004", "--json"))
    assert (found["uses"], found["used_by"]) == (["DL-003", "DL-005"], ["DL-018"])


TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|->|[{}\[\];=]|\w+)')
"""Of the DOT language: a quoted string, an arrow, a mark, a bare word."""


def parsed(text):
    """A small reader of DOT: {cluster: {node: label}} and the edges. Fails on anything else."""
    tokens, position = [], 0
    while text[position:].strip():
        match = TOKEN.match(text, position)
        assert match, text[position : position + 40]
        tokens.append(match[1])
        position = match.end()
    words = iter(tokens)

    def expect(*expected):
        for word in expected:
            assert next(words) == word

    clusters, edges = {}, []
    expect("digraph", "claims", "{", "rankdir", "=", "BT", ";", "node", "[", "shape", "=", "box", "]", ";")
    while (word := next(words)) != "}":
        if word == "subgraph":
            name = json.loads(next(words))
            assert name.startswith("cluster_")
            expect("{", "label", "=")
            nodes = clusters[json.loads(next(words))] = {}
            expect(";")
            while (node := next(words)) != "}":
                expect("[", "label", "=")
                nodes[json.loads(node)] = json.loads(next(words))
                expect("]", ";")
        else:
            expect("->")
            edges.append((json.loads(word), json.loads(next(words))))
            expect(";")
    assert next(words, None) is None
    return clusters, edges


def test_dot_is_well_formed_and_has_every_claim_and_every_use(capsys, made_up):
    claims = made_up(DL_004=("DL-003", "DL-005"), DL_018=("DL-004",))
    clusters, edges = parsed(printed(capsys, "atlas", "--graph", "--dot"))
    assert clusters == {
        chapter: {claim.uid: f"{claim.uid}\n{claim.title}" for claim in found} for chapter, found in by_chapter(claims)
    }
    assert edges == [(uid, used) for uid, claim in claims.items() for used in claim.uses]
    assert len(edges) == 3


def test_titles_cannot_leave_their_quotes():
    claim = replace(claim_files()["DL-001"], uses=(), title='A "quoted" \\ title]; }')
    clusters, edges = parsed(dot({"DL-001": claim}))
    assert clusters == {"convergence": {"DL-001": 'DL-001\nA "quoted" \\ title]; }'}}
    assert edges == []


@pytest.mark.parametrize("options", [["--dot"], ["--dot", "--json"], ["--graph", "--dot", "--json"]])
def test_dot_is_a_form_of_the_graph(capsys, options):
    assert main(["atlas", *options]) == 2
    assert "expected --graph --dot, without --json" in capsys.readouterr().err


def test_the_graph_that_there_is_can_be_drawn(capsys):
    clusters, edges = parsed(printed(capsys, "atlas", "--graph", "--dot"))
    nodes = {uid for each in clusters.values() for uid in each}
    assert nodes == claim_files().keys()
    assert {uid for edge in edges for uid in edge} <= nodes
    assert mapping.graph_json(claim_files())
