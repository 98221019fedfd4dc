"""Readers of files that users hand in: supply per area, practice lists, Vektis data, own regions.

Every reader refuses what it does not understand with one `LeveringFout` that lists every fault with its
line, column, value and what to do. Nothing is guessed; what is left out on purpose (titles, totals rows,
empty lines) is told in `Levering.opmerkingen`.
"""
