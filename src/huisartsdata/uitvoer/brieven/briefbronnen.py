"""The inputs of a brief: source, reference date, status and quality of each; and what made the brief."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.bronnen.catalogus import snapshot
from huisartsdata.bronnen.parameters import load_parameters, parameter
from huisartsdata.uitvoer.brieven.briefinhoud import Invoer, Regel, Tabel
from huisartsdata.uitvoer.brieven.brieftekst import totaalzin
from huisartsdata.uitvoer.figuur import get_versie
from huisartsdata.uitvoer.huisstijl import dagtekst, getal
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, bereikzin

if TYPE_CHECKING:
    from huisartsdata.bronnen.parameters import Parameter
    from huisartsdata.leveringen.levering import Levering
    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

UITLEG_KWALITEIT = (
    "Kwaliteit: A van de bron zelf, B een bericht dat de bron aanhaalt, C een bestand van derden dat de bron noemt, D "
    "eigen afleiding of aanname."
)
VELDEN = (
    "naam", "waarde", "eenheid", "laag", "hoog", "status", "kwaliteit", "bron", "peildatum", "url", "toelichting",
)  # fmt: skip
NORMEN = ("norm_tarief", "norm_lhv", "norm_tarief_2012")
AFGELEID = {"cbs_bevolking_pc4_2021": "afgeleid"}  # observed by the source, worked on by us
# what the sources of the snapshot are worth, by the same four letters
KWALITEIT = {"praktijktelling_2026": "C", "cbs_bevolking_pc4_2021": "D", "cbs_regioplus_2025": "D",
             "gemeente_regio_2024": "D", "eigen_kalibratie_reistijd": "D", "eigen_watertabel": "D"}  # fmt: skip
REEKSBRONNEN = ("cbs_nabijheid_reeks", "rvig_tabel33", "cbs_bevolkingsontwikkeling", "cbs_pc4_2021")
KAARTBRONNEN = (
    "cbs_gebiedsindelingen_2024", "gemeente_regio_2024", "cbs_regioplus_2025", "cbs_wijk_en_buurtkaart_2024",
)  # fmt: skip
REEKSKORT = "CBS, Nabijheid; gemeenten van nu met RvIG, tabel 33"
KAARTKORT = "CBS/Kadaster, indelingen en kaarten, RegioPlus"
NIET_GEBRUIKT = (
    "reis_naaste_",
    "contacten_inkomensdeciel_",
    "contacten_minder_gezond",
)  # other ways to calculate


def parametergroep(gegeven: str, peiljaar: str, rijen: Iterable[Parameter]) -> Invoer:
    """One row for a group of constants: each source once, and every status and quality in it.

    >>> parametergroep("Open", "2023-2025", [parameter("open_aandeel")]).status
    'afgeleid, B'
    """
    regels: list[Regel] = [
        {"naam": p.naam, "waarde": p.waarde, "eenheid": p.eenheid, "laag": p.laag, "hoog": p.hoog,
         "status": p.status, "kwaliteit": p.kwaliteit, "bron": p.bron, "peildatum": peiljaar, "url": p.url,
         "toelichting": p.toelichting}
        for p in rijen
    ]  # fmt: skip
    return Invoer(
        gegeven, _noem(_kort(str(r["bron"])) for r in regels), peiljaar, keur(regels), tuple(regels)
    )


def brongroep(gegeven: str, namen: Sequence[str], *, peiljaar: str = "") -> Invoer:
    """One row for sources of the snapshot, by their names there."""
    bronnen = [snapshot().bronnen[n] for n in namen]
    regels: list[Regel] = [
        {"naam": b.naam, "status": AFGELEID.get(b.naam, b.status), "kwaliteit": KWALITEIT.get(b.naam, "A"),
         "bron": b.citatie, "peildatum": b.peildatum}
        for b in bronnen
    ]  # fmt: skip
    dagen = peiljaar or ", ".join(dict.fromkeys(dagtekst(b.peildatum) for b in bronnen))
    return Invoer(gegeven, _noem(b.citatie for b in bronnen), dagen, keur(regels), tuple(regels))


def keur(regels: Iterable[Regel]) -> str:
    """Every status among inputs, and their quality from best to worst.

    >>> keur([{"status": "afgeleid", "kwaliteit": "D"}, {"status": "aanname", "kwaliteit": "A"}])
    'afgeleid/aanname, A–D'
    """
    status, graad = (list(dict.fromkeys(str(r[k]) for r in regels)) for k in ("status", "kwaliteit"))
    bereik = min(graad) if len(graad) == 1 else f"{min(graad)}–{max(graad)}"
    return f"{'/'.join(status)}, {bereik}"


def _noem(teksten: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(teksten))


def _kort(bron: str) -> str:
    """A source as a reader needs it: whose choice it was, not where in the package the choice is argued."""
    for eigen in ("Aanname, docs", "Eigen keuze"):
        if bron.startswith(eigen):
            return "eigen keuze"
    return bron.replace("; ", ", ")


def _met(*begin: str) -> list[Parameter]:
    """Constants whose name starts so, but for those of other ways to calculate."""
    return [
        p for n, p in load_parameters().items() if n.startswith(begin) and not n.startswith(NIET_GEBRUIKT)
    ]


def voeg(gegeven: str, peiljaar: str, *delen: Invoer, kort: str = "") -> Invoer:
    """Groups in one row; `kort` names their sources in few words, for each stands in full in the data."""
    regels = tuple(r for d in delen for r in d.regels)
    return Invoer(gegeven, kort or _noem(d.bron for d in delen), peiljaar, keur(regels), regels)


def lees_invoer(b: Gebiedsbeeld, *, reeks: bool = True) -> tuple[Invoer, ...]:
    """Everything that the picture of an area was made from, scenarios aside.

    Parameters
    ----------
    reeks
        Whether the brief shows distances of earlier years.
    """
    land = b.land
    functies = tuple(land.situaties)
    aanbod = [
        p
        for p in _met("aanbod_")
        if not p.naam.startswith("aanbod_fout_definitie_")
        or p.naam.endswith(tuple(f"_{f}" for f in functies))
    ]
    nivel = [p for p in aanbod if "dichtheid" in p.naam and p.status != "aanname"]
    onvervuld = [parameter("onvervulde_vraag")] if b.is_land else []
    fte = (
        voeg(
            "Landelijke fte",
            "2025",
            parametergroep("", "2025", [parameter(f"fte_landelijk_{f}") for f in functies] + onvervuld),
            kort="Capaciteitsorgaan, parameterwaarden raming 2025",
        )
        if land.landelijk is None
        else voeg(
            "Landelijke fte",
            "2025",
            gekozen("Landelijke fte", land.landelijk, "fte"),
            *([parametergroep("", "2025", onvervuld)] if onvervuld else []),
        )
    )
    return (
        voeg(
            "Inwoners en afstand",
            "1 januari 2024",
            brongroep("", ["cbs_kerncijfers_2024"]),
            parametergroep("", "2024", [parameter("inwoners_2024")]),
            kort="CBS, Kerncijfers wijken en buurten 2024 (85984NED)",
        ),
        *([voeg("Afstand, eerder", "2012 tot 2024", brongroep("", REEKSBRONNEN), kort=REEKSKORT)] if reeks else []),
        brongroep("Praktijken", ["praktijktelling_2026"]),
        voeg(
            "Zorgvraag",
            "2017 tot 2026",
            brongroep("", ["cbs_bevolking_pc4_2021"]),
            parametergroep("", "2017", _met("contacten_")),
            parametergroep("", "2026", _met("inschrijftarief_")),
            kort="CBS, 83502NED; Nivel, via De Staat van V&Z; NZa, tarief",
        ),
        voeg("Kaart en indelingen", "2024, 2025", brongroep("", KAARTBRONNEN), kort=KAARTKORT),
        fte,
        voeg(
            "Dichtheid per regio",
            "2016, 2022",
            parametergroep("", "2016, 2022", nivel),
            kort="Nivel, Cijfers 2020-2022, via VZinfo; Nivel, raming 2016",
        ),
        voeg(
            "Aanbod per praktijk",
            "2018, 2019",
            parametergroep("", "2018, 2019", [p for p in aanbod if p not in nivel]),
            brongroep("", ["nhs_england_2019", "ons_2018"]),
            kort="eigen schatting op NHS England en ONS; Nivel 2024; eigen keuze",
        ),
        voeg(
            "Reistijden",
            "1994 tot 2025",
            brongroep("", ["eigen_kalibratie_reistijd", "eigen_watertabel"]),
            parametergroep("", "2024", _met("reis_")),
            kort="eigen ijking op CBS; TomTom; SWOV; eigen keuze",
        ),
        voeg(
            "Reisbereidheid",
            "2006, 2019",
            parametergroep("", "2006, 2019", _met("verval_")),
            kort="eigen ijking op LINH-afstanden; LHV, via AD; eigen keuze",
        ),
        _norm(land),
        *(
            Invoer(
                f"Eigen levering ({lev.soort})",
                f"{lev.herkomst.bron}: {lev.herkomst.bestand}",
                lev.peildatum,
                f"{lev.herkomst.status}, niet beoordeeld",
                (_levering(lev),),
            )
            for lev in land.leveringen
        ),
    )  # fmt: skip


def _levering(lev: Levering) -> Regel:
    """A delivered file as an input."""
    h = lev.herkomst
    return {"naam": h.bestand, "status": h.status, "kwaliteit": "niet beoordeeld", "bron": h.bron,
            "peildatum": lev.peildatum, "toelichting": f"sha256 {h.sha256}"}  # fmt: skip


def bronnentabel(b: Gebiedsbeeld, *, reeks: bool = True, scenario: Sequence[Invoer] = ()) -> Tabel:
    """Every input with its source, reference date, status and quality: in groups, and one by one as data.

    Parameters
    ----------
    reeks
        Whether the brief shows distances of earlier years.
    scenario
        What a scenario used besides.
    """
    groepen = (*lees_invoer(b, reeks=reeks), *scenario)
    rijen: dict[tuple[str, str], Mapping[str, object]] = {
        (g.gegeven, str(r["naam"])): r for g in groepen for r in g.regels
    }
    data = pd.DataFrame([{v: r.get(v) for v in VELDEN} for r in rijen.values()], columns=list(VELDEN))
    data.insert(0, "gegeven", [gegeven for gegeven, _ in rijen])
    return Tabel(
        titel="Alle invoer van deze brief",
        naam="bronnen",
        kop=("Gegeven", "Bron", "Peiljaar", "Status, kwaliteit"),
        rijen=tuple((g.gegeven, g.bron, g.peiljaar, g.status) for g in groepen),
        data=data.set_index("gegeven"),
        noot=f"{UITLEG_KWALITEIT} De bron van elk signaal staat bij het signaal. Alle {getal(len(data))} "
        "getallen en bestanden staan met bandbreedte en webadres in het zip-bestand. Oordelen zijn modelschattingen.",
        status="per regel",
    )


def gekozen(gegeven: str, waarde: float, eenheid: str) -> Invoer:
    """A number of the maker of the brief."""
    bron = "gekozen door de maker van de brief"
    regel: Regel = {"naam": gegeven.casefold(), "waarde": waarde, "eenheid": eenheid, "status": "aanname",
                    "kwaliteit": "D", "bron": bron}  # fmt: skip
    return Invoer(gegeven, bron, "niet van toepassing", "aanname, D", (regel,))


def _norm(land: Landbeeld) -> Invoer:
    """The norms: the one of the brief, and the published ones that stand beside it."""
    vast = [parameter(n) for n in NORMEN]
    vast.sort(key=lambda p: p.waarde != land.norm)  # the brief's own first
    groep = voeg(
        "Norm",
        "2012 tot 2018",
        parametergroep("", "", vast),
        kort="NZa en LHV, normpraktijk 2012, 2017 en 2018",
    )
    if math.isclose(vast[0].waarde, land.norm):
        return groep
    eigen = (
        Invoer(
            "Norm", "landelijk gemiddelde van dit beeld: zorgvraag gedeeld door fte", "2024, 2025", "afgeleid, D",
            ({"naam": "norm", "waarde": land.norm, "eenheid": "patiënten per fte", "status": "afgeleid",
              "kwaliteit": "D", "bron": "landelijk gemiddelde van dit beeld"},),
        )
        if land.is_landelijke_norm
        else gekozen("Norm", land.norm, "patiënten per fte")
    )  # fmt: skip
    return voeg("Norm", groep.peiljaar, eigen, groep)


def colofon(b: Gebiedsbeeld, opdracht: str) -> tuple[tuple[str, str], ...]:
    """Version, data, settings, totals and the command, name by name."""
    s, sit = b.land.snapshot, b.land.situatie
    return (
        (
            "Tekort",
            "de fte die nodig is bij de norm, min de fte die inwoners kunnen bereiken; nul als er over is",
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
                f"{bereikzin(sit)}. Wat onzeker is, is {getal(b.land.aantal)} keer getrokken, met startgetal "
                f"{b.land.seed}. In de code: {sit.methode}, {sit.verval.beschrijving}"
            ),
        ),
        ("Optelling", totaalzin(b)),
        (
            "Versie",
            f"huisartsdata {get_versie()}; gegevens {s.versie} van {dagtekst(s.gemaakt)}, hash {s.hash[:16]}",
        ),
        ("Opnieuw maken", opdracht),
    )
