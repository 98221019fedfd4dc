"""The inputs of a brief: source, reference date, status and quality of each; and what made the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.bronnen.catalogus import snapshot
from huisartsdata.bronnen.parameters import parameter
from huisartsdata.uitvoer.brieven.briefinhoud import Tabel
from huisartsdata.uitvoer.brieven.brieftekst import totaalzin
from huisartsdata.uitvoer.figuur import get_versie
from huisartsdata.uitvoer.huisstijl import dagtekst, getal
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, bereikzin

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

UITLEG_KWALITEIT = (
    "Kwaliteit: A van de bron zelf, B een bericht dat de bron aanhaalt, C een bestand van derden dat de bron noemt, D "
    "eigen afleiding of aanname."
)
# source of the snapshot -> what it gives, and its grade by the same four letters
INVOER = {
    "cbs_kerncijfers_2024": ("Inwoners en afstand", "A"),
    "cbs_nabijheid_reeks": ("Afstand, eerder", "A"),
    "praktijktelling_2026": ("Praktijken", "C"),
    "cbs_bevolking_pc4_2021": ("Leeftijden", "D"),
    "cbs_regioplus_2025": ("Regio-indeling", "D"),
    "eigen_kalibratie_reistijd": ("Reistijden", "D"),
}
PEILDATUM = {"cbs_nabijheid_reeks": "2012 tot 2024"}  # six years, named in the table of key figures
NORMEN = {"norm_tarief": "vanaf 2018", "norm_lhv": "2017", "norm_tarief_2012": "tot en met 2012"}
AFGELEID = {"cbs_bevolking_pc4_2021": "afgeleid"}  # observed by the source, worked on by us


def bronnentabel(b: Gebiedsbeeld) -> Tabel:
    """Every input with its source, reference date, status and quality."""
    s = snapshot()
    rijen: list[tuple[str, ...]] = []
    for naam, (wat, kwaliteit) in INVOER.items():
        bron = s.bronnen[naam]
        rijen.append(
            (
                wat,
                bron.citatie,
                PEILDATUM.get(naam, dagtekst(bron.peildatum)),
                f"{AFGELEID.get(naam, bron.status)}, {kwaliteit}",
            )
        )
    namen = {
        f"fte_landelijk_{b.land.functie}": ("Landelijke fte", "2025"),
        "aanbod_dichtheid_land": ("Dichtheid per regio", "2022"),
        "contacten_45_64": ("Contacten per leeftijd", "2017"),
        "inschrijftarief_65_74": ("Tarief per leeftijd", "2026"),
        "verval_gauss_sigma": ("Reisbereidheid", "2006"),
    }
    for naam, (wat, wanneer) in namen.items():
        p = parameter(naam)
        rijen.append((wat, p.bron, wanneer, f"{p.status}, {p.kwaliteit}"))
    rijen.append(_norm(b.land))
    rijen += [
        (
            f"Eigen levering ({lev.soort})",
            lev.herkomst.bron,
            lev.peildatum,
            f"{lev.herkomst.status}, niet beoordeeld",
        )
        for lev in b.land.leveringen
    ]
    kop = ("Gegeven", "Bron", "Peiljaar", "Status, kwaliteit")
    data = pd.DataFrame(rijen, columns=["gegeven", "bron", "peiljaar", "status_kwaliteit"]).set_index(
        "gegeven"
    )
    return Tabel(
        titel="Alle invoer van deze brief",
        naam="bronnen",
        kop=kop,
        rijen=tuple(rijen),
        data=data,
        breedtes=(2.65, 7.5, 1.9, 2.35),
        noot=f"{UITLEG_KWALITEIT} De bron van elk signaal staat bij het signaal. Oordelen zijn modelschattingen.",
    )


def _norm(land: Landbeeld) -> tuple[str, ...]:
    """Where the norm comes from: one of the published ones, the national mean, or the maker of the brief."""
    if land.is_landelijke_norm:
        return (
            "Norm",
            "landelijk gemiddelde van dit beeld: zorgvraag gedeeld door fte",
            "2024, 2025",
            "afgeleid, D",
        )
    for naam, wanneer in NORMEN.items():
        p = parameter(naam)
        if p.waarde == land.norm:
            return ("Norm", p.bron, wanneer, f"{p.status}, {p.kwaliteit}")
    return ("Norm", "gekozen door de maker van de brief", "niet van toepassing", "aanname, D")


def colofon(b: Gebiedsbeeld, opdracht: str) -> tuple[tuple[str, str], ...]:
    """Version, data, settings, totals and the command, name by name."""
    s, sit = snapshot(), b.land.situatie
    return (
        (
            "Indicator",
            "tekort = fte nodig bij de norm, min fte binnen bereik van de inwoners; hoogstens nul als er over is",
        ),
        (
            "Norm en telling",
            (
                f"{getal(sit.norm, 0 if sit.norm == round(sit.norm) else 1)} patiënten per fte; "
                f"{FUNCTIENAAM[sit.functie]}"
            ),
        ),
        (
            "Rekenwijze",
            (
                f"{bereikzin(sit)} ({sit.methode}, {sit.verval.beschrijving}); {getal(b.land.aantal)} trekkingen, "
                f"startgetal {b.land.seed}"
            ),
        ),
        ("Sluit het?", totaalzin(b)),
        (
            "Versie",
            f"huisartsdata {get_versie()}; gegevens {s.versie} van {dagtekst(s.gemaakt)}, hash {s.hash[:16]}",
        ),
        ("Opnieuw maken", opdracht),
    )
