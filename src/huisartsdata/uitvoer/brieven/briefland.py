"""What only the brief of the country shows: verdicts counted per norm, the split of the shortage, its sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.model.onzekerheid import wilson
from huisartsdata.model.tekort import MIN_VERVALLEN, TEKORT, ZEKER
from huisartsdata.model.typologie import typeer
from huisartsdata.uitvoer.brieven.briefinhoud import Tabel, noem_op, rijen_van
from huisartsdata.uitvoer.brieven.brieftabellen import (
    MEERVOUD,
    NAAMTEKEN,
    TELLING,
    decimalen,
    fte,
    ftekolom,
    kanscel,
    kanstekst,
    landtabel,
    normnoot,
    onvervulde_norm,
    oordeelcel,
)
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

OORDELEN = ("tekort", "onbekend", "geen tekort")


def landrooster(land: Landbeeld) -> Tabel:
    """Need, supply, level and verdicts per norm and functie."""
    tellingen, rijen, data = landtabel(land), [], []
    for r in rijen_van(tellingen):
        functie, norm = r["functie"], r["norm"]
        s = land.situaties[functie]
        nodig = s.nodig_fte * s.norm / norm
        niveau = max(0.0, nodig - s.aanbod_fte)
        if niveau < 1e-6 * nodig:  # equal up to rounding at the break-even norm
            niveau = 0.0
        deze = functie == land.functie and norm == land.norm
        gemiddelde = abs(norm - s.omslagnorm) < 1e-9 * norm
        onvervuld = abs(norm - onvervulde_norm(s)) < 1e-9 * norm
        wat = (
            " (deze brief)"
            if deze
            else " (landelijk gemiddelde)"
            if gemiddelde
            else f" ({procent(waarde('onvervulde_vraag'), 1)} onvervuld)"
            if onvervuld
            else ""
        )
        rijen.append((TELLING[functie], getal(norm, 0) + wat, *(getal(int(r[o])) for o in OORDELEN)))
        data.append({"nodig_fte": nodig, "aanbod_fte": s.aanbod_fte, "niveau_fte": niveau})
    sommen = pd.DataFrame(data, index=tellingen.index)
    cellen = [[getal(x, decimalen(sommen[k])) for x in sommen[k]] for k in sommen]
    rijen = [(*r[:2], *c, *r[2:]) for r, c in zip(rijen, zip(*cellen, strict=True), strict=True)]
    return Tabel(
        titel="Wat de norm uitmaakt: het land als geheel, en het aantal gemeenten per oordeel",
        naam="normen",
        kop=("Waarnemers", "Norm", "Nodig (fte)", "Aanbod (fte)", "Te weinig (fte)", "Tekort",
             "Onbekend", "Geen tekort"),
        rijen=tuple(rijen),
        data=sommen.join(tellingen),
        getallen=(2, 3, 4, 5, 6, 7),
        noot=f"De laatste drie kolommen tellen gemeenten. {normnoot(land)} Onvervuld: nodig is het aanbod plus "
        f"{procent(waarde('onvervulde_vraag'), 1)}, de onvervulde vraag volgens {parameter('onvervulde_vraag').bron}.",
    )  # fmt: skip


def splitstabel(land: Landbeeld) -> Tabel:
    """Level, between and within regions under four aggregations, each beside its noise floor."""
    t = land.splitsing()
    d_som = decimalen(t.xs("niveau", level="deel")["verwacht"])
    d = {
        n: decimalen(t.xs(n, level="deel")["verwacht"], t.xs(n, level="deel")["hoog"])
        for n in ("tussen", "binnen")
    }
    rijen = []
    delen: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for r in rijen_van(t):
        delen.setdefault((r["groot"], r["klein"]), {})[r["deel"]] = r
    for (groot, klein), rij in delen.items():
        rijen.append(
            (
                f"{MEERVOUD[groot]}, dan {'wijken' if klein == 'wijk' else MEERVOUD[klein]}",
                getal(rij["niveau"]["verwacht"], d_som),
                *(c for n in d for c in (_band(rij[n], d[n]), getal(rij[n]["ruisvloer"], d[n]))),
            )
        )
    return Tabel(
        titel="Te weinig of scheef verdeeld? Het tekort van de kleinste gebieden in delen (fte)",
        naam="splitsing",
        kop=("Indeling", "Te weinig in totaal", "Tussen regio's (95%)", "Ruisvloer", "Binnen regio's (95%)",
             "Ruisvloer"),
        rijen=tuple(rijen),
        data=t,
        getallen=(1, 2, 3, 4, 5),
        noot=f"Norm {getal(land.norm, 0)}, {FUNCTIENAAM[land.functie]}; gemiddelden van "
        f"{getal(land.splitstrekkingen)} trekkingen. De ruisvloer is wat onzekerheid over het aanbod alleen al aan "
        "scheve verdeling laat zien. Trek hem niet af: hij is zelf een gemiddelde met een ruime marge. De uitkomst "
        "hangt sterk af van de indeling; sturen op spreiding kan hoogstens het deel tussen en binnen regio's oplossen.",
    )  # fmt: skip


def _band(r: dict[str, Any], aantal: int) -> str:
    midden, laag, hoog = (getal(r[k], aantal) for k in ("verwacht", "laag", "hoog"))
    return f"{midden} ({laag}–{hoog})"


def regiotabel(land: Landbeeld) -> Tabel:
    """The RegioPlus regions: distance, observed room, verdict; largest chance first."""
    leden = land.leden("regioplus")
    t = land.beelden["regioplus"].join(typeer("regioplus")[["afstand_km", "ruimte", "type"]])
    t = t.sort_values(["kans_op_tekort", "rang_hoog"], ascending=[False, True], kind="stable")
    t["kans_zonder_namen"] = land.zonder_namen("regioplus")
    rijen = tuple(
        (r["naam"], f"{getal(r['afstand_km'], 1)} km", r["ruimte"], nodig, bereikt, kanscel(r["kans_op_tekort"]),
         f"{r['rang_laag']}–{r['rang_hoog']}", oordeelcel(land, leden[r["gebied"]], r["oordeel"]))
        for r, nodig, bereikt in zip(rijen_van(t), ftekolom(t, "nodig"), ftekolom(t, "bereikt"), strict=True)
    )  # fmt: skip
    genoemd = [n for n, r in enumerate(rijen) if r[-1].endswith(NAAMTEKEN)]
    kansen = [f"{rijen[n][0]} {kanscel(float(t['kans_zonder_namen'].iloc[n]))}" for n in genoemd]
    return Tabel(
        titel="De 28 RegioPlus-regio's: afstand, ruimte en oordeel".replace("28", getal(len(t))),
        naam="regios",
        kop=("RegioPlus-regio", "Afstand", "Ruimte (signaal)", "Nodig (fte)", "Bereikbaar (fte, 90%)",
             "Kans op tekort", "Rang (95%)", "Oordeel"),
        rijen=rijen,
        data=t,
        getallen=(1, 3, 4, 5, 6),
        noot="Ruimte komt alleen uit signalen; waar niemand mat, staat niet gemeten. Tekorten van regio's "
        "tellen niet op tot een landelijk tekort."
        + (
            f" {NAAMTEKEN} Volgt mede uit Nivels tekst: die noemt deze regio's als laagste of hoog, en het model "
            f"rekent dat mee. De kans zonder die namen: {noem_op(kansen)}."
            if kansen
            else ""
        ),
    )  # fmt: skip


def omslagzin(land: Landbeeld) -> str:
    """The break-even norm per way of counting: the answer that needs no choice of norm."""
    wie = {"zonder_wisselend": "zonder wisselende waarnemers", "alle": "als alle huisartsen tellen"}
    omslag = " of ".join(f"{getal(s.omslagnorm, 0)} ({wie[f]})" for f, s in land.situaties.items())
    return (
        f"Het omslagpunt ligt landelijk bij {omslag} patiënten per fte: bij een lagere norm zijn er te weinig "
        "huisartsen."
    )


def landelijkzinnen(land: Landbeeld) -> tuple[str, ...]:
    """The source that finds a national shortage, and why the national sum has no interval."""
    p, s = parameter("onvervulde_vraag"), land.situatie
    zelf = "zelf opgegeven" if land.landelijk is not None else "één raming zonder marge"
    return (
        (
            f"Het Capaciteitsorgaan ziet wel een landelijk tekort: {procent(p.waarde, 1)} onvervulde vraag ({p.bron}). "
            f"Dat is {fte(waarde('fte_landelijk_alle') * p.waarde)} fte van alle huisartsen, los van een norm."
        ),
        (
            f"Bij 'te weinig' staat geen marge: het landelijke aanbod ({fte(s.aanbod_fte)} fte) is {zelf} en is in "
            "elke trekking gelijk. Onzeker is waar die fte werken."
        ),
    )


def _op_de_grens(land: Landbeeld, code: str) -> bool:
    """Whether the draws leave room for no shortage: over all of them, or over too few decays each by itself."""
    t = land.trekkingen[land.functie]
    kort = t.kort[t.codes.get_loc(code)]
    zeker = [
        wilson(float(k.sum()), len(k))[0] > ZEKER
        for k in (kort, *(kort[t.opzet["verval"] == v] for v in range(t.vervallen)))
    ]
    return not zeker[0] or sum(zeker[1:]) < MIN_VERVALLEN


def grenszin(land: Landbeeld) -> str:
    """The gemeenten with a shortage, each with its chance; which may fall away, and how many are expected wrong."""
    t = land.beelden["gemeente"].sort_values("kans_op_tekort", ascending=False, kind="stable")
    kort = t[t["oordeel"] == TEKORT]
    if kort.empty:
        return ""
    namen = noem_op([f"{r['naam']} ({kanstekst(r['kans_op_tekort'])})" for r in rijen_van(kort)])
    grens = [r["naam"] for r in rijen_van(kort) if _op_de_grens(land, r["gebied"])]
    zin = f"Vrijwel zeker een tekort (kans boven {procent(ZEKER)}): {namen}."
    if grens:
        wie = "Zij liggen allemaal" if len(grens) == len(kort) else f"{noem_op(grens)}: deze gemeenten liggen"
        if len(kort) == 1:
            wie = "Die gemeente ligt"
        elif len(grens) == 1 < len(kort):
            wie = f"{grens[0]} ligt"
        zin += f" {wie} op de grens: met andere trekkingen kan een naam wegvallen."
    fout = float((1 - kort["kans_op_tekort"]).sum())
    return f"{zin} Naar verwachting heeft {getal(fout, 1)} van de {getal(len(kort))} toch geen tekort."
