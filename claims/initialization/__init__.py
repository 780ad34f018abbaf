"""Where gradient descent starts: to which random weights does a theorem of convergence apply?

Asked. Theorem 1 (``convergence``, DL-004) wants two things of the weights at step 0: nearly balanced layers, and a
deficiency margin. Which way of drawing weights gives both, and with what probability?

True.
- Small entries give the first. ||B_j||_F^2 is of the order s^4 on average, so that independent normal layers are nearly
  balanced with high probability (DL-014).
- They do not give the second. With one output the margin is positive with a probability below one half, which tends to
  one half as the entries shrink, while the margin itself tends to 0 (DL-015).
- Balance can be had exactly: draw the end-to-end matrix A, and factor it (DL-016). What is left to chance is the margin
  of A. With one output its law is a non-central chi^2, and for s not too large it is at least v / (2 ||Phi||),
  v = s^2 d_0, with any probability below one half (DL-034).
- Where it is, descent converges at a linear rate, within a number of steps that can be named (Theorem 2: DL-033).
- How much room s has, seen on one data set: layer-wise the band of good s is narrower by two decades at depth 8 than at
  depth 3, and at depth 8 balanced starts keep two decades more. That comes from where s enters, not from balance
  (DL-017, whose bound on the steps that descent needs is proved).

Needed. Normal entries, one output and p < 1/2 for the probabilities; small entries, balance and a small learning rate
for Theorem 2. Each claim has its counterexamples to what is left without one of them.

Open. Whether Theorem 2 needs p < 1/2 for more than one input; and DL-017 beyond one data set.

Read in this order:

    random_layers               DL-014
    random_margin               DL-015
    balanced_initialization     DL-016
    balanced_margin             DL-034   uses DL-016
    initialization_convergence  DL-033   uses DL-016, DL-034 and, from convergence, DL-003, DL-004 and DL-013
    initialization_trade_off    DL-017   uses DL-016; its experiment is in experiments

Theorem 2 as functions of a problem is ``solvers.guarantees.theorem_two``.
"""
