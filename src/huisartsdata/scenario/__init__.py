"""What if: pure functions from one picture to another (`hd.scenario`)."""

from huisartsdata.scenario.antwoord.beslissing import Bevindingen, advies, beslistabel
from huisartsdata.scenario.antwoord.splitsbereik import bovengrens, splits_over_keuzes
from huisartsdata.scenario.antwoord.spreidingsantwoord import Spreidingsantwoord, beantwoord
from huisartsdata.scenario.maatregelen import (
    heropen,
    open_praktijk,
    sluit,
    verander_norm,
    verander_productiviteit,
    voeg_fte_toe,
)
from huisartsdata.scenario.plaatsen.herverdeling import Herverdeling, herverdeel
from huisartsdata.scenario.plaatsen.mediaanmodel import p_mediaan
from huisartsdata.scenario.plaatsen.plaatsafstand import mensen_verder_dan
from huisartsdata.scenario.plaatsen.plaatsfront import grensfront
from huisartsdata.scenario.plaatsen.plaatsing import Plaatsing, plaats
from huisartsdata.scenario.sturen.regelgevolgen import (
    gebiedsbalans,
    gelijkheid_naast,
    naast_beste,
    sterktereeks,
)
from huisartsdata.scenario.sturen.regelverdeling import verdeelwijzen
from huisartsdata.scenario.sturen.stuurregels import (
    Regeluitkomst,
    aanwijzingen,
    bewijs,
    regels,
    stuurregel,
    vergelijk_regels,
)
from huisartsdata.scenario.uitruilen.ruiluitkomst import Ruil
from huisartsdata.scenario.uitruilen.uitruil import kan_ruilen, ruil, ruilband, ruilgrens, ruilrooster
from huisartsdata.scenario.vooruitblik.landelijkeraming import (
    evenwichtsinstroom,
    evenwichtstabel,
    raming,
    raming_beide,
    verklaar_evenwicht,
)
from huisartsdata.scenario.vooruitblik.locaties import dependance, gedeelde_praktijk
from huisartsdata.scenario.vooruitblik.nabijheid import (
    TOELICHTING_SLUITKANS,
    laatste_praktijk,
    vat_laatste_samen,
    verliest_laatste,
)
from huisartsdata.scenario.vooruitblik.opleidingsregio import opleidingsplaats
from huisartsdata.scenario.vooruitblik.toekomst import Vooruitzicht, vooruitzicht
from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval, uitval
from huisartsdata.scenario.wegvallen.uitvalland import kwetsbaarheid
from huisartsdata.scenario.wegvallen.uitvalmaatregelen import (
    Maatregel,
    beste_plek,
    heropening,
    nieuwe_praktijk,
    overname,
    waarneming,
)
from huisartsdata.scenario.wegvallen.uitvalomvang import passend_aantal
from huisartsdata.scenario.wegvallen.uitvalverloop import Verloop, vergelijk, verloop

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
