"""What if: pure functions from one picture to another (`hd.scenario`)."""

from huisartsdata.scenario.maatregelen import (
    heropen,
    open_praktijk,
    sluit,
    verander_norm,
    verander_productiviteit,
    voeg_fte_toe,
)

__all__ = [
    "heropen",
    "open_praktijk",
    "sluit",
    "verander_norm",
    "verander_productiviteit",
    "voeg_fte_toe",
]
