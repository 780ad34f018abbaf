"""Zero weights are a critical point, a strict saddle at depth 2 and a non-strict one from depth 3 on.

Statement. For N >= 2 the point W_1 = ... = W_N = 0 is critical for l = 1/2 ||W_N ... W_1 - Phi||_F^2.

1. Lines. In any direction V, with V_{1:N} = V_N ... V_1 and Phi_F = ||Phi||_F,

       l(t V)  =  Phi_F^2 / 2 - t^N <Phi, V_{1:N}> + t^{2N} ||V_{1:N}||_F^2 / 2.

2. Flat. The Hessian at zero is zero if and only if N >= 3 or Phi = 0.

3. Depth N = 2, hidden width h. The Hessian's eigenvalues are sigma_i(Phi) and -sigma_i(Phi), each h times, and zeros.
   So zero is a strict saddle if and only if Phi != 0.

4. Depth N >= 3, Phi != 0. Zero is a non-strict saddle. No curvature is negative, yet the loss falls below Phi_F^2 / 2
   along some lines and rises above it along others, arbitrarily near.

Hypotheses. "N >= 2" throughout; "N >= 3" and "Phi not zero" in 4. Every width, every target.

Source. K16 (arXiv:1605.07110), Theorem 2.3 and Corollary 2.4; ACGH19 (arXiv:1810.02281), Section 1.

Differs from the source. In wording alone, as far as is meant; the formulas of 1 and 3 are written out here.

Proof of 1. The product of the layers t V_j is t^N V_{1:N}. Expand the square.

Proof of 2. By 1 the second derivative along V at t = 0 is 0 for N >= 3, and -2 <Phi, V_2 V_1> for N = 2. A quadratic
form that vanishes on every V is zero.

Proof of 3. At zero H (V_1, V_2) = (-V_2^T Phi, -Phi V_1^T). With Phi v = s u, Phi^T u = s v and any x, the directions
(x v^T, -u x^T) and (x v^T, u x^T) are eigenvectors for s and -s.

Proof of 4. By 2 the Hessian is zero. Take for V a path of single entries whose product is the largest entry of Phi
alone. By 1 the loss falls along it, and rises along it with the sign of one layer flipped, for all small t > 0.
"""

from claims.suite import ACGH19, K16, Claim, Status

CLAIM = Claim(
    uid="DL-007",
    title="The saddle at zero",
    statement=__doc__,
    sources=(K16.at("Theorem 2.3, Corollary 2.4"), ACGH19.at("Section 1")),
    items=("7.1",),
    status=Status.THEOREM,
    hypotheses=("N >= 2", "N >= 3", "Phi not zero"),
)
