"""The work itself: what is to be done, by which processes, and what of it was done before."""
