"""Additions to checker. ``hooks`` says what there is; each addition is a module."""
