"""Pages about rule packs, from the live registry: a page per pack, rule and scoring standard.

``content`` makes pages of packs, ``markdown`` and ``html`` write them. Nothing here depends on the day or the machine:
the same packs give the same bytes.
"""
