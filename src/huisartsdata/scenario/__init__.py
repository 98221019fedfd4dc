"""What if: pure functions from one picture to another (`hd.scenario`)."""

from huisartsdata.scenario.beslissing import Bevindingen, advies, beslistabel
from huisartsdata.scenario.herverdeling import Herverdeling, herverdeel
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
from huisartsdata.scenario.mediaanmodel import p_mediaan
from huisartsdata.scenario.nabijheid import (
    TOELICHTING_SLUITKANS,
    laatste_praktijk,
    vat_laatste_samen,
    verliest_laatste,
)
from huisartsdata.scenario.opleidingsregio import opleidingsplaats
from huisartsdata.scenario.plaatsafstand import mensen_verder_dan
from huisartsdata.scenario.plaatsfront import grensfront
from huisartsdata.scenario.plaatsing import Plaatsing, plaats
from huisartsdata.scenario.praktijkuitval import Uitval, uitval
from huisartsdata.scenario.regelgevolgen import gebiedsbalans, gelijkheid_naast, naast_beste, sterktereeks
from huisartsdata.scenario.regelverdeling import verdeelwijzen
from huisartsdata.scenario.ruiluitkomst import Ruil
from huisartsdata.scenario.splitsbereik import bovengrens, splits_over_keuzes
from huisartsdata.scenario.spreidingsantwoord import Spreidingsantwoord, beantwoord
from huisartsdata.scenario.stuurregels import (
    Regeluitkomst,
    aanwijzingen,
    bewijs,
    regels,
    stuurregel,
    vergelijk_regels,
)
from huisartsdata.scenario.toekomst import Vooruitzicht, vooruitzicht
from huisartsdata.scenario.uitruil import kan_ruilen, ruil, ruilband, ruilgrens, ruilrooster
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
    "TOELICHTING_SLUITKANS",
    "Bevindingen",
    "Herverdeling",
    "Maatregel",
    "Plaatsing",
    "Regeluitkomst",
    "Ruil",
    "Spreidingsantwoord",
    "Uitval",
    "Verloop",
    "Vooruitzicht",
    "aanwijzingen",
    "advies",
    "beantwoord",
    "beslistabel",
    "beste_plek",
    "bewijs",
    "bovengrens",
    "dependance",
    "evenwichtsinstroom",
    "evenwichtstabel",
    "gebiedsbalans",
    "gedeelde_praktijk",
    "gelijkheid_naast",
    "grensfront",
    "heropen",
    "heropening",
    "herverdeel",
    "kan_ruilen",
    "kwetsbaarheid",
    "laatste_praktijk",
    "mensen_verder_dan",
    "naast_beste",
    "nieuwe_praktijk",
    "open_praktijk",
    "opleidingsplaats",
    "overname",
    "p_mediaan",
    "passend_aantal",
    "plaats",
    "raming",
    "raming_beide",
    "regels",
    "ruil",
    "ruilband",
    "ruilgrens",
    "ruilrooster",
    "sluit",
    "splits_over_keuzes",
    "sterktereeks",
    "stuurregel",
    "uitval",
    "vat_laatste_samen",
    "verander_norm",
    "verander_productiviteit",
    "verdeelwijzen",
    "vergelijk",
    "vergelijk_regels",
    "verklaar_evenwicht",
    "verliest_laatste",
    "verloop",
    "voeg_fte_toe",
    "vooruitzicht",
    "waarneming",
]
