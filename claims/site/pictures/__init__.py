"""Pictures of counterexamples: the loss against steps, the path over the loss surface, a section of a landscape.

They show, and prove nothing: the certificate does. ``drawn`` has all of an entry, ``orbits`` and ``networks`` the data
of networks, ``sections`` and ``shallow`` those of models, ``plots`` makes SVG of them.
"""
