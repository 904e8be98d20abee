"""Proposals: the form and the obvious rules that a program reads off a blank official workbook, with its evidence.

``tables`` finds what stands where, ``parts`` which rows and columns add up, ``formulas`` what the workbook's own
formulas say, ``rules`` makes proposals of it. A person keeps or deletes each one.
"""
