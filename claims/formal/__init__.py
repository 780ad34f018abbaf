"""Formal proofs: theorems stated in Coq, in a file for each claim, and how its kernel is asked for them.

``_CoqProject`` and the ``.v`` files are what Coq reads, ``network.v`` the definitions that all statements share. The
modules find the prover (``coq``), read the files (``sources``), build them (``building``, ``store``), read the claims'
formal statements (``statements``) and put the questions (``asking``). A claim asks by ``proved``, of
:mod:`claims.suite.prover`.
"""
