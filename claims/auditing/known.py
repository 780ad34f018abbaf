"""The guarantees that an audit asks, in the order of its report. A guarantee is plugged in by a line here.

Layers that start at the identity, near their target (:mod:`solvers.guarantees.near_identity`), are no row of their own:
Theorem 1 is what they are promised, of the same margin, and its row says so.
"""

from __future__ import annotations

from claims.auditing.data_rows import DATA
from claims.auditing.margin_rows import SHARPER, THEOREM_ONE
from claims.auditing.one_output import THEOREM_TWO
from claims.auditing.special_rows import IDENTITY, TWO_LAYERS

GUARANTEES = (THEOREM_ONE, SHARPER, DATA, THEOREM_TWO, IDENTITY, TWO_LAYERS)
