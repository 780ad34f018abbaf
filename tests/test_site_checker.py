"""The checker in the browser, run by Node: its answers are those of check.py, for all counterexamples, for everything
that check.py is tested with, and for numbers changed at random; and a page, in which it runs beside itself."""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction
from pathlib import Path

import pytest
from browser import launched
from in_node import CONTENT, FILES, FOLDER, SCRIPTS, checked, compared

from claims.counterexamples.catalogue import digest
from claims.site import checker
from tests import model_guards, network_guards
from tests import test_counterexample_checker as networks
from tests import test_landscape_counterexamples as landscapes
from tests import test_shallow_counterexamples as shallow
from tests.test_counterexample_tampering import FOR_PEOPLE, another, leaves, replaced


def resealed(content, path, value):
    """With one leaf replaced and a new digest."""
    new = replaced(content, path, value)
    return new | {"sha256": digest(new)}


# The counterexamples


@pytest.fixture(scope="module")
def shipped():
    return dict(zip(FILES, checked((f"{uid}.json", text) for uid, text in FILES.items()), strict=True))


@pytest.mark.parametrize("uid", FILES)
def test_every_counterexample_is_verified(uid, shipped):
    """By steps that hold, most of which compare numbers, and for what it is said to refute."""
    found, refutes = shipped[uid], CONTENT[uid]["refutes"]
    assert found["state"] == "verified", found["reason"]
    assert (found["uid"], found["kind"]) == (uid, CONTENT[uid]["certificate"]["kind"])
    assert sum(step["relation"] != "" for step in found["steps"]) >= 3
    what = f"{refutes['claim']} with {refutes['hypothesis']} {refutes['change']}"
    assert found["reason"].endswith(f"refutes {what if refutes['hypothesis'] else 'a stronger ' + refutes['claim']}")


def test_the_steps_are_the_mathematics(shipped):
    """DLX-015, two layers that jump between 5/2 and -5/2."""
    steps = [(step["sentence"], step["left"], step["relation"], step["right"]) for step in shipped["DLX-015"]["steps"]]
    assert ("step 1: loss", "81/32", "≥", "81/32") in steps
    assert ("step 2: the weights are those of step 0, and so for ever", *["[5/2] [5/2]", "=", "[5/2] [5/2]"]) in steps
    limit = steps[-1]
    assert limit[0].startswith("the hypothesis fails: the learning rate divided by its limit in DL-004")
    assert limit[1:] == (str(Fraction(8, 9) ** 2 * (6144 * 8) ** 2 * 16**4 / Fraction(7, 4) ** 6), ">", "1")


def test_a_file_under_the_name_of_another_is_refused():
    first, own = checked([("DLX-016.json", FILES["DLX-015"]), ("found.json", FILES["DLX-015"])])
    assert (first["state"], own["state"]) == ("refused", "verified")
    assert "name of another" in first["reason"]


# The same answers as check.py


def test_every_leaf_is_protected_by_the_digest():
    """Without a new one, each change is refused for it."""
    changes = [(uid, path, another(value)) for uid in CONTENT for path, value in leaves(CONTENT[uid])]
    found = checked((f"{uid}.json", replaced(CONTENT[uid], path, value)) for uid, path, value in changes)
    assert {answer["state"] for answer in found} == {"refused"}
    assert {answer["reason"] for answer in found} == {"the file was changed: its sha256 is not that of its content"}


def test_what_check_py_is_tested_with_has_the_same_answer(tmp_path):
    """Damaged, hostile, false in one thing, or as true as before. What is unchecked is too large for a page."""
    cases = [(f"{name} (text)", "x.json", text) for name, text in networks.TEXTS.items()]
    cases += [(f"{name} (network)", "x.json", content) for name, content in networks.HOSTILE.items()]
    cases += [(f"{name} (text)", "x.json", text) for name, text in network_guards.TEXTS.items()]
    false = {**network_guards.GUARDS, **model_guards.GUARDS}
    cases += [(f"{name} (guard)", "x.json", content) for name, content in false.items()]
    cases += [(f"{name} (true)", "x.json", content) for name, content in network_guards.TRUE.items()]
    for module in (landscapes, shallow):
        cases += [(f"{name} (guard)", "x.json", content) for name, (content, _) in module.GUARDS.items()]
        cases += [(f"{name} (true)", "x.json", content) for name, content in module.STILL_TRUE.items()]
        cases += [(f"{name} (hostile)", "x.json", content) for name, content in module.HOSTILE.items()]
    states = compared(cases, tmp_path)
    assert {state for label, state in states.items() if label.endswith("(true)")} == {"verified"}
    unchecked = {label for label, state in states.items() if state == "unchecked"}
    assert {label for label in unchecked if label.endswith(("(guard)", "(text)"))} == {
        "a factor that the digits of pi do not tell from 0 (guard)",
        *(f"{name} (guard)" for name in ("no comparison", "two comparisons", "a pair", "some steps")),
        "a step that is a flag (guard)",
    }
    assert len(unchecked) < 20


def own(facts, steps=0, **parts):
    """A conjecture of one's own, refuted by comparisons, about a network of zeros (of two layers of width 1) at 1."""
    content = networks.entry("DLX-026", weights=[[["0"]]] * 2, target=[["1"]], **parts)
    content["refutes"] |= {"claim": "", "source": ""}
    content["certificate"] |= {"violates": facts, "steps": steps}
    content["certificate"]["start"] = {"margin": "0", "imbalance_squared": "0", "loss": "1/2"}
    return content | {"sha256": digest(content)}


def conjectured(content, **certificate):
    """What bears on no claim, with other parts of its certificate."""
    content["refutes"] |= {"claim": "", "hypothesis": "", "change": "", "source": ""}
    content["certificate"] |= certificate
    return content | {"sha256": digest(content)}


ONES = [["1", "1"], ["0", "1"]]
AWAY = [["-1", "0"], ["0", "1"]]
NEGATIVE = {"margin": "negative"}
DIRECTIONS = networks.network("DLX-001", widths=[2, 2, 2], weights=[ONES, ONES], target=AWAY, start=NEGATIVE)
WIDE = {"widths": [1, 1, 1], "weights": [[["0"]]] * 2, "target": [["1"]], "start": {"margin": "0"}}
THREE = {"weights": [[["3/5", "4/5", "0"]], [["1"]], [["1"]]], "target": [["0", "0", "0"]], "start": NEGATIVE}
FALSE = {
    "no mode, for W^T v is another": conjectured(DIRECTIONS, mode=[["1", "0"]] * 3),
    "odd depth": networks.network("DLX-001", widths=[1] * 4, weights=[[["1"]]] * 3),
    "weights that differ": networks.network("DLX-001", weights=[[["1"]], [["2"]]], start={"margin": "-2"}),
    "two layers that are 0": networks.network(weights=[[["0"]], [["0"]], [["1"]]]),
    "a field of no balance": networks.network("DLX-025", weights=[[["3/5", "4/5"]], [["2"]], [["1/2"]]]),
    "an odd power of a square": networks.certificate(
        "DLX-004", set=networks.entry("DLX-004")["certificate"]["set"][1:], squares=[["a", "w"]]
    ),
    "a proof with a minus": networks.certificate("DLX-004", loss=["1/2", "a^3 + 1/2*a^6 + b - b"]),
    "a mode of other lengths": networks.certificate("DLX-002", mode=[["1", "-1"], ["2", "-2"], ["1", "-1"]]),
    "a mode of another target": networks.certificate("DLX-002", mode=[["1", "1"]] * 3),
    "a learning rate of 0": own("loss[0] > 0", learning_rate="0"),
    "a width of 17": own("loss[0] > 0", widths=[1, 17, 1]) | {"weights": [[["0"]] * 17, [["0"] * 17]]},
    "nine layers": own("loss[0] > 0", widths=[1] * 10) | {"weights": [[["0"]]] * 9},
    "no steps at every rate": own("loss[0] > 0", learning_rate="every"),
    "an identity at one learning rate": networks.entry("DLX-024", learning_rate="1/2"),
    "a direction too many": networks.certificate("DLX-024", direction=[[["1"]]] * 4),
    "an identity of nothing": conjectured(networks.certificate("DLX-025", of="x")),
    "a period of 0": networks.certificate("DLX-015", period=0),
    "no narrow layer": conjectured(networks.network("DLX-023", **WIDE), loss="1/2"),
    "a curl of three inputs": networks.network("DLX-025", widths=[3, 1, 1, 1], **THREE),
    "a mode too many": networks.certificate("DLX-002", mode=[["1", "-1"]] * 4),
    "a layer too few": networks.entry("DLX-001", weights=[[["1"]]]),
    "an exponent of comparisons": conjectured(own("loss[0] > 0"), exponent="1"),
}


def test_networks_that_are_false_in_one_thing_have_the_same_answer(tmp_path):
    """Those of check.py's own tests of single guards, and more of the kind."""
    cases = [(name, "x.json", content | {"sha256": digest(content)}) for name, content in FALSE.items()]
    marks = networks.test_a_certificate_that_shows_something_else_is_refused_by_name.pytestmark
    for uid, part, value, _ in marks[0].args[1]:
        cases.append((f"{uid} {part} {value}", "x.json", networks.certificate(uid, **{part: value})))
    assert {*compared(cases, tmp_path).values()} == {"refused"}
    cases = [("zeros", "x.json", own("loss[0] == 1/2; width[1] == 1", learning_rate="1"))]
    for bound in ("1/10", "at least 1/10", "at least 211/2000", "at least 53/500", "-1", "negative"):
        path = ("certificate", "start", "margin")
        cases.append((f"margin {bound}", "DLX-025.json", resealed(CONTENT["DLX-025"], path, bound)))
    for rate in ("1/248", "1/215", "1/214"):
        cases.append((f"rate {rate}", "x.json", networks.entry("DLX-028", learning_rate=rate)))
    for text in ("-1", "-1 + eta", "1/4 - eta", "w - 2", "1 - w", "2 - w - -w"):
        content = networks.entry("DLX-004")
        content["certificate"]["set"].append(["z", text, "b" if text == "1 - w" else ""])
        cases.append((f"also {text}", "x.json", content | {"sha256": digest(content)}))
    states = compared(cases, tmp_path)
    assert {label for label, state in states.items() if state == "verified"} == {
        *("zeros", "margin at least 1/10", "margin at least 211/2000", "rate 1/214", "also 2 - w - -w")
    }


def spark(name):
    """Dependent vectors that are said to be of full spark."""
    content = json.loads(json.dumps(landscapes.GUARDS[name][0]))
    content["landscape"]["full_spark"] = True
    return content | {"sha256": digest(content)}


COLUMN, CHANGED = shallow.column, shallow.changed
OFF, SUM = ("certificate.point", COLUMN("1/2", 1)), ("certificate.kept", COLUMN(1, 2))
ALONE = {
    "dependent vectors": (spark("phaseless measurements that are not of full spark"), "full_spark: it is false"),
    "dependent signs": (spark("signs that are not of full spark"), "full_spark: it is false"),
    "off the path": (CHANGED("DLX-062", OFF, ("certificate.value", "1")), "the point is on the flow's path: s_2^2"),
    "not kept": (CHANGED("DLX-060", SUM, ("certificate.point", COLUMN(2, -1))), "<a, gradient> where <a, u> = 0"),
    "a pass and a half": (
        shallow.alone([1, 2], [1, -1], *shallow.THREE, rate="1/8", value="15/16"),
        "expected whole passes over the samples",
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_what_is_wrong_alone_is_the_reason(name, tmp_path):
    content, reason = ALONE[name]
    assert compared([(name, "x.json", content)], tmp_path) == {name: "refused"}
    assert checked([("x.json", content)])[0]["reason"].startswith(reason)


def test_with_a_new_digest_a_changed_leaf_has_the_same_answer(tmp_path):
    """Every third one of each file, prose too, and every claim but its own."""
    cases = []
    for number, (uid, content) in enumerate(CONTENT.items()):
        changes = [(path, another(value)) for path, value in leaves(content) if path != ("sha256",)][number % 3 :: 3]
        changes += [(("refutes", "claim"), claim) for claim in ("", "DL-003", "DL-004", "DL-013", "DL-042")]
        cases += [(f"{uid} {path} {value}", f"{uid}.json", resealed(content, path, value)) for path, value in changes]
    states = [*compared(cases, tmp_path).values()]
    assert states.count("verified") > 100
    assert states.count("refused") > 500
    assert "unchecked" not in states


def test_with_a_new_digest_changed_numbers_have_the_same_answer(tmp_path):
    """By 1, -1 or 1/1000, at random, also within polynomials."""
    draw, cases = random.Random("numbers"), []
    for uid, content in CONTENT.items():
        kept = {*FOR_PEOPLE, ("sha256",), ("uid",), ("schema",), ("refutes", "claim")}
        numbers = [(path, v) for path, v in leaves(content) if path not in kept and re.search("[0-9]", str(v))]
        for path, value in draw.sample(numbers, min(6, len(numbers))):
            step = draw.choice([Fraction(1), Fraction(-1), Fraction(1, 1000)])
            if isinstance(value, int):
                changed = abs(value + (1 if step > 0 else -1))
            else:
                found = draw.choice([*re.finditer("-?[0-9]+(/[0-9]+)?", value)])
                changed = f"{value[: found.start()]}{Fraction(found[0]) + step}{value[found.end() :]}"
            cases.append((f"{uid} {path} {changed}", f"{uid}.json", resealed(content, path, changed)))
    states = [*compared(cases, tmp_path).values()]
    assert states.count("unchecked") <= 2
    assert states.count("refused") > 300


@pytest.mark.parametrize("uid", ["DLX-004", "DLX-022", "DLX-015", "DLX-031", "DLX-044", "DLX-057", "DLX-060"])
def test_a_part_of_another_type_has_the_same_answer(uid, tmp_path):
    """Null, a flag, numbers, lists, objects and words in place of each part, and each part left out."""
    content, cases = CONTENT[uid], []
    inner = [(key, part) for key in content if isinstance(content[key], dict) for part in content[key]]
    for path in [(key,) for key in content if key not in ("sha256", "uid")] + inner:
        for value in (None, True, 77, [], {}, "", "x", [["x"]], [[]], ["1", "2"], {"a": "1"}, {"__proto__": []}, ...):
            new = replaced(content, path, value if value is not ... else None)
            if value is ...:
                del (new if len(path) == 1 else new[path[0]])[path[-1]]
            cases.append((f"{path} {value}", f"{uid}.json", new | {"sha256": digest(new)}))
    states = compared(cases, tmp_path)
    assert {label for label, state in states.items() if state == "unchecked"} <= {"('certificate', 'steps') 77"}


def test_a_hypothesis_that_does_not_fail_as_said_has_the_same_answer(tmp_path):
    """All pairs of hypothesis and change, for starts of every sort; "at least 0" is no margin of exactly 0."""
    cases = []
    changes = ("dropped", "exactly 0", "one less, margin exactly 0", "x 12", "x 13", "x 9000", "x 10000")
    for uid in ("DLX-001", "DLX-006", "DLX-008", "DLX-009", "DLX-015", "DLX-021", "DLX-022", "DLX-025"):
        for claim in ("DL-004", "DL-013"):
            for hypothesis in ("margin", "width", "balance", "learning rate"):
                for change in changes:
                    new = json.loads(FILES[uid])
                    new["refutes"] |= {"claim": claim, "hypothesis": hypothesis, "change": change}
                    label = f"{uid} {claim} {hypothesis} {change}"
                    cases.append((label, f"{uid}.json", new | {"sha256": digest(new)}))
    states = [*compared(cases, tmp_path).values()]
    assert states.count("verified") > 8
    bounded = resealed(CONTENT["DLX-006"], ("certificate", "start", "margin"), "at least 0")
    (answer,) = checked([("DLX-006.json", bounded)])
    assert answer["state"] == "refused"


FACTS = {
    "loss[1] > loss[0]": True,
    "loss[1] < loss[0]": False,
    "loss[1] == 9/32; loss[0] == 1/8": True,
    "loss[1] != loss[0]; margin == 1": True,
    "-2**2 == -4; 2**-1 == 1/2; 2**3**2 == 512; - -2 == 2": True,
    "1 - 2 - 3 == -4; 2 * (3 + 4) / 7 == 2; 8/4/2 == 1": True,
    "sqrt(2) ** 2 >= 1; sqrt(2) < 3/2; abs(1 - sqrt(2)) > 2/5": True,
    "sqrt(2) * sqrt(2) == 2": False,
    "sqrt(2) != 2; sqrt(4/9) == 2/3": True,
    "width[0] == 1; depth == 2; width[2] == width[0]": True,
    "gradient_norm[0] > 0; imbalance[0] >= 0; sigma_min[1] > 0": True,
    "weights[0][0][0][0] == weights[0][1][0][0]": True,
    "target[0][0] == target_norm; target_sigma_min == target_norm": True,
    "end_to_end[1][0][0] > end_to_end[0][0][0]; learning_rate > 0": True,
    "loss[2] > loss[0]": False,
    "loss > 0": False,
    "loss[0][0] > 0": False,
    "weights[0] == 1": False,
    "depth[0] == 2": False,
    "1 / (loss[0] - loss[0]) > 0": False,
    "sqrt(-1) < 1": False,
    "2 ** (1/2) > 1": False,
    "9 ** 9 ** 9 ** 9 > 0": False,
    "exit(1) > 0": False,
    "constructor > 0; toString[0] > 0": False,
}


UNREAD = ["0x1F > 1", "1_0 > 1", "loss[1] > loss[0] # why", "(loss[1] > loss[0])", "1.5 > 1", "00 < 1", "+1 > 0"]
UNREAD += [
    "loss[1] >",
    "1 < 2 < 3",
    "loss[-1] > 0",
    "(loss)[1] > 0",
    "(" * 99 + "2" + ")" * 99 + "> 1",
    "loss[1] in [1] > 0",
]
"""Some of these hold in Python, some are refused; a page says nothing of any."""


def test_comparisons_of_ones_own_have_the_same_answer(tmp_path):
    """In the certificate of DLX-026, against facts.py."""
    one = {facts: conjectured(networks.certificate("DLX-026", violates=facts)) for facts in [*FACTS, *UNREAD]}
    states = compared([(facts, "x.json", one[facts]) for facts in FACTS], tmp_path)
    assert states == {facts: "verified" if holds else "refused" for facts, holds in FACTS.items()}
    odd = checked(("x.json", one[facts]) for facts in UNREAD)
    assert {answer["state"] for answer in odd} == {"unchecked"}


def test_nothing_is_said_of_what_takes_too_long():
    """A cycle of DLX-015 that is entered after many steps: a third answer, and never that it is verified."""
    (answer,) = checked([("x.json", networks.certificate("DLX-015", steps=999998))])
    assert answer["state"] == "unchecked"
    assert "too large for this page" in answer["reason"]


# The scripts


FORBIDDEN = r"\beval\b|\bFunction\(|\bfetch\b|\bimport\b|XMLHttpRequest|https?:|\brandom\b|parseFloat"
"""What no script needs that decides by itself, and exactly."""


def test_the_scripts_are_those_of_the_folder_and_small():
    assert sorted(checker.SCRIPTS) == sorted(path.name for path in FOLDER.iterdir())
    for path in FOLDER.iterdir():
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 300
        assert not re.search(FORBIDDEN, text)


def test_a_page_from_a_disk_checks_beside_itself(tmp_path):
    """By a worker; what takes longer than the time that it has is unchecked, and the page goes on meanwhile."""
    tags = "".join(f'<script src="{Path(script).as_uri()}"></script>' for script in SCRIPTS)
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset=utf-8><title>x</title>{tags}", encoding="utf-8")
    slow = json.dumps(networks.certificate("DLX-015", steps=999998))
    with launched() as browser:
        page = browser.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        page.evaluate("globalThis.here = DLC.check; DLC.check = () => { throw new Error('on the page'); }; 0")
        good = page.evaluate("([text, name]) => DLC.run(text, name)", [FILES["DLX-048"], "DLX-048.json"])
        beats = "setInterval(() => { globalThis.beats = (globalThis.beats ?? 0) + 1; }, 10)"
        late = page.evaluate(f"(text) => {{ {beats}; return DLC.run(text, 'x.json', 0.3); }}", slow)
        beaten = page.evaluate("globalThis.beats")
        page.evaluate("DLC.check = globalThis.here; globalThis.Worker = undefined; 0")
        without = page.evaluate("([text, name]) => DLC.run(text, name)", [FILES["DLX-048"], "DLX-048.json"])
    assert (good["state"], late["state"]) == ("verified", "unchecked")
    assert "more than 0.3 seconds" in late["reason"]
    assert beaten > 3
    assert without == good
