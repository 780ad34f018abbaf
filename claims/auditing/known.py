"""The guarantees that an audit asks, in the order of its report. A guarantee is plugged in by a line here."""

from __future__ import annotations

from claims.auditing.data_rows import DATA
from claims.auditing.margin_rows import SHARPER, THEOREM_ONE
from claims.auditing.special_rows import IDENTITY, TWO_LAYERS

GUARANTEES = (THEOREM_ONE, SHARPER, DATA, IDENTITY, TWO_LAYERS)
