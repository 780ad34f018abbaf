"""The atlas on the web: a permanent page for every claim and counterexample, as a static site.

:mod:`claims.site.material` reads what there is to show, without importing a claim. Each module of ``PARTS`` in
:mod:`claims.site.building` makes pages (:mod:`claims.site.pages`) of it, :mod:`claims.site.templating` renders them,
and the whole is moved into its place at once. Nothing here is imported unless a site is built: it needs the extra
``site``.
"""
