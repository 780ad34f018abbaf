"""Tampering with counterexamples: with the old digest it never passes, with a new one only where it is still true."""

import json
import re

import pytest

from claims.counterexamples.catalogue import SHIPPED, digest, load
from claims.counterexamples.check import NotVerified, check, read
from claims.counterexamples.verify import verify

FILES = sorted(SHIPPED.glob("DLX-*.json"))
CONTENT = {path.stem: json.loads(path.read_text("utf-8")) for path in FILES}
LANDSCAPES = [uid for uid, content in CONTENT.items() if "landscape" in content]
FOR_PEOPLE = {("license",), ("title",), ("discoverer",), ("date",), ("refutes", "statement"), ("refutes", "source")}
"""What no arithmetic can decide: the digest alone protects it."""


def leaves(value, path=()):
    """(path, value) of everything in a file that is no object and no list."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, (*path, key))
    else:
        yield path, value


def replaced(content, path, value):
    """A copy with one leaf replaced, and the old digest."""
    copy = json.loads(json.dumps(content))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy


def another(value):
    """The leaf with its last digit changed; a word without digits is changed as a word, and a whole number by one."""
    if isinstance(value, int):
        return value + 1
    *_, last = [-1, *(found.start() for found in re.finditer("[0-9]", value))]
    return f"{value}x" if last < 0 else f"{value[:last]}{(int(value[last]) + 1) % 10}{value[last + 1 :]}"


def check_text(text, directory, name="DLX-000.json"):
    """The checker's answer to a text."""
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return check(path)


@pytest.mark.parametrize("uid", CONTENT)
def test_every_leaf_is_protected_by_the_digest(uid, tmp_path):
    """Numbers, words, prose and the digest itself."""
    for path, value in leaves(CONTENT[uid]):
        (tmp_path / "x.json").write_text(json.dumps(replaced(CONTENT[uid], path, another(value))), encoding="utf-8")
        with pytest.raises(NotVerified, match="sha256 is not that of the content"):
            read(tmp_path / "x.json")


@pytest.mark.parametrize("path", FILES[3::12], ids=lambda path: path.stem)
def test_every_digit_of_a_file_is_protected_by_the_digest(path, tmp_path):
    """Each changed in the text, where it stands."""
    text = path.read_text("utf-8")
    for found in re.finditer("[0-9]", text):
        at = found.start()
        (tmp_path / "x.json").write_text(f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}", encoding="utf-8")
        with pytest.raises(NotVerified):
            read(tmp_path / "x.json")


MAY_STAY_TRUE = {
    ("learning_rate",): "a finite statement may be violated at another rate too; a smaller range is in the range",
    ("refutes", "change"): "what is refuted at 46 times a limit is refuted at 47 times",
    ("certificate", "steps"): "a cycle, a critical point and an invariant set are entered later too",
    ("certificate", "exponent"): "a smaller exponent may show that the guarantee is missed too",
    ("certificate", "start", "margin"): "a smaller lower bound is one too",
    ("landscape", "coefficients"): "an orthogonal tensor with other positive coefficients, and the same flat point",
    ("landscape", "vectors"): "measurements of another length, or others orthogonal to the same vectors",
    ("landscape", "names"): "a variable that does not occur",
    ("certificate", "point", 1, 0): "a unit that is on for every input, and does nothing, with another bias",
    ("shallow", "scale"): "the Hessian of a multiple of the loss",
    ("shallow", "maps"): "two teachers that are equal in other coordinates too",
    ("shallow", "truth"): "equal teachers of another length",
    ("shallow", "slope"): "the same two points in turn, at another slope below zero",
    ("shallow", "data"): "a unit that is dead for another input too",
    ("shallow", "diagonal"): "another singular value of what is measured",
    ("shallow", "measured"): "another value of what is measured",
    ("certificate", "directions"): "dead units elsewhere",
    ("certificate", "point"): "another start, with the same error after it",
    ("certificate", "kept"): "a multiple of the same direction",
}
"""Where a changed file can be as true as before: what it then says is verified by the other checker as well."""


@pytest.mark.parametrize("uid", CONTENT)
def test_with_a_new_digest_a_changed_number_is_noticed_or_the_file_is_true(uid, tmp_path):
    """Every leaf but prose: the checker refuses the change, or the solvers and SymPy verify it as well."""
    kept = []
    for path, value in leaves(CONTENT[uid]):
        if path in FOR_PEOPLE or path == ("sha256",):
            continue
        content = replaced(CONTENT[uid], path, another(value))
        text = json.dumps(content | {"sha256": digest(content)})
        try:
            check_text(text, tmp_path, f"{uid}.json")
        except NotVerified:
            continue
        assert {path, path[:2]} & MAY_STAY_TRUE.keys(), path
        assert path[:1] != ("certificate",) or uid not in LANDSCAPES or CONTENT[uid]["landscape"]["model"] == "relu"
        verify(load(tmp_path / f"{uid}.json"))
        kept.append(path)
    many = 8 if "vectors" in CONTENT[uid].get("landscape", {}) else 11 if "shallow" in CONTENT[uid] else 2
    assert len(kept) <= many


@pytest.mark.parametrize(
    "uid", [uid for uid, content in CONTENT.items() if content["certificate"]["kind"] != "invariant"]
)
def test_the_solvers_refuse_what_the_checker_refuses(uid, tmp_path):
    """The same changes, of certificates without SymPy's work; and verify raises nothing but ValueError."""
    for path, value in leaves(CONTENT[uid]):
        if path in FOR_PEOPLE or path[0] in ("sha256", "schema", "uid", "license"):
            continue
        content = replaced(CONTENT[uid], path, another(value))
        file = tmp_path / f"{uid}.json"
        file.write_text(json.dumps(content | {"sha256": digest(content)}), encoding="utf-8")
        answers = []
        for decide in (lambda file=file: check(file), lambda file=file: verify(load(file))):
            try:
                decide()
            except ValueError:
                answers.append(False)
            else:
                answers.append(True)
        assert answers[0] == answers[1], (path, another(value), answers)


@pytest.mark.parametrize("uid", ["DLX-004", "DLX-013", "DLX-014", "DLX-020"])
@pytest.mark.parametrize("part", ["set", "loss", "growth"])
def test_the_solvers_refuse_a_changed_proof(uid, part, tmp_path):
    """One coefficient of one sum of products, or a minus in front of it."""
    last = 1 if part == "loss" else 2
    found = [(path, value) for path, value in leaves(CONTENT[uid]["certificate"][part]) if path[-1] == last]
    for path, value in [(path, value) for path, value in found if value not in ("", "0")][:1]:
        for changed in (another(value) if re.search("[0-9]", value) else f"2*{value}", f"-{value}"):
            content = replaced(CONTENT[uid], ("certificate", part, *path), changed)
            file = tmp_path / f"{uid}.json"
            file.write_text(json.dumps(content | {"sha256": digest(content)}), encoding="utf-8")
            with pytest.raises(ValueError, match=r"sum of products|equal to what|signs"):
                check(file)
            with pytest.raises(ValueError, match=r"sum of products|signs"):
                verify(load(file))


def test_every_claim_but_its_own_is_refused(tmp_path):
    """A cycle does not refute the descent lemma, nor a rise of the loss Theorem 1."""
    for uid, content in CONTENT.items():
        for claim in ("DL-002", "DL-003", "DL-004", "DL-007", "DL-013", "DL-020", "DL-036", "DL-041", "DL-042"):
            if claim == content["refutes"]["claim"] or (claim == "DL-013" and content["refutes"]["hypothesis"]):
                continue
            changed = replaced(content, ("refutes", "claim"), claim)
            with pytest.raises(NotVerified):
                check_text(json.dumps(changed | {"sha256": digest(changed)}), tmp_path, f"{uid}.json")
