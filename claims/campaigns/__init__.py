"""Campaigns: evidence that adds up. A check of ``pytest claims`` is run with many seeds, wherever there is a core, and
what came of it is kept in a ledger.

A piece is one check, one seed and a number of examples (:mod:`~claims.campaigns.records`). Pieces are independent of
each other, and an executor gives each to a core of this machine or of a cluster. A ledger is a set of records: who has
two of them takes their union.

**What is promised.** Whatever befalls a campaign, no piece counts twice, and no piece that was finished and told is
lost.

- A worker that dies, or a machine: its piece is run again, elsewhere; at the third death it is broken, with that as its
  reason, and the others go on. A piece that kills its worker takes no other with it.
- A Dask scheduler that is restarted: the campaign waits five minutes for it, and gives out again what was out. A piece
  may then be run twice, and gives one record twice, which counts once.
- Ctrl-C, or the end of the campaign's own process: what was running is given up, at most a piece a worker, and on this
  machine ended, with everything that it had started. The ledger has all that was told; the same command goes on.
- A full disk: the record that could not be kept is told, the ledger is what it was before it, and the campaign ends.
- A ledger that is moved, deleted or replaced meanwhile: the campaign ends with a sentence; what was told before is in
  the file, wherever it is now.
- Two campaigns on one ledger: it is their union; one waits for the other, no longer than it takes to add a record.
- A worker with other files of claims, solvers and strategies: nothing that it finds counts, and the campaign ends with
  a sentence, since such a worker would be given piece after piece.
- Clocks: a record has the time that its machine told, and nothing rests on it.

A power cut may cost the last seconds of a ledger, whose pieces are then run again. A worker that lies is not noticed:
a digest says that a record is what was written, and not that it is true.
"""
