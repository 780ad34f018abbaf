"""Modes: where a network comes apart into scalar ones, that are solved, and learn one after another.

Asked. How long does a deep linear network take to learn each singular value of its target, and in which order?

True. Layers that are diagonal in the target's singular bases, and in matching bases between, stay so for ever: each
singular value is learned by a scalar network that knows of no other. Its flow has a closed form at two layers, balanced
or not, an implicit one at every depth, and a limit as the depth grows. From there, times: a balanced mode of two layers
is at half its value after ln(s/u_0 - 1) / (2 s). So from one small start the modes are learned in stages, the largest
singular value first, each in a rise that is short beside the wait before it.

Needed. Matching bases, or nothing comes apart. One common start that is small, u_0 <= s_min / r_N (r_2 = 4.5911...), or
the order can turn round; and two layers at least: with one, small starts or not, there are no stages.

Open. Networks that start in general bases are near such a one at best; nothing here says how near. Nor are unbalanced
modes of three layers and more solved.

Read them in this order.

    DL-029  scalar_modes           a network in matching bases is its modes        uses none
    DL-030  mode_solutions         the flow of one mode, solved                    uses DL-029
    DL-031  stage_like_learning    half-times, their order; the same of descent    uses DL-029, DL-030

``experiments.stages`` runs a whole network on a real target and draws its half-times beside those of DL-031.
"""
