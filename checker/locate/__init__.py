"""Find official forms in a workbook by their words, and read facts from where they were found.

``grid`` sees one sheet as labels and values, ``titles`` cuts it into stretches, ``headers`` and ``rows`` match a table,
``forms`` puts tables and fields together into forms, ``located`` reads facts on demand.
"""
