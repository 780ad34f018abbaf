"""From three layers on the preconditioned flow of one output descends no function: it is more than regularisation.

Notation. One output and d >= 2 inputs; L is a loss of the row W, g = dL/dW, and p = 2 - 2/N. The flow of N balanced
layers is -F (``end_to_end_dynamics``, DL-026) with

    F = ||W||^p (g + (N-1) (<g, W> / ||W||^2) W),    F(0) = 0.

Statement.

1. The curl for constant g. For the inputs 1 and 2, and likewise for every two,

       dF_1/dw_2 - dF_2/dw_1 = ||W||^{p-2} (p - (N-1)) (w_2 g_1 - w_1 g_2).

   p - (N-1) = -(N-1)(N-2)/N is 0 for N = 1 and N = 2 only.

2. The circulation for any L. Let v != 0, and go around the half disc with the diameter from -v to v, on either side
   of it. With o(t) = L(t v) - L(-t v),

       circulation of F = ||v||^p (N int_0^1 t^p o'(t) dt - o(1)).

   A term c t^k of L(t v) adds 2 c ||v||^p ((N-1) k - p) / (k + p) to it where k is odd, and nothing where k is even.

3. No potential. If N >= 3 and L is C^1 with g(0) != 0, then F is the gradient of no function, in no neighbourhood
   of 0.

4. Fewer layers. For N = 1, F is the gradient of L. For N = 2 it depends on L:

       constant g              F is the gradient of ||W|| <W, g>;
       1/2 ||W - Phi||^2       F is the gradient of 2/3 ||W||^3 - ||W|| <W, Phi>;
       L(t v) a polynomial     F is no gradient where its only odd terms are t^3 and perhaps t.

Proof of 1, and of the potentials in 4. By differentiation.

Proof of 2. On the half circle W is orthogonal to the path, so that only ||v||^p g counts, whose integral is that of
dL. On the diameter F is N ||t v||^p times g along it.

Proof of 3. A gradient has circulation 0. Take v = r g(0): L(t v) - L(-t v) = 2 t <g(0), v> up to what vanishes faster
as r -> 0, so that the circulation over 2 ||v||^p <g(0), v> tends to ((N-1) - p) / (1 + p) > 0.

Proof of the rest of 4. At N = 2, p = 1: the term t^k has the share (k - 1) / (k + 1), which is 0 at k = 1 only.

Hypotheses. N >= 3; g(0) != 0; two inputs or more (with one, F is the gradient of its integral); L is differentiable
at 0. Each is needed.

Not covered. Of other numbers of outputs nothing is said.

Source. ACH18 (arXiv:1802.06509), Theorem 2; the potential ||W|| <W, g> of a constant g at N = 2 is in a footnote
there.

Differs from the source. The source does not mention that two inputs are needed. 1, 2, the other potential and what is
said of N = 2 besides are this project's.
"""

from claims.suite import ACH18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-027",
    title="No potential from three layers on",
    statement=__doc__,
    sources=(ACH18.at("Theorem 2"), DLC.at("DL-027")),
    items=("8.4",),
    status=Status.THEOREM,
    hypotheses=("depth", "gradient at zero", "inputs", "differentiable at zero"),
    uses=("DL-026",),
)
