"""With a learning rate too large gradient descent cycles, stops at a saddle or diverges: balanced, and with a margin.

Statement. All layers are exactly balanced and the margin c is positive; only eta is too large. In 1 to 5 the width is 1
and all layers equal a number w, so that a step is

    w' = w - eta w^{N-1} (w^N - Phi)

for each. (Unequal signs: the same up to signs of Phi.)

1. Cycles of two, every N >= 1. For p > q > 0 let

       Phi = (p^{2N-1} + q^{2N-1}) / (p^{N-1} + q^{N-1}),
       eta = (p - q) (p^{N-1} + q^{N-1}) / ((p q)^{N-1} (p^N - q^N)).

   Then p -> q -> p, with margins 2 Phi - p^N > 0 at p and q^N at q. Every p != q that alternate satisfy the same two
   equations, but where N is even and q = -p.

2. Beyond the inverse curvature, N >= 2. For every Phi > 0 and every eta with N eta Phi^{2-2/N} > 2, where
   N Phi^{2-2/N} is the curvature at the minimum, a start with a margin cycles for ever.

3. To the mirror image, N even. If eta p^{N-2} (p^N - Phi) = 2, then p -> -p -> p, any Phi; the margin is 2 Phi - p^N.
   For N = 2: p^2 = Phi + 2/eta, the loss is 2/eta^2 for ever, the margin Phi - 2/eta > 0 exactly for eta Phi > 2.

4. Cycles of four, N even. For 0 < p < q let K = (q+p) p^{N-1} + (q-p) q^{N-1} and

       Phi = ((q+p) p^{2N-1} + (q-p) q^{2N-1}) / K,
       eta = K / ((p q)^{N-1} (q^N - p^N)).

   Then p -> q -> -p -> -q -> p, with margin p^N at p.

5. To the saddle, N >= 2. If eta p^{N-2} (p^N - Phi) = 1, one step leads from p to the saddle at 0, and l = Phi^2 / 2
   for ever; the margin is 2 Phi - p^N.

6. Depth 1, any dimensions. W(t) - Phi = (1 - eta)^t (W(0) - Phi): divergence for eta > 2, a cycle for eta = 2.

All rational p and q give rational instances. In d x d the same happens to W_j = Q_j diag(w, s, ...) Q_{j-1}^T and
Phi = Q_N diag(Phi, s^N, ...) Q_0^T, any orthogonal Q_j, where s^N > |p^N - Phi| keeps the margin positive.

Proof of 1, 3, 4 and 5. Put p and q into the step. If p and q alternate, the two steps' sum is
p^{N-1} (p^N - Phi) + q^{N-1} (q^N - Phi) = 0, which is linear in Phi, and the first step then gives eta.

Proof of 2. In 1 let p = r q. Then N eta Phi^{2-2/N} is a continuous function of r, goes to 2 as r -> 1, and is at least
r^{N-1} / 4; so it takes every value above 2. Scaling q gives every Phi.

Proof of 6. The gradient at depth 1 is W - Phi.

Hypotheses. As stated: those of Theorem 1 (``linear_rate``, DL-004) without the bound on eta.
Source. This project. That eta may be 9078 times Theorem 1's limit is ``sharper_constants`` (DL-013), at depth 2 with
twice its limit (``general_data``, DL-072).
"""

from claims.suite import DLC, Claim, Status

CLAIM = Claim(
    uid="DL-019",
    title="A small learning rate is needed",
    statement=__doc__,
    sources=(DLC.at("DL-019"),),
    items=("5.6", "5.8"),
    status=Status.THEOREM,
)
