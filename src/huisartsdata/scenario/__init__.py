"""What if: pure functions from one picture to another (`hd.scenario`)."""

from huisartsdata.scenario.landelijkeraming import (
    evenwichtsinstroom,
    evenwichtstabel,
    raming,
    raming_beide,
    verklaar_evenwicht,
)
from huisartsdata.scenario.locaties import dependance, gedeelde_praktijk
from huisartsdata.scenario.maatregelen import (
    heropen,
    open_praktijk,
    sluit,
    verander_norm,
    verander_productiviteit,
    voeg_fte_toe,
)
from huisartsdata.scenario.nabijheid import laatste_praktijk, vat_laatste_samen, verliest_laatste
from huisartsdata.scenario.opleidingsregio import opleidingsplaats
from huisartsdata.scenario.praktijkuitval import Uitval, uitval
from huisartsdata.scenario.ruiluitkomst import Ruil
from huisartsdata.scenario.toekomst import Vooruitzicht, vooruitzicht
from huisartsdata.scenario.uitruil import kan_ruilen, ruil, ruilgrens, ruilrooster
from huisartsdata.scenario.uitvalland import kwetsbaarheid
from huisartsdata.scenario.uitvalmaatregelen import (
    Maatregel,
    beste_plek,
    heropening,
    nieuwe_praktijk,
    overname,
    waarneming,
)
from huisartsdata.scenario.uitvalomvang import passend_aantal
from huisartsdata.scenario.uitvalverloop import Verloop, vergelijk, verloop

__all__ = [
    "Maatregel",
    "Ruil",
    "Uitval",
    "Verloop",
    "Vooruitzicht",
    "beste_plek",
    "dependance",
    "evenwichtsinstroom",
    "evenwichtstabel",
    "gedeelde_praktijk",
    "heropen",
    "heropening",
    "kan_ruilen",
    "kwetsbaarheid",
    "laatste_praktijk",
    "nieuwe_praktijk",
    "open_praktijk",
    "opleidingsplaats",
    "overname",
    "passend_aantal",
    "raming",
    "raming_beide",
    "ruil",
    "ruilgrens",
    "ruilrooster",
    "sluit",
    "uitval",
    "vat_laatste_samen",
    "verander_norm",
    "verander_productiviteit",
    "vergelijk",
    "verklaar_evenwicht",
    "verliest_laatste",
    "verloop",
    "voeg_fte_toe",
    "vooruitzicht",
    "waarneming",
]
