"""Wick's formula: the mean of a product of independent N(0, 1) entries is the number of ways to pair equal ones.

A letter is an entry of a matrix of normal numbers: the matrix and the names of its two indices. Summed over them, a
pairing contributes the number of index values that it leaves free, so that sizes may be symbols.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Letter = tuple[str, str, str]
Pairing = list[tuple[Letter, Letter]]


def pairings(letters: Sequence[Letter]) -> Iterator[Pairing]:
    """All ways to pair entries of equal matrices."""
    if not letters:
        yield []
        return
    first, *others = letters
    for place, partner in enumerate(others):
        if partner[0] == first[0]:
            for rest in pairings(others[:place] + others[place + 1 :]):
                yield [(first, partner), *rest]


def index_classes(pairing: Pairing) -> list[list[str]]:
    """The names of indices that are equal when paired entries are the same entry, each class and all in order."""
    same = {name: name for pair in pairing for letter in pair for name in letter[1:]}
    for left, right in pairing:
        for one, other in zip(left[1:], right[1:], strict=True):
            old, new = same[one], same[other]
            same = {name: new if root == old else root for name, root in same.items()}
    return [sorted(name for name in same if same[name] == root) for root in sorted(set(same.values()))]


def free_indices(pairing: Pairing) -> list[str]:
    """One name for each index that is still free."""
    return [names[0] for names in index_classes(pairing)]
