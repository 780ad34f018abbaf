"""Campaigns: evidence that adds up. A check of ``pytest claims`` is run with many seeds, wherever there is a core, and
what came of it is kept in a ledger.

A piece is one check, one seed and a number of examples (:mod:`~claims.campaigns.records`). Pieces are independent of
each other, and an executor gives each to a core of this machine or of a cluster. A ledger is a set of records: who has
two of them takes their union.
"""
