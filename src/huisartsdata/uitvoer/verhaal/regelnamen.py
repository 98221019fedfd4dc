"""What steering rules are called in figures, tables and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

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
        "d4": "D4", "opleiding_regio": "opleidingsplaatsen", "opleiding_meer": "meer opleiden", "belgie": "België",
        "duitsland": "Duitsland", "vs": "Verenigde Staten", "ruil": "ruilsysteem"}  # fmt: skip


def regelnaam(regel: str) -> str:
    """Name of a rule as a reader sees it; a label with its own values keeps them.

    >>> regelnaam("d4"), regelnaam("d4 (sterkte=0.5)")
    ('D4 (geld van verzekeraars)', 'D4 (geld van verzekeraars) (sterkte=0.5)')
    """
    kern, _, rest = regel.partition(" (")
    return REGELNAAM.get(kern, kern) + (f" ({rest}" if rest else "")


GEBIEDSNAMEN = {"gemeente": "gemeenten", "regioplus": "RegioPlus-regio's", "corop": "COROP-gebieden",
                "provincie": "provincies", "ggdregio": "GGD-regio's", "zorgkantoorregio": "zorgkantoorregio's",
                "veiligheidsregio": "veiligheidsregio's"}  # fmt: skip


def wijst_aan(aanwijzingen: pd.DataFrame, regel: str) -> str:
    """What kind of areas a rule designates, in words; "gebieden" when it designates none.

    `aanwijzingen` has the index levels `regel` and area, and the column `gebiedsoort`.

    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_tuples([("d4", "GM0106")], names=["regel", "gebied"])
    >>> t = pd.DataFrame({"gebiedsoort": ["gemeente"]}, index=index)
    >>> wijst_aan(t, "d4"), wijst_aan(t, "ruil")
    ('gemeenten', 'gebieden')
    """
    kern = regel.partition(" (")[0]
    if kern not in aanwijzingen.index.get_level_values("regel"):
        return "gebieden"
    soort = str(aanwijzingen.xs(kern, level="regel")["gebiedsoort"].iloc[0])
    return GEBIEDSNAMEN.get(soort, soort)
