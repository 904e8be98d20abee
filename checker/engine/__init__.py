"""Apply rules to located forms, and make a report of what came of it.

``plan`` compiles packs, ``run`` applies them, ``diagnose`` turns outcomes into findings with causes and
consequences, ``session`` does all of it for files, ``cases`` for the examples that rules come with.
"""
