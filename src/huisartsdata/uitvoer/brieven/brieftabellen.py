"""The tables of a brief: each with its text as it is read and the numbers behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.gebieden.register import load_buurten
from huisartsdata.model.tekort import oordelen
from huisartsdata.uitvoer.brieven.briefinhoud import Tabel, rijen_van
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.beelden import REEKSBREUKJAAR, VER_KM
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

TELLING = {"zonder_wisselend": "zonder wisselende", "alle": "alle"}  # GPs that count, in a narrow column
MAX_RIJEN_LAND = 6  # the brief of the country has its regions too
MAX_RIJEN = 12  # of a longer list this many are shown: a brief is two to four pages
HEEL_TOT = 15  # a list up to this length is shown whole
MIN_FTE = 1.0  # below it a ratio of two rounded numbers says nothing
VEEL_CIJFERS = 100.0  # fte from which a decimal is more than a draw can tell
WEINIG = 10.0  # fte below which a whole number is too coarse
NAAMTEKEN = "*"  # verdict that the source's own words ask for
LEEG = "–"
MIDDENNOOT = (
    "Nodig en bereikbaar: het midden van de trekkingen, dat niet optelt. Kaarten van het beeld zelf rekenen met "
    "de gewichten van Nivel."
)
VERVALNAAM = {
    "gauss": "neemt geleidelijk af",
    "exponentieel": "neemt snel af",
    "binair": "is tot de grens overal gelijk",
    "macht": "neemt eerst snel, dan langzaam af",
    "trap": "neemt af in treden",
}
SOORTNAAM = {
    "gemeente": "gemeente",
    "provincie": "provincie",
    "regioplus": "RegioPlus-regio",
    "corop": "COROP-gebied",
    "ggdregio": "GGD-regio",
    "veiligheidsregio": "veiligheidsregio",
    "zorgkantoorregio": "zorgkantoorregio",
}
MEERVOUD = {
    "gemeente": "gemeenten",
    "provincie": "provincies",
    "regioplus": "RegioPlus-regio's",
    "corop": "COROP-gebieden",
    "ggdregio": "GGD-regio's",
    "veiligheidsregio": "veiligheidsregio's",
    "zorgkantoorregio": "zorgkantoorregio's",
}


def kanstekst(kans: float) -> str:
    """A chance as it is printed: never 0% or 100%, for draws prove neither.

    >>> kanstekst(0.0), kanstekst(0.4231), kanstekst(1.0)
    ('minder dan 1%', '42%', 'meer dan 99%')
    """
    if math.isnan(kans):
        return LEEG
    if kans < 0.01:
        return "minder dan 1%"
    return "meer dan 99%" if kans > 0.99 else procent(kans)


def kanscel(kans: float) -> str:
    """A chance in a table, where there is little room.

    >>> kanscel(0.0), kanscel(0.4231), kanscel(1.0)
    ('<1%', '42%', '>99%')
    """
    return kanstekst(kans).replace("minder dan ", "<").replace("meer dan ", ">")


def fte(waarde: float) -> str:
    """Fte: one decimal below a hundred, none from there."""
    return LEEG if math.isnan(waarde) else getal(waarde, 1 if abs(waarde) < 100 else 0)


def band(laag: float, hoog: float) -> str:
    """An interval of fte, both ends with the same decimals."""
    decimalen = 1 if abs(hoog) < 100 else 0
    return f"{getal(laag, decimalen)}–{getal(hoog, decimalen)}"


def decimalen(*kolommen: Sequence[float] | pd.Series) -> int:
    """Decimals for a column of fte, the same in every cell: one, or none where a cell is large and none small.

    >>> decimalen([0.0, 566.2, 987.4]), decimalen([0.6, 234.5]), decimalen([41.8, 99.9])
    (0, 1, 1)
    """
    alle = [abs(float(x)) for kolom in kolommen for x in kolom if not math.isnan(float(x))]
    groot, klein = max(alle, default=0.0), min((x for x in alle if x > 0), default=WEINIG)
    return 0 if groot == 0 or (groot >= VEEL_CIJFERS and klein >= WEINIG) else 1


def ftekolom(t: pd.DataFrame, wat: str) -> list[str]:
    """Cells "middle (low–high)" of a table, all with the same decimals; of ``nodig`` the middle only.

    Parameters
    ----------
    t
        Columns `<wat>_midden`, `<wat>_laag` and `<wat>_hoog`.
    wat
        ``nodig`` or ``bereikt``.
    """
    m, laag, hoog = (t[f"{wat}_{x}"] for x in ("midden", "laag", "hoog"))
    if wat == "nodig":
        d = decimalen(m)
        return [_fte(x, d) for x in m]
    d = decimalen(m, laag, hoog)
    return [f"{_fte(x, d)} ({_fte(y, d)}–{_fte(z, d)})" for x, y, z in zip(m, laag, hoog, strict=True)]


def _fte(waarde: float, aantal: int) -> str:
    return LEEG if math.isnan(waarde) else getal(waarde, aantal)


def oordeelcel(land: Landbeeld, gemeenten: Sequence[str], oordeel: str) -> str:
    """A verdict, with a mark when the source's own words ask for it."""
    return oordeel + (NAAMTEKEN if land.volgt_uit_tekst(gemeenten, oordeel) else "")


def naamnoot(cellen: Sequence[str]) -> str:
    """What the mark means; empty when no cell has it."""
    if not any(c.endswith(NAAMTEKEN) for c in cellen):
        return ""
    uitleg = (
        "Volgt mede uit Nivels tekst: die noemt de regio als laagste of hoog, en het model rekent dat mee."
    )
    return f" {NAAMTEKEN} {uitleg}"


def kerntabel(b: Gebiedsbeeld) -> Tabel:
    """People, practices and distance of the area beside what lies around it; the break in the series shows."""
    t = b.kern.copy()
    regels = {
        "Inwoners (1 januari 2024)": [getal(x) for x in t["inwoners"]],
        "Inwoners van 65 jaar en ouder": [procent(x) for x in t["aandeel_65_plus"]],
        "Huisartsenpraktijken (maart 2026)": [_heel(x) for x in t["praktijken"]],
        "Adressen met een praktijk (maart 2026)": [_heel(x) for x in t["adressen"]],
        "Inwoners per praktijk": [_heel(x) for x in t["inwoners_per_praktijk"]],
        "Afstand tot dichtstbijzijnde praktijk (2024)": [_km(x) for x in t["afstand_km"]],
        f"Woont in een buurt op gemiddeld {getal(VER_KM)} km of meer": [_deel(x) for x in t["deel_ver"]],
    }
    noot = (
        "Tellingen zijn waargenomen; gemiddelden en delen zijn daaruit afgeleid. Inwoners per praktijk deelt mensen "
        "van 2024 door praktijken van 2026 en zegt niets over een tekort: een praktijk heeft één huisarts of tien."
    )
    if b.is_land:  # one column leaves little to compare
        noot = "Tellingen zijn waargenomen, gemiddelden en delen daaruit afgeleid."
        regels.pop("Adressen met een praktijk (maart 2026)")
        regels.pop("Inwoners van 65 jaar en ouder")
    reeks = _reeksen(b)
    if reeks is not None:
        for naam, jaren in _rondom_breuk(reeks):
            regels[f"Afstand in {naam} (km)"] = [
                "; ".join(getal(x, 1) if pd.notna(x) else LEEG for x in reeks.loc[plek, jaren])
                for plek in t.index
            ]
        t = t.join(reeks.add_prefix("afstand_"))
        noot += " De afstand heeft tussen 2019 en 2022 een breuk met onbekende oorzaak: vergelijk er niet overheen."
    return Tabel(
        titel=f"Mensen, praktijken en afstand in {b.naam}",
        naam="kerncijfers",
        kop=("Kerncijfer", *t.index),
        rijen=tuple((naam, *cellen) for naam, cellen in regels.items()),
        data=t,
        getallen=tuple(range(1, len(t) + 1)),
        noot=noot,
    )


def _rondom_breuk(reeks: pd.DataFrame) -> list[tuple[str, list[int]]]:
    jaren = [int(j) for j in reeks.columns]
    voor = [j for j in jaren if j < REEKSBREUKJAAR]
    na = [j for j in jaren if j >= REEKSBREUKJAAR]
    return [(f"{', '.join(map(str, voor))}", voor), (f"{', '.join(map(str, na))}, na de breuk", na)]


def _reeksen(b: Gebiedsbeeld) -> pd.DataFrame | None:
    """Distance per year of the area and what lies around it; an own region has no series of its own."""
    if b.soort not in MEERVOUD and not b.is_land:
        return None
    rijen = {naam: b.land.reeks(soort).loc[code] for naam, (soort, code) in b.naast.items()}
    return pd.DataFrame(rijen).T.reindex(b.kern.index)


def _heel(x: float) -> str:
    return LEEG if math.isnan(x) else getal(x, 0)


def _km(x: float) -> str:
    return LEEG if math.isnan(x) else f"{getal(x, 1)} km"


def _deel(x: float) -> str:
    return LEEG if math.isnan(x) else procent(x)


def omgevingstabel(b: Gebiedsbeeld) -> Tabel:
    """The verdict per gemeente, with the chance and the interval of the rank; the largest chance first."""
    t = b.deelgebieden()
    toon = getoond(b)
    rijen = tuple(
        (
            f"{r['naam']} (deze brief)" if b.is_gemeente and r["gebied"] in b.gebied.gemeenten else r["naam"],
            getal(r["inwoners"]),
            nodig,
            bereikt,
            kanscel(r["kans_op_tekort"]),
            f"{r['rang_laag']}–{r['rang_hoog']}",
            oordeelcel(b.land, [r["gebied"]], r["oordeel"]),
        )
        for r, nodig, bereikt in zip(
            rijen_van(toon), ftekolom(toon, "nodig"), ftekolom(toon, "bereikt"), strict=True
        )
    )
    rest = len(t) - len(toon)
    meer = (
        f" Getoond zijn de {len(toon)} met de grootste kans; alle {len(t)} staan in het csv-bestand."
        if rest
        else ""
    )
    return Tabel(
        titel=f"Oordeel per gemeente, {_waar(b)}",
        naam="gemeenten",
        kop=(
            "Gemeente",
            "Inwoners",
            "Nodig (fte)",
            "Bereikbaar (fte, 90%)",
            "Kans op tekort",
            "Rang (95%)",
            "Oordeel",
        ),
        rijen=rijen,
        data=t,
        getallen=(1, 2, 3, 4, 5),
        noot=f"Rang 1 is het grootste tekort naar behoefte van de {len(b.land.beelden['gemeente'])} gemeenten. "
        f"Tekort: kans boven 90%; geen tekort: kans onder 10%; beide ook bij vier van de vijf manieren om "
        f"de reisbereidheid te rekenen. {MIDDENNOOT} {_wie(b.land)}.{naamnoot([r[-1] for r in rijen])}{meer}",
    )


def getoond(b: Gebiedsbeeld) -> pd.DataFrame:
    """The rows of `deelgebieden` that a brief has room for: the gemeente itself first, then the largest chance."""
    t = b.deelgebieden()
    eigen = t[t.index.isin(b.gebied.gemeenten) & b.is_gemeente]
    heel = len(t) <= HEEL_TOT
    return pd.concat([eigen, t.drop(eigen.index)]).head(
        MAX_RIJEN_LAND if b.is_land else HEEL_TOT if heel else MAX_RIJEN
    )


def _waar(b: Gebiedsbeeld) -> str:
    if b.is_land:
        return "heel Nederland"
    anders = set(b.omgeving) != set(b.gebied.gemeenten)
    return f"{b.naam} en omgeving" if anders else b.naam


def _wie(land: Landbeeld) -> str:
    return f"Norm {getal(land.norm, 0)} patiënten per fte, {FUNCTIENAAM[land.functie]}"


def roostertabel(b: Gebiedsbeeld) -> Tabel:
    """The same area under every norm and both ways to count GPs."""
    rijen, t = [], b.rooster
    for r, nodig, bereikt in zip(rijen_van(t), ftekolom(t, "nodig"), ftekolom(t, "bereikt"), strict=True):
        functie, norm = r["functie"], r["norm"]
        soort = TELLING[functie]
        deze = functie == b.land.functie and norm == b.land.norm
        gemiddelde = abs(norm - b.land.situaties[functie].omslagnorm) < 1e-9 * norm
        wat = " (deze brief)" if deze else " (landelijk gemiddelde)" if gemiddelde else ""
        rijen.append(
            (
                soort,
                getal(norm, 0) + wat,
                nodig,
                bereikt,
                kanscel(r["kans_op_tekort"]),
                oordeelcel(b.land, b.gebied.gemeenten, r["oordeel"]),
            )
        )
    kop = (
        "Waarnemers",
        "Norm",
        "Nodig (fte)",
        "Bereikbaar (fte, 90%)",
        "Kans op tekort",
        "Oordeel",
    )
    return Tabel(
        titel=f"Wat de norm uitmaakt, {b.naam}",
        naam="normen",
        kop=kop,
        rijen=tuple(rijen),
        data=b.rooster,
        getallen=(2, 3, 4),
        noot=normnoot(b.land) + naamnoot([r[-1] for r in rijen]),
    )


def normnoot(land: Landbeeld) -> str:
    """What the norms of a table are, and what not to compare."""
    beide = "Met en zonder wisselende waarnemers tellen andere huisartsen: vergelijk hun fte niet. "
    return (
        (beide if len(land.situaties) > 1 else "")
        + "De norm van 2.095 is een gemiddelde achter het tarief, geen maat voor wat mensen nodig hebben; 1.800 is "
        "de wens van de LHV; 2.350 gold tot en met 2012."
    )


def keuzetabel(b: Gebiedsbeeld) -> Tabel:
    """The chance of shortage within the draws of each decay and each factor on travel time."""
    rijen = []
    for r in rijen_van(b.keuzes):
        naam = _verval(str(r["keuze"])) if r["soort"] == "verval" else _reistijd(float(r["keuze"]))
        marge = "" if math.isnan(r["kans_laag"]) else f" ({_marge(r['kans_laag'], r['kans_hoog'])})"
        rijen.append((naam, kanscel(r["kans_op_tekort"]) + marge, getal(r["trekkingen"])))
    return Tabel(
        titel=f"Wat reisbereidheid en reistijd uitmaken, {b.naam}",
        naam="keuzes",
        kop=("Keuze", "Kans op tekort (95%)", "Trekkingen"),
        rijen=tuple(rijen),
        data=b.keuzes,
        getallen=(1, 2),
        noot="Een langere reistijd werkt als een krappere grens, een kortere als een ruimere. Elke regel telt alleen "
        "de trekkingen met die keuze; tussen haakjes staat wat hun aantal aan ruimte laat.",
    )


def _marge(laag: float, hoog: float) -> str:
    """An interval of a chance; draws prove neither 0% nor 100%."""
    if hoog > 0.99:
        return f"minstens {procent(laag)}"
    return (
        f"hoogstens {procent(hoog)}" if laag < 0.01 else f"{procent(laag).removesuffix('%')}–{procent(hoog)}"
    )


def _verval(beschrijving: str) -> str:
    vorm = next((v for k, v in VERVALNAAM.items() if beschrijving.startswith(k)), f"anders: {beschrijving}")
    return f"Reisbereidheid {vorm}"


def _reistijd(factor: float) -> str:
    return "Reistijd: zoals berekend" if factor == 1 else f"Reistijd: {getal(factor, 2)} keer zo lang"


def zonder_afstand(b: Gebiedsbeeld) -> tuple[int, float]:
    """Inhabited buurten of the area without a published distance, and the people in them."""
    bu = load_buurten()
    binnen = (
        bu["wk_code"].isin(b.gebied.wijken) if b.gebied.wijken else bu["gm_code"].isin(b.gebied.gemeenten)
    )
    leeg = binnen & (bu["inwoners"] > 0) & bu["afstand_huisarts_km"].isna()
    return int(leeg.sum()), float(bu.loc[leeg, "inwoners"].sum())


def landtabel(land: Landbeeld) -> pd.DataFrame:
    """Number of gemeenten per verdict, for every norm and functie, and for the published unmet demand."""
    return land.onthoud("landtabel", lambda: _tel_oordelen(land))


def onvervulde_norm(s: Situatie) -> float:
    """The norm at which the country needs what the Capaciteitsorgaan says: supply and its unmet demand."""
    return s.omslagnorm / (1 + waarde("onvervulde_vraag"))


def _tel_oordelen(land: Landbeeld) -> pd.DataFrame:
    rijen = {}
    for functie, s in land.situaties.items():
        for norm in sorted({*land.normgetallen, s.omslagnorm, onvervulde_norm(s)}):
            telling = oordelen(land.bij_norm(functie, norm), "gemeente")["oordeel"].value_counts()
            rijen[functie, norm] = {o: int(telling.get(o, 0)) for o in ("tekort", "onbekend", "geen tekort")}
    uit = pd.DataFrame.from_dict(rijen, orient="index")
    uit.index = pd.MultiIndex.from_tuples(list(rijen), names=["functie", "norm"])
    return uit
