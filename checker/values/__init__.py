"""Exact numbers, units and their precision; what people type into a number cell.

The ground floor: it knows neither workbooks nor rules. Amounts are ``Decimal`` throughout.
"""
