"""Why Procedure 1 balances, for every depth and size: words in E_j, E_j^T and powers of S, with one rule."""

from typing import Any

import sympy

from claims.suite import Fate, ablates, symbolic


def reduced(word: Any, *bases: Any) -> Any:
    """``word`` with E^T E = 1 for each pair (E, E^T) of ``bases``."""
    for basis, transposed in bases:
        word = word.subs(transposed * basis, 1)
    return sympy.expand(word)


@symbolic
@ablates("DL-016", "width", "at least rank A", Fate.TRUE)
def test_product_telescopes_and_imbalances_cancel_for_every_depth_and_size() -> None:
    """W_{j+1} (E_j S^{i/N} V^T) = E_{j+1} S^{(i+1)/N} V^T for any i, so by induction from W_1 = E_1 S^{1/N} V^T the
    product is U S V^T; and B_j = 0. All that is asked of E_j is E_j^T E_j = I, so that widths from the rank of A on do.
    The padded identity obeys the rule for symbolic sizes."""
    before, middle, after, first = (sympy.symbols(f"{name} {name}^T", commutative=False) for name in "EFGV")
    root, power_of_root = sympy.symbols("R R^i", commutative=False)
    bases = (before, middle, after, first)
    next_product = reduced((after[0] * root * middle[1]) * (middle[0] * power_of_root * first[1]), *bases)
    assert next_product == after[0] * root * power_of_root * first[1]
    upper = (middle[0] * root * after[1]) * (after[0] * root * middle[1])
    lower = (middle[0] * root * before[1]) * (before[0] * root * middle[1])
    assert reduced(upper - lower, *bases) == 0
    k, rest = sympy.symbols("k m", integer=True, positive=True)
    padded = sympy.BlockMatrix([[sympy.Identity(k)], [sympy.ZeroMatrix(rest, k)]])
    assert sympy.block_collapse(padded.T * padded) == sympy.Identity(k)


@symbolic
def test_other_powers_leave_their_difference_for_every_depth_and_size() -> None:
    """Statement 2: B_j = E_j (Q^2 - P^2) E_j^T for P = S^{a_j} and Q = S^{a_{j+1}}, whose squared norm is that of
    Q^2 - P^2; the product telescopes as before, to the product of the powers."""
    before, middle, after = (sympy.symbols(f"{name} {name}^T", commutative=False) for name in "EFG")
    old, new = sympy.symbols("P Q", commutative=False)
    imbalance = middle[0] * new * after[1] * after[0] * new * middle[1]
    imbalance -= middle[0] * old * before[1] * before[0] * old * middle[1]
    found = reduced(imbalance, before, middle, after)
    assert sympy.expand(found - middle[0] * (new**2 - old**2) * middle[1]) == 0
    squared = reduced(middle[0] * old * middle[1] * middle[0] * old * middle[1], middle)  # B B^T, of trace tr P^2
    assert squared == middle[0] * old**2 * middle[1]
