"""How far the constants of Theorem 1 and of its lemmas are from the worst that can be found.

Statement (open). For each inequality with a constant: a state that meets all of its hypotheses, and comes as near to
violating it as a search could find. "Observed / guaranteed" is

- for an inequality "left <= right": left / right at that state, never above 1; 1 says that equality is attained;
- for a learning rate: the least rate found at which the conclusion fails, over the largest that the theorem allows, at
  least 1: the theorem's constant cannot be improved by more than that factor;
- for the decay exponent: the smallest rate of decay found over the guaranteed one, at least 1.

So each number bounds the looseness from one side: nobody can gain more. That nothing worse exists is not claimed, but
where the supremum is known:

- 2.2, 2.5 (c) and 3.1 are attained or approached.
- 4.6 has supremum 2 ((1 + 1/(2N))^N - 3/2) at depth N, and 2 sqrt(e) - 3 = 0.297 over all depths.
- 4.5, to first order in eta: its left side, over all layers, is eta L(0), at most delta / 324. If so, the weights stay
  1.004 delta-balanced. The lower side of that is exact at the reported state; that terms of higher order in eta never
  add to it is not proved here.

Numbers. As in the project's list of theorems: 2.2, 2.3 and 2.5 (c) imbalance, 2.6 layer norms, 3.1 margin, 4 Theorem 1,
4.3 descent, 4.4 invariants, 4.5 total drift, 4.6 remainder of second order.

How. Hypothesis's ``target()`` leads to a start, a random local search goes on from it in stacks of 64 float64 states;
what it ends with is decided again in exact and ball arithmetic, its hypotheses included, before it is reported.

Hypotheses. At each state those of the inequality that is measured.

Source. ACGH19 (arXiv:1810.02281).

Differs from the source. Its constants were never measured there; that is why this is here.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-022",
    title="Tightness of the constants",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 1, Lemmas 1-7"), DLC.at("4.5, 4.6")),
    items=("2.2", "2.3", "2.5", "2.6", "3.1", "4.3", "4.4", "4.5", "4.6"),
    status=Status.OPEN,
    uses=("DL-002", "DL-003", "DL-004", "DL-005", "DL-010", "DL-012"),
)
