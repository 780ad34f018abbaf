"""The flow of the product of the layers: what depth does to gradient descent, seen from W = W_N ... W_1 alone.

Asked. A deep linear network computes no more than one matrix W does. So what does its depth change?

True. If the layers start balanced, W follows a gradient flow of its own whose gradient is multiplied by a
preconditioner: depth favours the directions in which W is already large. It can be written down, with its spectrum; at
one output it is a learning rate that grows with ||W|| and a push along W. It is no regulariser in disguise: from three
layers on the preconditioned flow of one output is the gradient flow of no function at all. And it can accelerate: there
is a regression with p = 4 in which depth 1 needs 500 steps at any learning rate and depth 3 needs two.

Needed. Balance, exactly, for the preconditioner; N >= 3, two inputs and a gradient that does not vanish at 0 for there
being no potential; p = 4 and not 2, a small start and unequal scales for the acceleration, which fails without any one
of them.

Open. Acceleration is shown of examples, for all learning rates, and seen on real inputs, on a grid; no theorem says for
which problems it happens. Of potentials with several outputs nothing is said. And descent follows none of these flows
exactly; how far it strays from them is not bounded here.

Read them in this order.

    DL-026  end_to_end_dynamics      the flow of W and its preconditioner          uses DL-002, DL-009
    DL-027  no_potential             no function has that flow for its gradient    uses DL-026
    DL-028  implicit_acceleration    when depth needs fewer steps                  uses DL-026

DL-002 (``balancedness``) keeps layers balanced along a flow, DL-009 (``balanced_spectrum``) makes the products of
balanced layers powers of one of them. ``experiments.acceleration`` draws the figure of which DL-028 quotes the numbers.
"""
