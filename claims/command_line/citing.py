"""``cite``: BibTeX, a LaTeX fragment with the exact matrices, and plain text, each with version and content hash."""

from __future__ import annotations

import argparse
import re
from typing import Any

from claims.command_line.claim_files import ClaimFile
from claims.command_line.counterexample_files import CounterexampleFile
from claims.command_line.landscape_data import OBJECTIVES, latex_sentence
from claims.command_line.matrices import latex_equation, latex_number, matrix_lines
from claims.command_line.records import UNASSIGNED, Record, content_hash, find, origin, version
from claims.command_line.terminal import print_json

DEVELOPERS = "The Deep Linear Claims developers"
RELEASED = 2026
"""The year of this version, as CITATION.cff has it."""
EXAMPLES = """\
examples:
  %(prog)s DLX-001
  %(prog)s DLX-001 --format bibtex >> paper.bib
  %(prog)s DLX-001 --format latex > dlx001.tex
  %(prog)s DL-004 --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Cite a claim or a counterexample. The citation pins what was cited: the version,\n"
        "and a SHA-256, which for a counterexample is its file's own and for a claim that\n"
        "of its module, as sha256sum computes it, or of its package, as `cat *.py |\n"
        "sha256sum` computes it. The LaTeX needs no package."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="UID", help="DL-0xx, DLX-0xx, or a counterexample's file (.json)")
    parser.add_argument("--format", choices=FORMATS, help="one form alone; else all")
    parser.add_argument("--json", action="store_true", help="for a program to read: the forms as strings")


def run(arguments: argparse.Namespace) -> int:
    record = find(arguments.name)
    texts = {name: write(record) for name, write in FORMATS.items() if arguments.format in (None, name)}
    if arguments.json:
        print_json({"uid": record.uid, "version": version(), "sha256": content_hash(record)} | texts)
    else:
        print(*texts.values(), sep="\n\n")
    return 0


def key(record: Record) -> str:
    """For ``\\cite``; different for two files that have no uid yet."""
    return f"{record.uid}-{content_hash(record)[:8]}" if record.uid == UNASSIGNED else record.uid


def bibtex(record: Record) -> str:
    """An entry for the record, and one for each paper that a claim is from."""
    if isinstance(record, CounterexampleFile):
        author, year, papers = str(record.content["discoverer"]), str(record.content["date"])[:4], []
        note = f"Exact counterexample{' to ' + record.claim if record.claim else ''}"
    else:
        author, year, note = DEVELOPERS, str(RELEASED), _standing(record)
        papers = [source for source in record.sources if source["venue"] != "this project"]
    own = {
        "author": f"{{{latex_text(author)}}}",
        "title": f"{{{latex_text(record.title)}}}",
        "howpublished": latex_text(origin(record)),
        "year": year,
        "note": f"{latex_text(note)}. SHA-256: {content_hash(record)}",
    }
    unique = {paper["key"]: _paper(paper) for paper in papers}
    return "\n\n".join(_entry(name, fields) for name, fields in ({key(record): own} | unique).items())


def _paper(source: dict[str, str]) -> dict[str, str]:
    year = re.search(r"\b(?:19|20)\d\d\b", source["venue"])
    kind, _, number = source["identifier"].partition(":")
    where = {"arXiv": {"eprint": number, "archiveprefix": "arXiv"}, "doi": {"doi": number}}
    return {
        "author": " and ".join(latex_text(name) for name in source["authors"].split(", ")),
        "title": f"{{{latex_text(source['title'])}}}",
        "howpublished": latex_text(source["venue"]),
        **({"year": year.group()} if year else {}),
        **where.get(kind, {"note": latex_text(source["identifier"])}),
    }


def _entry(name: str, fields: dict[str, str]) -> str:
    lines = ",\n".join(f"  {field:<12} = {{{value}}}" for field, value in fields.items())
    return f"@misc{{{name},\n{lines}\n}}"


ESCAPES = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
}


def latex_text(text: str) -> str:
    """Words for LaTeX, every character of which is printed as it is."""
    return "".join(ESCAPES.get(character, character) for character in text)


def latex(record: Record) -> str:
    """A paragraph for a paper: the statement, and of a counterexample the exact matrices."""
    head = [
        f"% {origin(record)}",
        f"% SHA-256 {content_hash(record)}",
        rf"\paragraph{{{latex_text(record.title)} ({record.uid}).}}",
    ]
    body = _latex_counterexample(record) if isinstance(record, CounterexampleFile) else _latex_claim(record)
    return "\n".join(head + body)


def _latex_claim(claim: ClaimFile) -> list[str]:
    papers = [source for source in claim.sources if source["venue"] != "this project"]
    places = [rf"\cite[{latex_text(each['place'])}]{{{each['key']}}}" for each in papers]
    return [
        rf"{_standing(claim)} in \cite{{{key(claim)}}}" + (f" ({', '.join(places)})" if places else "") + ":",
        r"\begin{verbatim}",
        claim.statement.strip(),
        r"\end{verbatim}",
    ]


def _latex_counterexample(entry: CounterexampleFile) -> list[str]:
    refutes = entry.content["refutes"]
    without = latex_text(f" (hypothesis: {entry.change})" if entry.change else "")
    refuted = rf"Refuted, exactly, in \cite{{{key(entry)}}}{without}: {latex_text(refutes['statement'])}"
    if entry.model:
        return [refuted, *latex_matrices(entry)]
    rate = entry.learning_rate
    rate_words = "Learning rate: " + (latex_text(rate) if isinstance(rate, str) else f"${latex_number(rate)}$") + "."
    return [refuted, rate_words, *latex_matrices(entry)]


def _standing(claim: ClaimFile) -> str:
    """An open statement has evidence and is not verified."""
    return f"{claim.status.capitalize()}, " + ("with evidence" if claim.status == "open" else "verified")


def latex_matrices(entry: CounterexampleFile) -> list[str]:
    """W_1, ..., W_N and Phi, exactly, a displayed equation each; of a landscape the objective, and what stands beside
    its matrices, too."""
    equations = [latex_equation(names, matrix) for names, matrix in entry.matrices]
    if not entry.model:
        return equations
    beside = ", ".join(map(latex_sentence, entry.sentences))
    return [rf"\[ {OBJECTIVES[entry.model][1]} \]", *equations, *([f"{beside}."] if beside else [])]


def text(record: Record) -> str:
    """One paragraph, and of a counterexample the exact matrices."""
    pinned = f"{origin(record)}, SHA-256 {content_hash(record)}"
    if isinstance(record, ClaimFile):
        sources = "; ".join(f"{source['key']} {source['place']}".strip() for source in record.sources)
        return f"{record.title} ({record.status}; {sources}). {pinned}."
    refutes = record.content["refutes"]
    lines = [
        f"{record.title}. Found by {record.content['discoverer']}, {record.content['date']}. {pinned}.",
        f"Refuted{f' (hypothesis: {record.change})' if record.change else ''}: {refutes['statement']}",
        *([OBJECTIVES[record.model][0], *record.sentences] if record.model else [_rate_words(record)]),
    ]
    blocks = [matrix_lines(names, matrix, None) for names, matrix in record.matrices]
    return "\n".join(lines + [line for block in blocks for line in block])


def _rate_words(entry: CounterexampleFile) -> str:
    return f"Learning rate: {entry.content['learning_rate']}."


FORMATS: dict[str, Any] = {"bibtex": bibtex, "latex": latex, "text": text}
