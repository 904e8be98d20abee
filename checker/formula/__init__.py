"""The formula language: a closed subset of Excel's own over form labels (grammar in ``parser``).

``parse`` a text, ``analyse`` it against the forms, then ``evaluate`` or ``compare`` it on a sheet's facts;
``compile_equality`` finds the rows that are exactly right a column at a time. ``render`` and ``fill`` write it
out again.
"""
