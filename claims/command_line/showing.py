"""``show``: a claim with its statement, hypotheses and evidence; a counterexample with every number in it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from claims.command_line.atlas import TITLES
from claims.command_line.claim_files import Check, ClaimFile, bearing_on, checks, claim_files, kinds
from claims.command_line.counterexample_files import CounterexampleFile, counterexample_files
from claims.command_line.errors import UsageError
from claims.command_line.graph import graph_of, used_by
from claims.command_line.ledger_totals import add_ledger_argument, as_json, sentences
from claims.command_line.matrices import matrix_lines
from claims.command_line.records import find, place, shown, version
from claims.command_line.terminal import bold, columns, fill, print_json, refilled, table, warning
from claims.formal.sources import FORMAL, line_of, shipped
from claims.formal.statements import Stated, stated_by

EXAMPLES = """\
examples:
  %(prog)s DL-004        a claim
  %(prog)s DLX-001       a counterexample
  %(prog)s found.json    one in a file of your own
  %(prog)s DL-004 --json
  %(prog)s DL-004 --ledger evidence.sqlite
"""
LABEL = 14
KINDS = {
    "stationary": "At some step all gradients are exactly zero: no learning rate moves the weights again.",
    "cycle": "The weights return exactly to where they were, and so they do for ever.",
    "structure": "In one mode all layers are equal and their number is even: they stay equal, and an even power "
    "never gets nearer to a negative target than zero is.",
    "invariant": "The weights are in a set that no step leaves, by an identity, and on which the loss is positive.",
    "rank": "The product of the layers has at most the rank of the narrowest; no such matrix is nearer to the target.",
    "identity": "At this point derivatives are what the statement says they never are.",
    "finite": "Finitely many exact steps refute what is said of every step.",
    "minimum": "The gradient is exactly zero and the Hessian definite, but for rotations that change nothing; another "
    "point is better. (Of relu: the outputs near the point are those of lines, and no line is better.)",
    "descent": "The gradient is zero and the Hessian has no eigenvalue of the sign in question, yet f changes along a "
    "curve as it does not at a local minimum or maximum.",
    "order": "Of two critical points that are not degenerate the lower one has the larger index.",
    "recurrence": "Gradient descent returns exactly to where it was, and so it does for ever.",
    "lost": "Another point has exactly the measurements of the signal.",
    "poor": "The gradient is exactly zero and the Hessian positive definite, yet the truth is better.",
    "flat": "The Hessian at the truth maps a direction to exactly zero.",
    "returns": "Gradient descent goes exactly through these points and back to the first, and so it does for ever.",
    "kept": "A linear function of the factors stays what it is at every learning rate, which bounds the error below.",
    "limit": "What the flow conserves leaves one point where it can end, and that is another than the truth.",
}
"""Why a certificate of each kind proves what it does."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show a claim: what it says and assumes, where that is from, and which functions\n"
        "are its evidence. Or a counterexample: what it refutes, its exact weights, and\n"
        "the certificate that it does so."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="UID", help="DL-0xx, DLX-0xx, or a counterexample's file (.json)")
    add_ledger_argument(parser)
    parser.add_argument("--json", action="store_true", help="for a program to read")


def run(arguments: argparse.Namespace) -> int:
    record, ledger = find(arguments.name), arguments.ledger
    if ledger is not None and not isinstance(record, ClaimFile):
        raise UsageError(f"--ledger tells of claims, and {arguments.name} is a counterexample, verified once for all")
    if arguments.json:
        kept = {} if ledger is None else {"campaigns": as_json(ledger, record.uid)}
        print_json((_claim_json(record) if isinstance(record, ClaimFile) else _counterexample_json(record)) | kept)
    elif isinstance(record, ClaimFile):
        campaigns = [] if ledger is None else ["", *sentences(ledger, record.uid)]
        _show_claim(record)
        for each in campaigns:
            print(fill(each, columns()))
    else:
        _show_counterexample(record)
    return 0


def refuting(claim: ClaimFile) -> list[CounterexampleFile]:
    """The counterexamples that bear on a claim."""
    return [entry for entry in counterexample_files().values() if entry.claim == claim.uid]


def _show_claim(claim: ClaimFile) -> None:
    width = columns()
    users = using(claim)
    print(bold(fill(f"{claim.uid}  {claim.title}", width)))
    print(_labelled("status", claim.status if claim.status == "theorem" else warning(claim.status)))
    for source in claim.sources:
        print(_labelled("source", _reference(source), width))
    for item in claim.items:
        print(_labelled("covers", f"{item} {TITLES.get(item, '')}", width))
    print(_labelled("chapter", claim.chapter))
    for label, uids in (("uses", claim.uses), ("used by", users)):
        for uid in uids:
            print(_labelled(label, f"{uid} {claim_files()[uid].title}", width))
    print(_labelled("module", f"{shown(claim.path)}:{claim.line}", width))
    print("", refilled(claim.statement.strip(), width), "", sep="\n")
    _show_evidence(claim, width)
    _show_proofs(claim, width)
    _show_ablations(claim, width)
    _show_refutations(claim, width)


def using(claim: ClaimFile) -> list[str]:
    """The uids of the claims that use this one."""
    return used_by(claim.uid, graph_of(claim_files()))


def _show_evidence(claim: ClaimFile, width: int | None) -> None:
    """The test functions by kind, each with its line; with its file where the claim is a package."""
    found = checks(claim.path)
    whole = place(claim)
    print(
        bold(fill(f"Evidence: {len(found)} functions in {shown(whole)}, by {'file and ' * whole.is_dir()}line", width))
    )
    places = {check: f"{check.path.name}:{check.line}" if whole.is_dir() else f"{check.line:>4}" for check in found}
    size = max(map(len, places.values()), default=0)
    for kind in kinds():
        of_kind: list[Check] = [check for check in found if check.kind == kind]
        print(f"{kind:{LABEL}}{len(of_kind)}")
        for check in of_kind:
            print(_check_line(places[check], check.name, size, width))
    print(f"Run them with `check {claim.uid}`.")


def _check_line(place: str, name: str, size: int, width: int | None) -> str:
    """A function beside its place, or below where both are too long for a line."""
    beside = f"  {place:{size}}  {name}"
    if width is None or len(beside) <= width:
        return beside
    return f"  {place}\n{' ' * max(0, min(4, width - len(name)))}{name}"


def _show_proofs(claim: ClaimFile, width: int | None) -> None:
    """Each formal statement below the theorem that proves it, the axioms it needs, and what the check says of it."""
    found = stated_by(claim.path)
    if found:
        print("\n" + bold("Formal proofs: what Coq's kernel checks"))
    for each in found:
        print(fill(f"{each.question.theorem}  {_formal_place(each)}", width))
        print(fill(each.said.split("\n\n")[0].replace("\n", " "), width, "  "))
        if each.question.axioms:
            print(fill(f"axioms: {', '.join(each.question.axioms)}", width, "  ", "    "))
        for line in each.question.statement.strip().splitlines():
            print(fill(line, width, "    ", "      "))


def _formal_place(each: Stated) -> str:
    line = line_of(each.question.theorem, shipped().get(each.file, ""))
    return shown(FORMAL / each.file) + (f":{line}" if line else "")


def _show_ablations(claim: ClaimFile, width: int | None) -> None:
    cells = ablations(claim)
    without = [name for name in claim.hypotheses if all(cell["hypothesis"] != name for cell in cells)]
    rows = [[cell["hypothesis"], cell["change"], cell["fate"], places(cell["decided_in"])] for cell in cells]
    rows += [[hypothesis, "dropped", "-", "no check"] for hypothesis in without]
    if rows:
        print("\n" + bold("Hypotheses, and what is left of the claim without each"))
        print(*table([["hypothesis", "change", "then", "decided in"], *rows], width, shrinks=(3, 1)), sep="\n")


def _show_refutations(claim: ClaimFile, width: int | None) -> None:
    uids: dict[str, list[str]] = {}
    for entry in refuting(claim):
        uids.setdefault(entry.change or "a false strengthening", []).append(entry.uid)
    if uids:
        print("\n" + bold("Counterexamples"))
        rows = [[change, " ".join(found)] for change, found in uids.items()]
        print(*table(rows, width, shrinks=(1,), headings=()), sep="\n")


def ablations(claim: ClaimFile) -> list[dict[str, Any]]:
    """What all claims' checks say of this theorem with a hypothesis changed: a cell, and the checks that decide it."""
    cells: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for other, check in bearing_on(claim.uid):
        place = {"claim": other.uid, "name": check.name, "path": str(check.path), "line": check.line}
        for cell in check.ablations:
            if cell.theorem == claim.uid:
                cells.setdefault((cell.hypothesis, cell.change, cell.fate), []).append(place)
    return [
        {"hypothesis": hypothesis, "change": change, "fate": fate, "decided_in": cells[hypothesis, change, fate]}
        for hypothesis, change, fate in sorted(cells, key=lambda cell: (cell[0], cell[1] != "dropped", cell))
    ]


def places(checks: list[dict[str, Any]]) -> str:
    """As in ``DL-018 sequences.py: 143, 170; DL-004 runs.py: 200``: a claim's file and lines."""
    lines: dict[str, list[str]] = {}
    for check in checks:
        lines.setdefault(f"{check['claim']} {Path(check['path']).name}", []).append(str(check["line"]))
    return "; ".join(f"{name}: {', '.join(numbers)}" for name, numbers in lines.items())


def _show_counterexample(entry: CounterexampleFile) -> None:
    width = columns()
    content = entry.content
    claim = claim_files().get(entry.claim)
    print(bold(fill(f"{entry.uid}  {entry.title}", width)))
    if entry.claim:
        print(_labelled("bears on", f"{entry.claim} {claim.title if claim else ''}", width))
    if entry.change:
        print(_labelled("hypothesis", entry.change, width))
    print(_labelled("refutes", content["refutes"]["statement"], width))
    if content["refutes"]["source"]:
        print(_labelled("source", content["refutes"]["source"], width))
    if entry.model:
        print("\n" + bold("Landscape" if entry.room == "landscape" else "Model"))
        print(fill(entry.objective[0], width, "  "))
        print(*certificate_lines(content[entry.room], width), sep="\n")
    else:
        print(_labelled("depth", str(len(content["weights"]))))
        print(_labelled("widths", " -> ".join(map(str, content["widths"])), width))
        print(_labelled("learning rate", content["learning_rate"], width))
        for names, matrix in entry.matrices:
            print("", *matrix_lines(names, matrix, width), sep="\n")
    print("\n" + bold("Certificate"))
    print(fill(KINDS[entry.kind], width, "  "))
    print(*certificate_lines(content["certificate"], width), sep="\n")
    print()
    for key in ("discoverer", "date", "license", "sha256"):
        print(_labelled(key, content[key], width))
    print(_labelled("file", shown(entry.path), width))
    print(f"Verify it with `check {entry.uid if entry.path.stem == entry.uid else shown(entry.path)}`.")


def certificate_lines(value: dict[str, Any], width: int | None, indent: str = "  ") -> list[str]:
    """Every field of a certificate: words and numbers after their key, matrices in columns, objects indented."""
    lines: list[str] = []
    label = max(len(key) for key in value) + 2
    for key, field in value.items():
        if isinstance(field, dict):
            lines += [f"{indent}{key}", *certificate_lines(field, width, indent + "  ")]
        elif isinstance(field, list) and field:
            lines += [f"{indent}{key}", *_list_lines(field, width, indent + "  ")]
        else:
            lines.append(
                fill(f"{key:{label}}{'none' if field in ('', []) else field}", width, indent, indent + " " * label)
            )
    return lines


def _list_lines(field: list[Any], width: int | None, indent: str) -> list[str]:
    """A list of words in a line each, of rows in columns, of matrices one after another."""
    if not all(isinstance(each, list) for each in field):
        return [fill(str(each), width, indent, indent + "  ") for each in field]
    if any(isinstance(cell, list) for row in field for cell in row):
        return [line for matrix in field for line in (*_list_lines(matrix, width, indent), "")]
    return [fill("[ " + "  ".join(map(str, row)) + " ]", width, indent, indent + "  ") for row in field]


def _labelled(label: str, text: str, width: int | None = None) -> str:
    return fill(text, width, f"{label:{LABEL}}", " " * LABEL)


def _reference(source: dict[str, str]) -> str:
    place = f", {source['place']}" if source["place"] else ""
    if source["venue"] == "this project":
        return f"{source['key']}{place}: this project"
    return f"{source['key']}{place}: {source['authors']}, {source['title']}, {source['venue']}, {source['identifier']}"


def _claim_json(claim: ClaimFile) -> dict[str, Any]:
    found = checks(claim.path)
    return claim.as_json() | {
        "version": version(),
        "used_by": using(claim),
        "evidence": {
            kind: [
                {"name": check.name, "path": str(check.path), "line": check.line}
                for check in found
                if check.kind == kind
            ]
            for kind in kinds()
        },
        "formal": [
            {
                "theorem": each.question.theorem,
                "file": str(FORMAL / each.file),
                "statement": each.question.statement.strip(),
                "axioms": list(each.question.axioms),
                "check": each.check,
                "says": each.said,
            }
            for each in stated_by(claim.path)
        ],
        "ablations": ablations(claim),
        "counterexamples": [entry.uid for entry in refuting(claim)],
    }


def _counterexample_json(entry: CounterexampleFile) -> dict[str, Any]:
    return entry.content | {"path": str(entry.path), "version": version()}
