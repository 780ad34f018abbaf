"""From every start the layers stay bounded and descent comes to rest, at an explicit learning rate.

Notation. N layers of any widths, bottlenecks too; G = W - Phi, B_j the imbalances, b = sum_j |B_j|_2, D_j the gradient
of layer j and S_t = sum_j ||D_j(t)||_F^2. The loss is E = 1/2 ||G||_F^2; or, on data of covariance S > 0 of extreme
eigenvalues s_1 and s_d, kappa = s_1 / s_d, it is E = 1/2 ||G S^{1/2}||_F^2, which is l - min l. Without S they are 1.

Statement.
1. Norms. For any layers at all

       |W_1|_2^2, |W_N|_2^2 <= |W|_2^{2/N} + b,    every |W_j|_2^2 <= |W|_2^{2/N} + 3/2 b.

   So under gradient flow, which keeps every B_j, the layers stay bounded: E does not rise, and

       |W|_2 <= C = |Phi|_2 + sqrt(2 E(0) / s_d).

2. Descent from anywhere. No margin, no balance and no rank is asked for. Let

       M^2 = (1 + 1/N) C^{2/N} + 3/2 b(0),    0 < eta <= 1 / (3 N s_1 M^{2N-2}).

   Then for every t

       E(t+1) <= E(t) - eta/2 S_t,    every |W_j(t)|_2 <= M,    b(t) <= b(0) + 2 C^{2/N} / (3 N kappa),

   and S_t <= 2 E(0) / (eta T) for some t < T. The weights converge to a critical point (Lojasiewicz; cited from
   memory). The loss need not go to 0, nor to its least value: saddles hold who starts there.

3. Sharp in the depth. For b(0) = 0 the limit is at least 1 / (3 e N s_1 C^{2-2/N}). Where C = |Phi|_2 and S = s_1 I, no
   learning rate above 2 / (N s_1 C^{2-2/N}) is stable at a balanced minimum: 6 e = 16.3 times as much. (On other data
   one may be: a control.) At 17 times the limit the loss rises, at depths 1 to 8 and 64 (controls).

Proof of 1. ``bounded_trajectories`` (DL-057): along the product the ratios of |W_{1:k} x|^2 fall by |B_k|_2 at most.

Proof of 2, by rows. Here H = G S, and P, R, tau are as in ``proof_ledger`` (DL-012), whose rows of any state hold of H,
as in ``general_data`` (DL-072).

    1. end norms, 2. layer norms  statement 1
    3. bounded                    |W_j|_2^2 <= M^2, as long as b <= b(0) + 2 C^{2/N} / (3N)
    4. kept                       1 - tau - (eta s_1 / 2) N M^{2N-2} (1 + tau)^2 > 1/2
    5. falls                      E(t+1) <= E(t) - eta/2 S_t
    6. drift                      all B_j together move by at most 2 eta^2 S_t <= 4 eta (E(t) - E(t+1))
    7. total drift                4 eta E(0) <= 2 eta s_d C^2 <= 2 C^{2/N} / (3 N kappa)

- Row 3: 3/2 of the rise is C^{2/N} / N. While E <= E(0), |G|_2 <= ||G S^{1/2}||_F / sqrt(s_d) and so |W|_2 <= C.
- Row 4: let z = eta s_1 N M^{2N-2} <= 1/3. As |H|_2 <= s_1 |G|_2 <= s_1 C <= s_1 M^N, tau <= z/2 (1 + z/N)^{N-2} <=
  z/2 exp(z) < .233, and 1 - .233 - (1.233)^2 / 6 > 1/2.
- So 3, 5 and the bound on b hold at the next step too. The S_t are summed. Each row from those that it uses, in the
  module ``entailed``; 5 from 3, 4 and the descent of DL-072 too.

Proof of 3. (1 + 1/N)^{N-1} <= e; the sharpness of balanced minima is N s_1 C^{2-2/N} there (``sharpness``, DL-062).

What is open. Whether 3/2 b may be b in either statement: for ends it is, and less than b is refuted, in 1 at depth 3,
in 2 at depth 64 for 9/10. In 2, 1 for (1 + 1/N); how far b rises; and more than 1/2 of eta S_t, of which more than 5/6
is refuted.

Hypotheses. "learning rate" and "imbalance", b(0) in M; "positive definite", where there is a covariance: for a singular
S, apply it to (W_1 V, W_2, ...), V a basis of S's range, as in DL-072.

Checked by Coq's kernel, for every depth and width: 2 without a covariance, but for the limit of the weights.

Source. BRTW19 (arXiv:1910.05505) for the flow, NRT21 (arXiv:2108.02040) for descent, cited from memory.

Differs from the source. The constants and the data are this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import BRTW19, NRT21

CLAIM = Claim(
    uid="DL-071",
    title="Descent from any start comes to rest",
    statement=__doc__,
    sources=(BRTW19, NRT21, DLC.at("DL-071")),
    items=("13.10.1", "13.10.2"),
    status=Status.THEOREM,
    hypotheses=("learning rate", "imbalance", "positive definite"),
    uses=("DL-012", "DL-057", "DL-062", "DL-072"),
)
