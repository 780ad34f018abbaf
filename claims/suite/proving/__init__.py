"""How Coq is asked: which prover is there, the files of ``claims/formal``, what is built of them, and the answers."""
