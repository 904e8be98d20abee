"""Thousands of workbooks checked and kept: the command ``checker audit``, its store and its papers. Extra ``audit``."""
