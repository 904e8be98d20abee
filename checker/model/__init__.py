"""What passes between the rooms: frozen data, no reading, no writing, no judging.

Named tuples, in modules without ``from __future__ import annotations``: every start of the program makes these classes,
a data class takes three times as long to make, and under that import Python compiles each field's annotation once more.
"""
