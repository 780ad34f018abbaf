"""The atlas names every statement, and every claim's statements are in it."""

import json
import re

import pytest

from claims.command_line import main
from claims.command_line.atlas import ATLAS, PAPERS, TITLES
from claims.command_line.claim_files import claim_files
from claims.command_line.mapping import NONE, chart
from claims.suite import sources
from claims.suite.claim import Source


def atlas(capsys, *arguments):
    assert main(["atlas", *arguments]) == 0
    return capsys.readouterr().out


def claim_with(items, status="theorem", uid="DL-001"):
    """A claim that covers other items."""
    fields = vars(claim_files()["DL-001"]) | {"items": items, "status": status, "uid": uid}
    return type(claim_files()["DL-001"])(**fields)


def test_every_item_that_a_claim_names_is_in_the_atlas():
    named = {(claim.uid, item) for claim in claim_files().values() for item in claim.items}
    assert {item for _, item in named} <= TITLES.keys()
    charted = {
        (claim["uid"], item["item"])
        for section in chart(claim_files())["sections"]
        for item in section["items"]
        for claim in item["claims"]
    }
    assert charted == named


def test_a_claim_of_an_unknown_item_is_refused():
    with pytest.raises(ValueError, match=r"no item 99\.1, as claims have it in items=; expected some of 1, 2\.1"):
        chart({"DL-001": claim_with(("1", "99.1"))})


def test_numbers_are_unique_and_in_the_order_of_their_sections():
    numbers = [number for section in ATLAS for number, _, _ in section.items]
    assert len(set(numbers)) == len(numbers) == len(TITLES)
    assert [section.number for section in ATLAS] == [str(number) for number in range(1, 15)]
    for section in ATLAS:
        assert all(re.fullmatch(rf"{section.number}(\.\d+)*[a-z]?", number) for number, _, _ in section.items)
        order = [([int(part) for part in re.findall(r"\d+", number)], number) for number, _, _ in section.items]
        assert order == sorted(order)


def test_titles_are_short_and_sources_known():
    assert max(map(len, TITLES.values())) <= 40
    assert len(set(TITLES.values())) == len(TITLES)
    assert {source for section in ATLAS for _, _, source in section.items} == PAPERS.keys()


def test_papers_are_those_of_the_sources():
    """Where a key is one of claims.suite.sources: the same authors, by surname, and the year."""
    known = [each for each in vars(sources).values() if isinstance(each, Source) and each.key in PAPERS]
    assert len(known) >= 7
    for source in known:
        if source.key != "DLC":
            surnames = ", ".join(name.split()[-1] for name in source.authors.split(", "))
            assert PAPERS[source.key] == f"{surnames} {source.venue.split()[-1]}"


@pytest.mark.parametrize(
    ("statuses", "state"),
    [((), NONE), (("open",), "open"), (("open", "theorem"), "theorem"), (("open", "refuted"), "refuted")],
)
def test_the_state_of_a_statement_is_the_best_of_its_claims(statuses, state):
    claims = {f"DL-{n:03}": claim_with(("7.2",), status, f"DL-{n:03}") for n, status in enumerate(statuses)}
    (item,) = (each for section in chart(claims)["sections"] for each in section["items"] if each["item"] == "7.2")
    assert item["state"] == state
    assert [(claim["uid"], claim["status"]) for claim in item["claims"]] == list(zip(claims, statuses, strict=True))


def test_text_and_json_say_the_same(capsys):
    """Every statement under its section, with its claims, or that it has none."""
    found = json.loads(atlas(capsys, "--json"))
    lines = iter(atlas(capsys).splitlines())
    assert next(lines).split() == ["item", "statement", "source", "claims"]
    for section in found["sections"]:
        assert next(lines) == ""
        heading = [section["section"], section["title"], ", ".join(section["chapters"])]
        assert re.split(r"  +", next(lines)) == heading[: 3 if section["chapters"] else 2]
        for item in section["items"]:
            state = f"{item['state']}: " if item["state"] in ("open", "refuted") else ""
            claims = state + " ".join(claim["uid"] for claim in item["claims"]) or NONE
            line = next(lines)
            assert re.split(r"  +", line) == [item["item"], item["title"], item["source"], claims]
    states = [item["state"] for section in found["sections"] for item in section["items"]]
    missing = states.count(NONE)
    assert (found["items"], found["covered"]) == (len(states), len(states) - missing)
    assert [next(lines), next(lines)] == [
        "",
        f"{len(states) - missing} of {len(states)} statements have a claim, {missing or 'no'} others have none yet.",
    ]


def test_claims_of_no_statement_stand_beside(capsys):
    assert "DL-008" in {each["uid"] for each in chart(claim_files())["beyond"]}
    assert re.search(r"^Claims of this project beside them: .*DL-008", atlas(capsys), re.MULTILINE)
