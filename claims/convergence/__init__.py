"""Convergence: gradient descent on a deep linear network reaches the global minimum at a linear rate.

Asked. The loss is l = 1/2 ||W_N ... W_1 - Phi||_F^2, which regression on whitened data comes to. It is not convex, and
has saddles. From which starts, and at which learning rates, does gradient descent reach l = 0, and how fast?

True. Theorem 1 of ACGH19: from a start whose deficiency margin is c > 0 and whose layers are nearly balanced, at a
small enough learning rate eta, the loss is at most l(0) exp(-eta c^{2(N-1)/N} t) after t steps. The proof is a ledger
of lemmas of a single step, with every constant closed for every depth; and the same ledger proves the theorem with
2 N^2 in place of its 256 N^3 and 6144 N^3.

Needed. The margin, balance and a bound on eta, each of them: that is the next chapter. How starts come by a margin is
the one after it.

Open. The best constants. The searches of DL-022 say by which factor at most they can be bettered, not that they can.
How the least learning rate and imbalance that fail depend on depth and on Phi_F / c, as far as is seen, is drawn by
``experiments.best_constants``.

Read in this order:

    DL-001  whitening              regression on white inputs is the distance to a target
    DL-005  deficiency_margin      a margin keeps W of full rank, and away from poor critical points
    DL-004  linear_rate            Theorem 1
    DL-003  descent_lemma          each step lowers the loss by half of what the flow would
    DL-012  proof_ledger           the proof, as sixteen lemmas of a single step
    DL-013  sharper_constants      the same proof with better constants
    DL-021  linear_rate_complete   Theorem 1 run to its own T, at its own learning rate
    DL-022  tightness              how far each constant is from the worst that was found

Which uses which. DL-001 and DL-005 stand by themselves. DL-012 rests on DL-005; DL-003 on DL-012, and for the flow on
DL-009 of the chapter before; DL-004 on DL-003, DL-005 and DL-012; DL-013 on DL-005 and DL-012; DL-021 on DL-004. DL-022
measures DL-002, DL-003, DL-004, DL-005, DL-010 and DL-012, which say on which side of 1 its numbers lie.
"""
