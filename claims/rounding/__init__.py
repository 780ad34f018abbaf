"""Rounding: how far a step of gradient descent in floating point may be from the exact one.

Asked. Whoever trains a network rounds. A trainer can be told from gradient descent only outside of what rounding
explains, in its own format and in whatever order it multiplies and adds. How large is that?

    DL-060  rounded_step  a bound for one step, entry by entry, for every order of contraction
"""
