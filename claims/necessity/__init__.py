"""Every hypothesis of Theorem 1 is needed: what gradient descent does when one of them is dropped.

Theorem 1 (``linear_rate``, DL-004) asks for a positive deficiency margin, for balance, for a small learning rate, and,
through the margin, for layers that are wide enough. Which of these are needed? Here each is dropped alone, the others
kept, and gradient descent then fails for all time: it stays above a positive loss, cycles, stops at a saddle or
diverges. Every failure is an exact network; since no run is for all time, each is a point that does not move, a cycle
that closes, or a set that no step leaves.

In this order:

    margin_needed         DL-006  no margin: from balanced layers the loss stays above a floor for ever
    balance_needed        DL-018  no balance: under every learning rate, onto a saddle in one step, or to divergence
    learning_rate_needed  DL-019  eta too large: cycles of two and four, a jump to the saddle, divergence at depth 1
    bottleneck            DL-020  a width too small: no weight at all is below the target's tail (Eckart and Young)

The first three stand alone, each by induction over one step; ``bottleneck`` uses DL-005 (``deficiency_margin``), by
which a positive margin excludes bottlenecks. In each package the opening page has the statements, and beside it there
is one module for each kind of failure.

How much of a hypothesis is needed is another question. 3070 times Theorem 1's imbalance is still enough
(``balance_needed.enough_balance``); 3073 times misses its rate, at depth 2 and widths 1-1-2
(``balance_needed.too_little_balance``). 9078 times its learning rate is still enough, and 9080 times misses its rate,
at depth 1 (``learning_rate_needed.multiples_of_the_limit``). Beyond the inverse curvature at the minimum every learning
rate fails for some start, for all time (``learning_rate_needed``, statement 2).
"""
