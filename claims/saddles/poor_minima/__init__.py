"""A deep linear network has no poor local minimum: where the loss is not the least it is lower arbitrarily near.

Statement. Let l = 1/2 ||W_N ... W_1 - Phi||_F^2 for any N >= 1, any widths and any Phi. Let p = min_j d_j be the least
of all widths and s_1 >= s_2 >= ... the singular values of Phi. No weights have a loss below the tail, and some have it:

    tail = 1/2 sum_{i > p} s_i^2,   0 if no width is below min(d_0, d_N).

1. No local maximum. At any weights whatever, l is higher arbitrarily near.

2. No poor local minimum. At a critical point with l above the tail, l is lower arbitrarily near.
   So every local minimum is global, and every other critical point is a saddle. A local minimum has W = Phi if no width
   is below min(d_0, d_N).

3. Other convex losses. Let L be any differentiable convex function of W in place of 1/2 ||W - Phi||_F^2. If no width is
   below min(d_0, d_N), every local minimum of L(W_N ... W_1) is global.

Hypotheses. "width": none below min(d_0, d_N), asked for by 3 alone. "square loss": asked for by 2 where a width is
below. K16's own (Phi of full rank, distinct singular values) are not needed.

Source. K16 (arXiv:1605.07110), Theorem 2.3 (i)-(iii); 3: LB18 (arXiv:1712.01473). That no weights have a loss below the
tail, and some have it, is DL-020.

Differs from the source. The curves of 2 are this project's, and K16's hypotheses (Phi of full rank, distinct singular
values) are dropped.

Notation of the proofs. P_i = W_{1:i} and Q_i = W_{i+1:N} are the products before and after place i, so W = Q_i P_i;
G = dL/dW, which is W - Phi for the square loss; D_j = Q_j^T G P_{j-1}^T is the gradient of layer j.

Proof of 1. In one layer the loss is quadratic, with a second-order term that is never negative:

    l(W_k + t V) = l + t <D_k, V> + t^2/2 ||Q_k V P_{k-1}||_F^2.

Choose k such that some V has Q_k V P_{k-1} != 0; then t of one sign will do.

- If W_{1:N-1} != 0 take k = N.
- Else W = 0. Let k be least with W_{1:k} = 0. Moving the later layers changes nothing, and makes Q_k != 0.

Proof of 2. A step against a gradient D_j != 0 lowers l. So at a critical point it is enough to find, arbitrarily near,
a move that keeps W, and with it l and G, and makes some D_j != 0; or, failing that, a curve down.

Since l is above the tail, G != 0. Let k be the largest index with M = G P_k^T != 0. It exists, since G P_0^T = G, and
is at most N - 2, since D_N = 0. For i > k, G P_i^T = 0. One of three cases holds.

(a) The chain: no P_i with k < i < N has full row rank.

- Take v_i != 0 with v_i^T P_i = 0 for k < i < N, and v_N = u, a non-zero column of M.
- Move W_i' = W_i + s v_i v_{i-1}^T for k + 2 <= i <= N. This keeps every P_i.
- u^T Q_{k+1}' is a polynomial in s with leading coefficient |u|^2 |v_{N-1}|^2 ... v_{k+1}^T, which is not zero.
- So D_{k+1}' = Q_{k+1}'^T M != 0 for all small s != 0.

(b) The lift: some P_i, k < i < N, has full row rank, and Q_i z = 0 with z != 0.

- Then B = W_{2:i} has full row rank too. Take y with G y != 0, and move W_1' = W_1 + s B^+ z y^T.
- Then P_i' = P_i + s z y^T, and W stays, while G P_i'^T = s G y z^T != 0.
- So k has grown to i at least. Begin again: at a critical point k is never above N - 2, so this ends.

(c) The swap: some P_i, k < i < N, has full row rank, and Q_i full column rank.

- G P_i^T = 0 and, by D_1 = 0 and the full row rank of B = W_{2:i}, also Q_i^T G = 0.
- So W = Phi Pi = Pi' Phi, with Pi and Pi' the projections on P_i's rows and Q_i's columns; both have rank
  d_i = rank W = p.
- W^T Phi = Pi Phi^T Phi = Phi^T Pi' Phi is symmetric, so Pi commutes with Phi^T Phi: W is the sum of p modes of Phi.
- They are not the largest, since l would be the tail. So a mode left out is larger than one of W: there are unit
  vectors x in the range of Pi and y in its kernel with |Phi y| > |Phi x|.
- Along V_1 = B^+ P_i x y^T, V_N = Phi y x^T P_{N-1}^+ the product moves by t (Phi x y^T + Phi y x^T) + t^2 Phi y y^T,
  so the second derivative of l is |Phi x|^2 - |Phi y|^2 < 0.

With all widths >= d_0 only (a) occurs: G P_i^T = 0 and G != 0 leave P_i a rank below d_0. With all widths >= d_N take
transposes. The tail is then 0.

Proof of 3. (a) uses nothing of L but G. And where G = 0, L is the least, by convexity.
"""

from claims.suite import DLC, K16, LB18, Claim, Status

CLAIM = Claim(
    uid="DL-023",
    title="No poor local minima",
    statement=__doc__,
    sources=(K16.at("Theorem 2.3"), LB18.at("Theorem 1"), DLC.at("DL-023")),
    items=("7.2",),
    status=Status.THEOREM,
    hypotheses=("width", "square loss"),
    uses=("DL-020",),
)
