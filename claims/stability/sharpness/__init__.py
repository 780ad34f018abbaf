"""How flat a minimum can be: a lower bound on the Hessian's largest eigenvalue, attained by balanced minima.

Statement. Let l = 1/2 ||W_N ... W_1 - Phi||_F^2 with N >= 1, any widths and any Phi; A_j = W_{j+1:N}, C_j = W_{1:j-1},
G = W - Phi, r = rank W, sigma = |Phi|_2. Take a critical point at which the Hessian H has no negative eigenvalue, with
W != 0; G != 0 is allowed, and so are the non-strict saddles of DL-061.

1. Lower bound.

       lambda_max(H)  >=  N sigma^{2-2/N}.

2. Equality holds where the layers are balanced, W_{j+1}^T W_{j+1} = W_j W_j^T; and at every minimum at which all
   |W_j|_2 are sigma^{1/N}. It implies that for every top pair, Phi v = sigma u, there are unit vectors
   q_0 = v, ..., q_N = u with

       W_j q_{j-1} = sigma^{1/N} q_j,   W_j^T q_j = sigma^{1/N} q_{j-1}.

   For scalar layers it is to say that they are balanced. In general balance is not needed for it, nor are those norms,
   and the vectors q_j are not enough.

3. Formulas. If G = 0, or if all hidden widths are r, then lambda_max(H) is the largest eigenvalue of

       sum_j (A_j A_j^T) (x) (C_j^T C_j),   (x) the Kronecker product.

   This is |sum_j ||A_j||^2 C_j^T C_j|_2 for d_N = 1, and Phi^2 sum_j w_j^{-2} for scalar layers. For two layers it is,
   at every minimum and for B = W_2^T W_2 - W_1 W_1^T,

       lambda_max(H)  =  |W_1|_2^2 + |W_2|_2^2  <=  |B|_2 + (|B|_2^2 + 4 sigma^2)^{1/2},

   and equal to (B^2 + 4 sigma^2)^{1/2} if d_1 = 1. There is no bound without B.

4. Largest stable rate. If eta > 2 / (N sigma^{2-2/N}), then I - eta H, which is what a step of gradient descent does to
   a small displacement, has an eigenvalue below -1 at every such point. If eta is less, all its eigenvalues are in
   (-1, 1] where the layers are balanced.

Hypotheses. "second order" (no negative eigenvalue) and "product" (W != 0), asked for by 1; "fitted" (G = 0, or all
hidden widths r), by 3; "balanced", by the first part of 2 and the last of 4.

Open here. Whether those norms are enough for equality at non-strict saddles too.

Source. MC24 (arXiv:2405.13456) for d_N = 1, MM20 (ICML 2020) for minima of two layers, both cited from memory.

Differs from the source. G != 0, other saddles, any d_N, 2 and 3 with G != 0 are this project's.

Proof of 1. No negative eigenvalue means that |G|_2 <= sigma_r(W), by DL-061, so that |W|_2 = sigma; let W v = sigma u.
Take V_j = A_j^T u v^T C_j^T. DL-061's bound on <V, H V> gives, for N >= 2,

    <V, H V>  >=  (u^T dW v)^2 = (sum_j |A_j^T u|^2 |C_j v|^2)^2 = ||V||^4,
    ||V||^2   >=  N (prod_j |A_j^T u| |C_j v|)^{2/N} = N (prod_{j < N} |A_j^T u| |C_{j+1} v|)^{2/N},

and each of the N - 1 factors is at least u^T A_j C_{j+1} v = u^T W v = sigma. For N = 1, H is the identity.

Proof of 2, what equality implies. Then ||V||^2 is the bound: all |A_j^T u| |C_j v| are sigma^{1-1/N}, all
|A_j^T u| |C_{j+1} v| are sigma, and A_j^T u is a positive multiple of C_{j+1} v. Let q_j be the unit vector of both.
The lengths' quotients |C_{j+1} v| / |C_j v| and |A_{j-1}^T u| / |A_j^T u| are sigma^{1/N}.

Proof of 2, where it holds. All |W_j|_2 are sigma^{1/N}, balanced layers included. Let P and P' be the projections on
the range and the row space of W. If G = 0 let X = dW and Y = 0. Else N >= 2, and for some k >= 1

    (I - P) A_j = 0 for j <= k,   C_j (I - P') = 0 for j > k:

at a minimum r = d_k for a hidden layer k, and balanced layers have the range and row space of Q_j S Q_{j-1}^T, so that
k = 1 will do. Let X and Y be the parts of dW with j <= k and j > k. All pivots are tight, and so, by DL-061,

    <V, H V>  <=  ||X P' + P Y||^2 + (||X (I - P')|| + ||(I - P) Y||)^2
              <=  (||X|| + ||Y||)^2  <=  (sum_j |A_j|_2 ||V_j|| |C_j|_2)^2  <=  N sigma^{2-2/N} ||V||^2.

Proof of 3. dW = J V with J J^T E = sum_j A_j A_j^T E C_j^T C_j. If G = 0, H = J^T J. Else let all hidden widths be r.
W_1 and W_N have full rank, and M = W_{2:N-1} is invertible (I for N = 2). V_1 (I - P') and (I - P) V_N, of norms b and
c, add at most

    |A_1|_2^2 b^2 + |C_N|_2^2 c^2 + 2 |G|_2 |M|_2 b c  <=  (|A_1|_2^2 + |C_N|_2^2) (b^2 + c^2),

as |G|_2 |M|_2 <= |A_1|_2 |C_N|_2: for a unit x with |M x| = |M|_2 let w be the shortest with W_1 w = x; then
|G|_2 |w| <= sigma_r(W) |w| <= |W w| = |A_1 x| <= |A_1|_2, and |M|_2 = |C_N w| <= |C_N|_2 |w|. All other V are apart
from these, and for them H is J^T J, which has an eigenvalue at least |A_1|_2^2 + |C_N|_2^2.

At a minimum of two layers G = 0 or d_1 = r. With a = |W_2|_2^2 and a unit e, W_2^T y = a^{1/2} e,

    sigma^2 >= |W^T y|^2 = a e^T W_1 W_1^T e = a (a - e^T B e) >= a (a - |B|_2);   likewise for W_1.

Proof of 4. 1, and 0 <= H <= N sigma^{2-2/N} where equality holds.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import MC24, MM20

CLAIM = Claim(
    uid="DL-062",
    title="How flat a minimum can be",
    statement=__doc__,
    sources=(MC24, MM20, DLC.at("DL-062")),
    items=("13.2.1", "13.2.2", "13.2.3"),
    status=Status.THEOREM,
    hypotheses=("second order", "product", "fitted", "balanced"),
    uses=("DL-061",),
)
