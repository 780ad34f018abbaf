"""A positive deficiency margin keeps the end-to-end matrix of full rank, and so away from poor critical points.

Statement. Let Phi be a target, and W a matrix of its shape. W has deficiency margin c > 0 with respect to Phi if

    sigma_min(Phi) - ||W - Phi||_F >= c.

1. Near the target. If W has margin c, then every W' with ||W' - Phi||_F <= ||W - Phi||_F has sigma_min(W') >= c.
   Equality is attained.

2. Distance to deficiency. For every c >= 0

       min{ ||A - Phi||_F : sigma_min(A) <= c } = max(0, sigma_min(Phi) - c).

3. No poor critical point. Let W = W_N ... W_1 lie in the sublevel set of a point with positive margin: its loss
   l = 1/2 ||W - Phi||_F^2 is no larger. If there the gradients D_j of all layers vanish, then G = W - Phi = 0: every
   critical point in the set is a global minimum.

4. What a margin needs. A positive margin needs Phi of full rank and no bottleneck: d_j >= min(d_0, d_N) for every j.

Proof of 1 and 2. |W' x| >= |Phi x| - ||W' - Phi||_F for every unit vector x, since |E x| <= ||E||_F |x| by Lagrange's
identity. The minimum over x, of the transposes where Phi is wide, is 1 and the lower bound of 2. The bound is attained
where the smallest singular value of Phi is lowered to c, and nothing else changed.

Proof of 3. W_1^T D_1 = W^T G and D_N W_N^T = G W^T. By 1 W has full rank. So where d_N <= d_0 the first of them, if
D_1 = 0, gives G = 0; where d_0 <= d_N the second does, if D_N = 0.

Proof of 4. The margin is at most sigma_min(Phi). Through a bottleneck sigma_min(W) = 0, which 1 excludes.

Hypotheses. sigma_min is the min(rows, columns)-th singular value; Phi any matrix, W the product of any layers.

Source. ACGH19 (arXiv:1810.02281), Definition 2, Claim 1 and footnotes 3 and 4.

Differs from the source. In wording alone, as far as is meant.
"""

from claims.suite import ACGH19, Claim, Status

CLAIM = Claim(
    uid="DL-005",
    title="Deficiency margin",
    statement=__doc__,
    sources=(ACGH19.at("Definition 2, Claim 1, footnotes 3-4"),),
    items=("3.1", "3.2", "3.3", "3.4"),
    status=Status.THEOREM,
    hypotheses=("margin", "no farther"),
)
