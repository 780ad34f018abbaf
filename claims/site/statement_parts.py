"""A docstring's parts for the page of its claim: what it says, why, under what, from where, and how it differs.

Paragraphs that open with words of their own, as "Proof of 2." or "Source.", begin a part; what follows belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from claims.command_line.structure import Block, blocks, headed
from claims.site.mathematics import blocks_html, sentence_html

BEGINS = (
    ("proof", r"Proof\b|Notation of the proofs|Tool\b"),
    ("hypotheses", r"Hypotheses\b"),
    ("source", r"Sources?\."),
    ("differs", r"Differs from the source\."),
    ("notes", r"Not covered|Evidence\b|Open\b|What is open|Status\b|Run\b|Not known|Covered|Numbers\b|How\.|Real data"),
    ("statement", r"Statement\b|Setting\b|Notation\."),
)
"""The parts, and what the first words of their first paragraphs are; others go on with the part that they stand in."""
SINGLE = ("hypotheses", "source", "differs")
"""Parts of one paragraph: a paragraph without opening words behind it is a note."""
TITLES = ("Hypotheses.", "Source.", "Sources.", "Differs from the source.")
"""Opening words that the headings of a page say."""


@dataclass(frozen=True)
class StatementParts:
    """HTML of each, empty where there is none; ``summary`` is the first paragraph."""

    summary: Markup
    statement: Markup
    proof: Markup
    hypotheses: Markup
    source: Markup
    differs: Markup
    notes: Markup


def statement_parts(text: str) -> StatementParts:
    """All that a docstring says, in order within each part."""
    first, *others = blocks(text.strip().splitlines())
    found: dict[str, list[Block]] = {name: [] for name, _ in BEGINS}
    for name, block in _sorted(others):
        found[name] += [block]
    summary = sentence_html(" ".join(line.strip() for line in first.lines))
    return StatementParts(summary, **{name: blocks_html(list(map(_untitled, each))) for name, each in found.items()})


def _sorted(found: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    name = "statement"
    for block in found:
        if block.kind == "text":
            opening = headed(_text(block))[0] or ("Proof" if _text(block).startswith("Proof, ") else "")
            begun = next((each for each, words in BEGINS if re.match(words, opening)), "")
            name = begun or ("notes" if name in SINGLE else name)
        yield name, block


def _text(block: Block) -> str:
    return " ".join(line.strip() for line in block.lines)


def _untitled(block: Block) -> Block:
    head, rest = headed(_text(block)) if block.kind == "text" else ("", "")
    return replace(block, kind="plain", lines=[rest]) if head in TITLES else block
