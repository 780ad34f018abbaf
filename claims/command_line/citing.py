"""``cite``: BibTeX, a LaTeX fragment with the exact matrices, and plain text, each with version and content hash."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from claims.command_line.claim_files import ClaimFile
from claims.command_line.counterexample_files import CounterexampleFile
from claims.command_line.errors import UsageError
from claims.command_line.latex import latex_statement
from claims.command_line.ledger_totals import add_ledger_argument, sentences
from claims.command_line.mathematics import latex_sentence, latex_text
from claims.command_line.matrices import latex_equation, latex_number, matrix_lines
from claims.command_line.records import Record, content_hash, find, is_catalogued, origin, version
from claims.command_line.terminal import print_json
from claims.formal.statements import stated_by

DEVELOPERS = "The Deep Linear Claims developers"
RELEASED = 2026
"""The year of this version, as CITATION.cff has it."""
MOST_NAMED = 3
"""Theorems of one file in one sentence."""

FORMATS = ("bibtex", "latex", "text")
EXAMPLES = """\
examples:
  %(prog)s DLX-001
  %(prog)s DL-004 DL-005 DLX-001 --format bibtex > claims.bib
  %(prog)s DLX-001 --format latex > dlx001.tex
  %(prog)s DL-004 --json
  %(prog)s DL-004 --ledger evidence.sqlite
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Cite claims and counterexamples. A citation pins what was cited: the version,\n"
        "and a SHA-256, which for a counterexample is its file's own and for a claim that\n"
        "of its module, as sha256sum computes it, or of its package, as `cat *.py |\n"
        "sha256sum` computes it. Several in one call are one BibTeX file, in which no key\n"
        "stands twice. The LaTeX, statements as text and mathematics, needs no package."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("names", nargs="+", metavar="UID", help="DL-0xx, DLX-0xx, or a counterexample's file (.json)")
    parser.add_argument("--format", choices=FORMATS, help="one form alone; else all")
    parser.add_argument(
        "--sources",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether the papers that a claim is from come along in BibTeX, and are cited in LaTeX (they do)",
    )
    add_ledger_argument(parser)
    parser.add_argument("--json", action="store_true", help="for a program to read: the forms as strings")


def run(arguments: argparse.Namespace) -> int:
    """One citation, or several: then their BibTeX is one file, in front of the other forms."""
    records = list({record.path.resolve(): record for record in map(find, arguments.names)}.values())
    forms = [name for name in FORMATS if arguments.format in (None, name)]
    campaigns = (
        {} if arguments.ledger is None else {record.uid: _campaigns(record, arguments.ledger) for record in records}
    )
    texts = [
        {
            form: _cited(record, form, campaigns.get(record.uid, []), sources=arguments.sources)
            for form in forms
            if form != "bibtex"
        }
        for record in records
    ]
    shared = {"bibtex": bibtex(records, campaigns, sources=arguments.sources)} if "bibtex" in forms else {}
    if not arguments.json:
        print(*shared.values(), *(text for each in texts for text in each.values()), sep="\n\n")
        return 0
    pinned = [{"uid": record.uid, "version": version(), "sha256": content_hash(record)} for record in records]
    if len(records) == 1:
        print_json(pinned[0] | shared | texts[0])
    else:
        print_json(shared | {"citations": [pin | each for pin, each in zip(pinned, texts, strict=True)]})
    return 0


def _campaigns(record: Record, ledger: Path) -> list[str]:
    """Sentences on what a ledger says of a claim."""
    if not isinstance(record, ClaimFile):
        raise UsageError(f"--ledger tells of claims, and {record.uid} is a counterexample, verified once for all")
    return [f"{each}." for each in sentences(ledger, record.uid)]


def _cited(record: Record, form: str, campaigns: Sequence[str], *, sources: bool) -> str:
    if form == "latex":
        return "\n".join([latex(record, sources=sources), *map(latex_text, campaigns)])
    return " ".join([text(record), *campaigns])


def key(record: Record) -> str:
    """For ``\\cite``: the uid, and for a counterexample that this version does not have, as one of the reader's own, a
    part of its digest with it, so that no key stands for two things."""
    if isinstance(record, ClaimFile) or is_catalogued(record):
        return record.uid
    return f"{record.uid}-{content_hash(record)[:8]}"


def bibtex(
    records: list[Record], campaigns: Mapping[str, Sequence[str]] = MappingProxyType({}), *, sources: bool = True
) -> str:
    """An entry for each record, with what ``campaigns`` say of it by uid, and one for each paper that a claim is from;
    no key twice."""
    entries = {key(record): _own(record, campaigns.get(record.uid, ())) for record in records}
    if sources:
        entries |= {paper["key"]: _paper(paper) for record in records for paper in papers(record)}
    return "\n\n".join(_entry(name, fields) for name, fields in entries.items())


def papers(record: Record) -> list[dict[str, str]]:
    """The sources of a claim that are not this project's."""
    found = record.sources if isinstance(record, ClaimFile) else ()
    return [source for source in found if source["venue"] != "this project"]


def _own(record: Record, campaigns: Sequence[str]) -> dict[str, str]:
    formal: list[str] = []
    if isinstance(record, CounterexampleFile):
        author, year = str(record.content["discoverer"]), str(record.content["date"])[:4]
        note = f"Exact counterexample{' to ' + record.claim if record.claim else ''}"
    else:
        author, year, note = DEVELOPERS, str(RELEASED), _standing(record)
        formal = [latex_sentence(each) for each in _formal(record)]
    formal += [latex_text(each.removesuffix(".")) for each in campaigns]
    digest = content_hash(record)
    return {
        "author": f"{{{latex_text(author)}}}",
        "title": f"{{{latex_text(record.title)}}}",
        "howpublished": latex_text(origin(record)),
        "year": year,
        "note": f"{'. '.join([latex_text(note), *formal])}. SHA-256: {digest[:32]}\\allowbreak{{}}{digest[32:]}",
    }


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


def latex(record: Record, *, sources: bool = True) -> str:
    """A paragraph for a paper: the statement, and of a counterexample the exact matrices."""
    head = [
        f"% {origin(record)}",
        f"% SHA-256 {content_hash(record)}",
        rf"\paragraph{{{latex_sentence(record.title)} ({record.uid}).}}",
    ]
    if isinstance(record, CounterexampleFile):
        return "\n".join([*head, r"\begin{sloppypar}", *_latex_counterexample(record), r"\end{sloppypar}"])
    return "\n".join([*head, *_latex_claim(record, sources=sources)])


def _latex_claim(claim: ClaimFile, *, sources: bool) -> list[str]:
    places = [_place(each, sources=sources) for each in papers(claim)]
    return [
        rf"{_standing(claim)} in \cite{{{key(claim)}}}" + (f" ({', '.join(places)})" if places else "") + ":",
        latex_statement(claim.statement),
        *(rf"\begin{{sloppypar}}{latex_sentence(each)}.\end{{sloppypar}}" for each in _formal(claim)),
    ]


def _place(source: dict[str, str], *, sources: bool) -> str:
    place = latex_text(source["place"])
    if not place:
        return rf"\cite{{{source['key']}}}" if sources else source["key"]
    return rf"\cite[{place}]{{{source['key']}}}" if sources else f"{source['key']}, {place}"


def _latex_counterexample(entry: CounterexampleFile) -> list[str]:
    refutes = entry.content["refutes"]
    without = f" {latex_sentence(f'(hypothesis: {entry.change})')}" if entry.change else ""
    refuted = rf"Refuted, exactly, in \cite{{{key(entry)}}}{without}: {latex_sentence(refutes['statement'])}"
    if entry.model:
        return [refuted, *latex_matrices(entry)]
    rate = entry.learning_rate
    rate_words = latex_sentence(rate) if isinstance(rate, str) else f"${latex_number(rate)}$"
    return [refuted, f"Learning rate: {rate_words}.", *latex_matrices(entry)]


def _standing(claim: ClaimFile) -> str:
    """An open statement has evidence and is not verified."""
    return f"{claim.status.capitalize()}, " + ("with evidence" if claim.status == "open" else "verified")


def _formal(claim: ClaimFile) -> list[str]:
    """The theorems behind a claim that Coq's kernel checks, by the files that prove them; no sentence where none."""
    files: dict[str, list[str]] = {}
    for each in stated_by(claim.path):
        files.setdefault(each.file, []).append(each.question.theorem)
    named = [f"{_names(found)} of ``{file}``" for file, found in files.items()]
    return [f"Kernel-checked in Coq: {'; '.join(named)}"] if named else []


def _names(theorems: list[str]) -> str:
    named = ", ".join(f"``{each}``" for each in theorems[:MOST_NAMED])
    more = len(theorems) - MOST_NAMED
    return f"theorem{'s' if len(theorems) > 1 else ''} {named}" + (f" and {more} more" if more > 0 else "")


def latex_matrices(entry: CounterexampleFile) -> list[str]:
    """W_1, ..., W_N and Phi, exactly, a displayed equation each; of a model the objective, and what stands beside
    its matrices, too."""
    equations = [latex_equation(names, matrix) for names, matrix in entry.matrices]
    if not entry.model:
        return equations
    beside = ", ".join(entry.latex_sentences)
    objective = [r"\begin{quote}\raggedright", f"${entry.objective[1]}$", r"\end{quote}"]
    return [*objective, *equations, *([f"{beside}."] if beside else [])]


def text(record: Record) -> str:
    """One paragraph, and of a counterexample the exact matrices."""
    pinned = f"{origin(record)}, SHA-256 {content_hash(record)}"
    if isinstance(record, ClaimFile):
        sources = "; ".join(f"{source['key']} {source['place']}".strip() for source in record.sources)
        stated = f"{record.title} ({record.status}; {sources})."
        formal = [f"{each}.".replace("``", "") for each in _formal(record)]
        return " ".join([stated, *formal, f"{pinned}."])
    refutes = record.content["refutes"]
    lines = [
        f"{record.title}. Found by {record.content['discoverer']}, {record.content['date']}. {pinned}.",
        f"Refuted{f' (hypothesis: {record.change})' if record.change else ''}: {refutes['statement']}",
        *([record.objective[0], *record.sentences] if record.model else [_rate_words(record)]),
    ]
    blocks = [matrix_lines(names, matrix, None) for names, matrix in record.matrices]
    return "\n".join(lines + [line for block in blocks for line in block])


def _rate_words(entry: CounterexampleFile) -> str:
    return f"Learning rate: {entry.content['learning_rate']}."
