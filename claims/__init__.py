"""The theory of gradient descent on deep linear networks, one module a claim; ``pytest claims`` verifies it.

The modules beside this file are the table of contents; the machinery is in ``claims.suite``.
"""
