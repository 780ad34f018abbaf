"""Depth can speed up gradient descent on l_4 regression by far, from small weights; on l_2 it cannot, whitened.

Notation. One output; each depth runs at its own best learning rate eta, from balanced layers with the same product
W(0). l_p regression on m samples is L(W) = 1/(p m) sum |W x - y|^p.

Statement.

1. It happens. Take l_4 regression on two whitened samples, and start small:

       L(W) = 1/2 ((w_1 - 10)^4 + (w_2 - 1)^4),    W(0) = (3, 4) / 320.

   The number of steps to L <= 1/1000 is

       depth 1    at least 500, at every learning rate;
       depth 2    at most 145   (eta = 87 / 2^15);
       depth 3    at most 2     (eta = 6800 / 2^21).

2. For p = 2 it does not. Where the inputs are whitened, X X^T / m = I, depth 1 ends at the minimum after one step with
   eta = 1, from every start and for all outputs; and a start that is not there needs one step at any depth.

3. For p = 4 it need not happen either.

   From a large start: L(W) = 1/2 ((w_1 - 65)^4 + (w_2 - 1)^4) and W(0) = (64, 0). Depth 1 is at the minimum after one
   step (eta = 1/2), while at depths 2, 3 and 6 no learning rate leads to L <= 1/1000 in one step.

   At equal scales: for the target (10, 10) and W(0) = (1, 1) / 64 depth 1 needs one step.

4. Why, along the flow. The flow of balanced layers (``end_to_end_dynamics``, DL-026) moves W at (w, 0, ..., 0), w > 0,
   by -w^{2-2/N} times (N g_1, g_2, ...), g = dL/dW: along W it is N times as fast as across. Towards one large target
   y, from 0, the loss's curvature times that preconditioner is

       N w^{2-2/N} (p-1) (y - w)^{p-2}.

   Let eta be the largest rate with eta times this at most 2 all along, and compare the speed eta y^{2-2/N} of the
   other weights near the target: at depth N over depth 1 it is

       (a + b)^{a+b} / (N a^a b^b),    a = 2 - 2/N,  b = p - 2,

   which is 27/8 at N = 2 and p = 4, but 1/N at p = 2.

What is open. Real inputs, of which nothing is proved: the experiment ``acceleration`` runs floats on a grid of learning
rates. On the whitened diabetes inputs, with a target W of entries from 10 to 1 that is met exactly, p = 4 and W(0) of a
hundredth of its norm, depths 2 and 3 need less than half of the iterations of depth 1 to a millionth of the loss, on a
grid of half octaves and on one of 1/32 octave around the best. On the real outputs, where the least loss is not 0,
neither needs less than half; which depth needs the fewest depends on the grid (8 against 9, or 8 and 8).

Proof of 1. At depth 1 the weights do not mix: r_i = w_i - y_i goes to r_i (1 - q r_i^2) with q = 2 eta.

- If q r_1(0)^2 >= 2, then |r_1| never falls.
- Else q < 2 / r_1(0)^2. Now r (1 - q r^2) falls with q, and grows with r while 3 q r^2 < 1. So after n steps r_2 is at
  least what q = 2 / r_1(0)^2 would make of it, which after 499 steps is too much.

Depths 2 and 3 are run in balls and in rationals.

Proof of 2. W - (W X - Y) X^T / m = Y X^T / m for every W, and there the gradient vanishes.

Proof of 3. L after a step is a polynomial in eta, whose real roots Sturm's theorem counts.

Proof of 4. Of N balanced layers with the product (w, 0, ..., 0) each has norm w^{1/N}: the one that reads the inputs
passes all of g on, with w^{2-2/N}, and the others g_1 alone. The product is largest at w = a y / (a + b).

Hypotheses of what 1 shows. p = 4 (power), a small start, unequal scales: without them it fails (2, 3).

Not covered. It is a fact about examples.

Source. ACH18 (arXiv:1802.06509), Section 8, where what real inputs show is an experiment.

Differs from the source. 1, 3 and 4 are this project's.
"""

from claims.suite import ACH18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-028",
    title="Implicit acceleration",
    statement=__doc__,
    sources=(ACH18.at("Section 8"), DLC.at("DL-028")),
    items=("8.5",),
    status=Status.THEOREM,
    hypotheses=("power", "small start", "unequal scales"),
    uses=("DL-026",),
)
