"""The ways to move networks: every module a path with the interface of :class:`solvers.descent.paths.stack.Path`."""
