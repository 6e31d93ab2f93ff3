"""Figures as ratios: the program's work beside a reference's, in turns, in one run. See `bench/README.md`.

Not part of the tests and not installed: a figure depends on the machine, a ratio much less.
"""
