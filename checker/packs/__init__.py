"""Rule packs: found, read strictly, validated, inherited, compiled and kept; and looked over (``lint``).

``load.load_packs`` is the way in. On the common path a compiled pack comes from the cache, and neither PyYAML
nor jsonschema is imported.
"""
