"""What only the whole of the units shows: who has not filed, whether they add up, where to look first."""
