"""The book: its pages name their claims, arrows go one way, claims are short, and what they share is documented."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from claims.book import CHAPTERS, CLAIMS, chapter_of, claim_paths, evidence_paths, module_name
from claims.command_line.claim_files import claim_files
from claims.command_line.graph import checked
from claims.command_line.records import place

ROOT = CLAIMS.parent
LINES, IMPORTS = 350, 14
"""The most that a claim module has; of imports, the lines that they take."""
OPENINGS = list(claim_paths())
EVIDENCE = [path for opening in OPENINGS for path in evidence_paths(opening)]
FILES = sorted({*OPENINGS, *EVIDENCE})


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def imports(path: Path) -> tuple[tuple[ast.stmt, str, str], ...]:
    """Every import of a file, in functions and under TYPE_CHECKING too, as (statement, module, name or "").

    A relative import is resolved, and what is imported from a package and is a module has the module's name.
    """
    found = []
    package = module_name(path).split(".") if path.stem == "__init__" else module_name(path).split(".")[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                found.append((node, inner, "") if file_of(inner) else (node, module, alias.name))
    return tuple(found)


def file_of(module: str) -> Path | None:
    """The file of a module of this project, None where it is none."""
    path = ROOT.joinpath(*module.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def told(offences: list[str]) -> str:
    return "\n" + "\n".join(offences)


def at(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


# The pages.


def page(chapter: str) -> str:
    return ast.get_docstring(tree(CLAIMS / chapter / "__init__.py")) or ""


def claims_of(chapter: str):
    return [claim for claim in claim_files().values() if claim.chapter == chapter]


def test_the_chapters_are_those_that_there_are():
    """Wherever a claim stands is a chapter; each chapter has a page and a claim."""
    stating = {path for path in CLAIMS.rglob("*.py") if re.search(r"^CLAIM = ", path.read_text("utf-8"), re.MULTILINE)}
    assert stating == set(OPENINGS)
    assert {chapter_of(path) for path in OPENINGS} == set(CHAPTERS)
    assert not [chapter for chapter in CHAPTERS if not page(chapter)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapters_page_names_each_of_its_claims(chapter):
    """By its module and by its uid, as words of their own."""
    words = set(re.findall(r"[\w-]+", page(chapter)))
    missing = [
        f"{claim.uid} {place(claim).stem}"
        for claim in claims_of(chapter)
        if not {claim.uid, place(claim).stem} <= words
    ]
    assert not missing, told([f"the page of {chapter} does not name:", *missing])


USES = re.compile(r"\b(uses?|rests? on)\b")
"""How a page says it; "rests on" needs not be said again, as in "DL-003 rests on DL-001; DL-004 on DL-002"."""


def named(text: str) -> list[str]:
    """The uids of the claims that a text names, by uid or by module."""
    modules = {place(claim).stem: uid for uid, claim in claim_files().items()}
    words = (modules.get(word, word) for word in re.findall(r"[\w-]+", text))
    return [word for word in words if re.fullmatch(r"DL-\d{3}", word)]


def sentences(text: str) -> list[str]:
    """Of prose; of lists and tables, items that begin with "- " and lines that are indented by four."""
    parts = re.split(r"\n\s*\n|\n(?= {4}|\s*- )", text)
    return [sentence for part in parts for sentence in re.split(r"\.(?:\s|$)", part)]


def stated(text: str) -> set[tuple[str, str]]:
    """What a page says of uses. Before "uses" the last claim is the one that does, before "use" all are; after it all
    are used."""
    found = set()
    for sentence in sentences(text):
        verb = ""
        for clause in sentence.split(";"):
            said = USES.search(clause)
            if not said and verb.endswith(" on"):
                said = re.search(r"\b(on)\b", clause)
            if said:
                verb = verb if said[1] == "on" else said[1]
                before, after = named(clause[: said.start()]), named(clause[said.end() :])
                who = before if verb in ("use", "rest on") else before[-1:]
                found |= {(one, other) for one in who for other in after if one != other}
    return found


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("linear_rate (DL-004) uses the lemma (DL-003) and\ndeficiency_margin.", {"DL-004 DL-003", "DL-004 DL-005"}),
        ("- DL-001 is plain.\n- DL-004, after DL-001 and\n  DL-002, uses DL-005\n- DL-003", {"DL-002 DL-005"}),
        ("DL-003 and DL-004 use DL-002; DL-005 is of no use.", {"DL-003 DL-002", "DL-004 DL-002"}),
        ("    whitening DL-001 uses DL-002\n    linear_rate  DL-004\n\nDL-005 too", {"DL-001 DL-002"}),
        (
            "DL-001 rests on\nDL-002; DL-003, for the flow, on DL-004 and on DL-005. On DL-006 rests nothing.",
            {"DL-001 DL-002", "DL-003 DL-004", "DL-003 DL-005"},
        ),
        ("DL-003 is useful; DL-004 is on the next page.", set()),
    ],
)
def test_a_page_is_read_as_it_is_meant(text, relations):
    """Made-up pages."""
    assert {" ".join(pair) for pair in stated(text)} == relations


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_a_page_says_of_uses_is_what_the_claims_say(chapter):
    """Each relation on the page is one of ``Claim(uses=...)``."""
    uses = {uid: claim.uses for uid, claim in claim_files().items()}
    wrong = [f"{one} uses {other}" for one, other in sorted(stated(page(chapter))) if other not in uses[one]]
    assert not wrong, told([f"the page of {chapter} says, and the claims do not:", *wrong])


# Arrows.


def test_uses_names_claims_and_has_no_circle():
    checked({uid: claim.uses for uid, claim in claim_files().items()})


def test_chapters_use_earlier_chapters_only():
    """As modules import, those of experiments too."""
    offences = []
    for number, chapter in enumerate(CHAPTERS):
        later = [f"claims.{name}" for name in CHAPTERS[number + 1 :]]
        for path in sorted((CLAIMS / chapter).rglob("*.py")):
            offences += [
                f"{at(path, node.lineno)}: {module}" for node, module, _ in imports(path) if within(module, *later)
            ]
    assert not offences, told(offences)


ARROWS = {
    "solvers": ("claims", "strategies", "tests", "hypothesis", "pytest"),
    "strategies": ("claims", "tests", "pytest"),
    "solvers/arithmetic": (
        "solvers.network",
        "solvers.descent",
        "solvers.flow",
        "solvers.shallow",
        "solvers.guarantees",
    ),
    "claims": ("tests",),
}
"""What no module of a room imports."""


@pytest.mark.parametrize("room", ARROWS)
def test_arrows_go_one_way(room):
    """No import of a room leads to one that stands above it."""
    offences = [
        f"{at(path, node.lineno)}: {module} {name}".rstrip()
        for path in sorted((ROOT / room).rglob("*.py"))
        for node, module, name in imports(path)
        if within(module, *ARROWS[room]) or (room == "solvers/arithmetic" and module == "solvers")
    ]
    assert not offences, told(offences)


def test_the_book_imports_nothing_of_its_own():
    """So that everything can ask it."""
    assert not [module for _, module, _ in imports(CLAIMS / "book.py") if within(module, "claims", "solvers")]


# Small rooms.


@pytest.mark.parametrize("path", EVIDENCE, ids=module_name)
def test_imports_are_short(path):
    """One line each, and few of them, so that the first formula is on the first page."""
    nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = {node.lineno: node.end_lineno - node.lineno + 1 for node in nodes}
    offences = [f"{at(path, line)}: an import of {number} lines" for line, number in lines.items() if number > 1]
    if sum(lines.values()) > IMPORTS:
        offences.append(f"{at(path, min(lines))}: {sum(lines.values())} lines of imports; expected at most {IMPORTS}")
    assert not offences, told(offences)


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_a_claim_module_is_short_or_says_why_not(path):
    """In a line of its docstring that begins with "Length:"."""
    length = len(path.read_text(encoding="utf-8").splitlines())
    reason = re.search(r"^Length: +\S", ast.get_docstring(tree(path)) or "", re.MULTILINE)
    assert length <= LINES or reason, f"{at(path, 1)}: {length} lines; expected at most {LINES}, or a line Length: ..."


# What claims take from each other.


def is_text(node: ast.stmt | None) -> bool:
    """A string as a statement: the docstring of the assignment above it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def assigned(node: ast.stmt) -> set[str]:
    """The names that a statement gives a value to, tuples of names included."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def documented(module: str, name: str) -> bool:
    """Whether a name has a docstring where it is defined: in the module, or where that has it from."""
    body = tree(file_of(module)).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return ast.get_docstring(node) is not None
        if name in assigned(node):
            return is_text(after)
    origins = [origin for _, origin, taken in imports(file_of(module)) if taken == name and file_of(origin)]
    return any(documented(origin, name) for origin in origins)


def test_what_claims_take_from_each_other_is_public_and_documented():
    """What is stated, not what tests it: no name with an underscore, no test, and each has a docstring."""
    claim_of = {path: opening for opening in OPENINGS for path in (opening, *evidence_paths(opening))}
    offences = []
    for path in FILES:
        for node, module, name in imports(path):
            other = file_of(module) if within(module, *(f"claims.{chapter}" for chapter in CHAPTERS)) else None
            if other not in claim_of or claim_of[other] == claim_of[path]:
                continue
            private = any(part.startswith("_") for part in [*module.split("."), name])
            if private or name.startswith("test_") or not name or not documented(module, name):
                offences.append(f"{at(path, node.lineno)}: {name or 'the whole'} of {module}")
    assert not offences, told(offences)
