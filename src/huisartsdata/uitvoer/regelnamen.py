"""What steering rules are called in figures, tables and sentences."""

from __future__ import annotations

REGELNAAM = {
    "geen": "niets doen",
    "duitsland": "Duitsland (dicht boven 110%)",
    "denemarken": "Denemarken (bindend)",
    "frankrijk": "Frankrijk (geld bij weinig bereik)",
    "belgie": "België (premie)",
    "vs": "Verenigde Staten (HPSA)",
    "australie": "Australië (buitenlandse artsen)",
    "engeland": "Engeland (beurs opleiding)",
    "d4": "D4 (geld van verzekeraars)",
    "opleiding_regio": "opleidingsplaatsen naar regio",
    "opleiding_meer": "meer opleiden (voegt toe)",
    "ruil": "ruilsysteem",
}
KORT = {"denemarken": "Denemarken", "frankrijk": "Frankrijk", "australie": "Australië", "engeland": "Engeland",
        "d4": "D4", "opleiding_regio": "opleiding regio", "opleiding_meer": "meer opleiden", "belgie": "België",
        "duitsland": "Duitsland", "vs": "V.S."}  # fmt: skip


def regelnaam(regel: str) -> str:
    """Name of a rule as a reader sees it; a label with its own values keeps them.

    >>> regelnaam("d4"), regelnaam("d4 (sterkte=0.5)")
    ('D4 (geld van verzekeraars)', 'D4 (geld van verzekeraars) (sterkte=0.5)')
    """
    kern, _, rest = regel.partition(" (")
    return REGELNAAM.get(kern, kern) + (f" ({rest}" if rest else "")
