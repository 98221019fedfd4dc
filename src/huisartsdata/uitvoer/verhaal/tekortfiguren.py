"""Maps, charts and tables of reach, shortage and how sure they are; titles are computed, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.parameters import parameter
from huisartsdata.gebieden.register import load_buurten, load_gebieden, load_gemeenten
from huisartsdata.model.onzekerheid import snelheidsfactoren, trek_gebieden, vervalreeks
from huisartsdata.model.tekort import ontleed_tekort, tekortbeeld
from huisartsdata.model.vraag import zorgvraag
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.grafieken.grafiek import rangorde
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart
from huisartsdata.uitvoer.verhaal.beelden import GEEN_LICENTIE, GRENZEN, LICENTIE_KORT

if TYPE_CHECKING:
    from huisartsdata.model.onzekerheid import Trekkingen
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

FUNCTIENAAM = {"alle": "alle huisartsen", "zonder_wisselend": "zonder wisselende waarnemers"}
NORMEN = (1800, 2095, 2350)


def modelbronregel(situatie: Situatie, *, toelichting: str = "", met_norm: bool = True) -> Bronregel:
    """Source line of a model figure: all inputs with their reference date, norm, function, status, decay."""
    s = catalogus.snapshot()
    namen = ("praktijktelling_2026", "cbs_kerncijfers_2024", "cbs_bevolking_pc4_2021")
    bronnen = [
        f"{b.citatie} ({LICENTIE_KORT.get(b.licentie, GEEN_LICENTIE)})" for b in (s.bronnen[n] for n in namen)
    ]
    bronnen += [
        f"{GRENZEN} (CC BY 4.0)",
        "Capaciteitsorgaan 2025 (fte)",
        "Nivel 2017 (contacten) en 2022 (dichtheid)",
    ]
    bronnen += situatie.herkomst[:1]
    return Bronregel(
        tuple(bronnen),
        {
            "praktijken": "maart 2026",
            "inwoners": "1 januari 2024",
            "leeftijden": "2021",
            "fte": "2025",
            "dichtheid": "2022",
            "contacten": "2017",
        },
        status=("modelschatting",),
        norm=f"{getal(situatie.norm, 0)} patiënten per fte" if met_norm else "",
        functie=FUNCTIENAAM[situatie.functie],
        toelichting=f"{_bereikzin(situatie)}. Reistijd: {_motor(situatie)}. Praktijken over de grens tellen niet mee"
        + (f". {toelichting}" if toelichting else ""),
        techniek=f"{situatie.methode}, {situatie.verval.beschrijving}",
    )


def _bereikzin(situatie: Situatie) -> str:
    """Method and decay in plain words; their names stand in the provenance (`Bronregel.techniek`)."""
    v = situatie.verval
    if v.naam == "binair" or situatie.methode == "2sfca":
        weegt = (
            f"binnen {getal(v.reikwijdte, 0)} minuten telt elke praktijk even zwaar, verder weg telt er geen"
        )
    else:
        weegt = "een praktijk dichtbij telt zwaarder dan een verder weg"
        if np.isfinite(v.reikwijdte):
            weegt += f", en na {getal(v.reikwijdte, 0)} minuten telt er geen"
    return f"Mensen delen de huisartsen die zij kunnen bereiken: {weegt}"


def _motor(situatie: Situatie) -> str:
    bron = situatie.reistijden.herkomst
    return f"{bron.motor} {bron.versie}".strip()


def bereikkaart(situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of the fte that people reach, per 10,000 standardised patients."""
    reik = beeld["bereik_fte_per_10000"].reindex(k.gebieden.index)
    land = situatie.aanbod_fte / float(situatie.vraag.sum()) * 10_000
    laag, hoog = reik.quantile([0.1, 0.9])
    figuur = gebiedskaart(
        k.gebieden,
        reik,
        "bereik_fte_per_10000",
        titel=f"Van de {k.soort} bereikt een tiende minder dan {getal(laag, 1)} en een tiende meer dan "
        f"{getal(hoog, 1)} fte per 10.000 standaardpatiënten; gemiddeld {getal(land, 1)}",
        ondertitel=f"Bereikbare huisartsenzorg, {k.naam}: schatting, zie de kaart met zekerheid",
        bronregel=modelbronregel(situatie, met_norm=False),
        formaat=formaat,
        **k.lagen,
    )
    extra = [c for c in ("laag", "hoog", "kans_onder_gemiddeld") if c in beeld]
    return replace(figuur, tabel=figuur.tabel.join(beeld[extra]))


def bereikzekerheid(
    situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied, *, formaat: str = "a4"
) -> Figuur:
    """Map of where reach is surely below or above the national mean; the rest is unknown."""
    kans = beeld["kans_onder_gemiddeld"].reindex(k.gebieden.index)
    minder, meer, bekend = int((kans > 0.9).sum()), int((kans < 0.1).sum()), int(kans.notna().sum())
    return gebiedskaart(
        k.gebieden,
        kans,
        "kans_onder_gemiddeld",
        titel=f"Van {getal(bekend - minder - meer)} van de {getal(bekend)} {k.soort} is niet te zeggen of het "
        "bereik boven of onder het gemiddelde ligt",
        ondertitel=f"{getal(minder)} {k.soort} liggen er met minstens 90% kans onder, {getal(meer)} erboven; {k.naam}",
        bronregel=modelbronregel(situatie, met_norm=False),
        formaat=formaat,
        **k.lagen,
    )


def oordeelkaart(situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of the verdict per area: tekort, geen tekort or onbekend."""
    deel = beeld.reindex(k.gebieden.index)
    aantal = deel["oordeel"].value_counts()
    kort, niet, weet = (int(aantal.get(o, 0)) for o in ("tekort", "geen tekort", "onbekend"))
    onbekend = deel["oordeel"] == "onbekend"
    figuur = gebiedskaart(
        k.gebieden,
        deel["kans_op_tekort"],
        "kans_op_tekort",
        titel=f"Van {getal(weet)} van de {getal(len(deel))} {k.soort} is met openbare cijfers niet te zeggen of er "
        "een tekort is",
        ondertitel=f"Oordeel bij {getal(situatie.norm, 0)} patiënten per fte, {FUNCTIENAAM[situatie.functie]}: "
        f"{getal(kort)} tekort, {getal(niet)} geen tekort",
        bronregel=modelbronregel(situatie),
        onbekend=onbekend,
        formaat=formaat,
        **k.lagen,
    )
    return replace(
        figuur, tabel=figuur.tabel.join(deel[["nodig_fte", "bereikt_fte", "tekort_fte", "oordeel"]])
    )


def kortste(situatie: Situatie, beeld: pd.DataFrame, aantal: int = 20, *, formaat: str = "a4") -> Figuur:
    """Chart of the areas with the largest chance of shortage, with the interval of their rank."""
    t = beeld.sort_values(["kans_op_tekort", "rang_hoog"], ascending=[False, True]).head(aantal)
    zeker = int((t["oordeel"] == "tekort").sum())
    breedte = float((t["rang_hoog"] - t["rang_laag"]).median())
    figuur = rangorde(
        pd.DataFrame({"naam": t["naam"], "waarde": t["kans_op_tekort"]}),
        titel=f"Van de {aantal} gemeenten met de grootste kans op tekort haalt {getal(zeker)} de grens van 90%",
        ondertitel=f"Kans op tekort. De rang is onzeker: het 95%-interval beslaat bij de helft minstens "
        f"{getal(breedte, 0)} van de {getal(len(beeld))} plaatsen",
        bronregel=modelbronregel(situatie),
        eenheid="%",
        formaat=formaat,
    )
    kolommen = ["inwoners", "nodig_fte", "bereikt_fte", "tekort_fte", "rang_laag", "rang_hoog", "oordeel"]
    return replace(figuur, tabel=figuur.tabel.join(t[kolommen]))


def normrooster(
    situaties: Mapping[str, Situatie],
    *,
    normen: Sequence[float | str] = NORMEN,
    trekkingen: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Grid of norm x function: need, supply, shortage and number of gemeenten per verdict.

    The norms are 1,800, 2,095 and 2,350, that at which need is what the Capaciteitsorgaan calls unmet
    (supply x 1.063), and the national average (break-even).
    """
    rijen = []
    for naam, basis in situaties.items():
        onvervuld = float(basis.vraag.sum()) / (basis.aanbod_fte * (1 + parameter("onvervulde_vraag").waarde))
        for norm in (*normen, onvervuld, basis.omslagnorm):
            s = basis.vervang(norm=norm)
            oordeel = tekortbeeld(s, trekkingen=trekkingen, seed=seed)["oordeel"].value_counts()
            rijen.append(
                {
                    "functie": FUNCTIENAAM[basis.functie] if naam == basis.functie else naam,
                    "norm": round(s.norm),
                    "nodig_fte": s.nodig_fte,
                    "aanbod_fte": s.aanbod_fte,
                    "niveau_fte": max(0.0, s.nodig_fte - s.aanbod_fte),
                    **{o: int(oordeel.get(o, 0)) for o in ("tekort", "onbekend", "geen tekort")},
                }
            )
    return pd.DataFrame(rijen).set_index(["functie", "norm"])


def splitsrooster(
    situaties: Sequence[Situatie],
    *,
    aggregaties: Sequence[tuple[str, str]] = (
        ("provincie", "gemeente"),
        ("regioplus", "gemeente"),
        ("regioplus", "wijk"),
        ("corop", "gemeente"),
    ),
    trekkingen: int = 150,
    seed: int = 0,
) -> pd.DataFrame:
    """The nested split per norm, decay and aggregation, each beside its noise floor.

    Per decay: the five of `vervalreeks`, one at a time, so that the range over them shows.
    """
    rijen = []
    for s in situaties:
        for per in aggregaties:
            for v in vervalreeks():
                d = ontleed_tekort(
                    s.vervang(verval=v), per=per, trekkingen=trekkingen, seed=seed, vervalset=[v]
                )
                for deel, r in d.iterrows():
                    rijen.append({"norm": round(s.norm), "functie": FUNCTIENAAM[s.functie], "groot": per[0],
                                  "klein": per[1], "verval": v.beschrijving, "deel": deel, **r.to_dict()})  # fmt: skip
    return pd.DataFrame(rijen)


def trekplan_tekst() -> str:
    """One sentence: what the draws vary."""
    vervallen = "; ".join(v.beschrijving for v in vervalreeks())
    factoren = " / ".join(getal(f, 2) for f in snelheidsfactoren())
    return (
        "Elke trekking kiest een verdeling van fte over regio's, gemeenten en praktijken, een weging van de zorgvraag "
        f"tussen Nivel en NZa, een van vijf vervallen ({vervallen}) en een factor op de reistijd ({factoren})."
    )


def gelijke_zones(
    situatie: Situatie, *, aantal: int = 28, herhalingen: int = 20, seed: int = 0
) -> pd.DataFrame:
    """Shortage between random connected zones, beside that between the real regions.

    Gemeenten grow together into `aantal` connected zones from random seeds. If random zones show as much
    "between" as the RegioPlus regions do, the regions are not special.
    """
    gm = load_gemeenten()
    paren = gm.sindex.query(gm.geometry, predicate="intersects")
    buren: dict[int, list[int]] = {i: [] for i in range(len(gm))}
    for i, j in zip(*paren, strict=True):
        if i != j:
            buren[int(i)].append(int(j))
    beeld = tekortbeeld(situatie).reindex(gm.index)
    midden = gm.geometry.representative_point()
    xy = np.column_stack([midden.x, midden.y])
    n, b = beeld["nodig_fte"].to_numpy(), beeld["bereikt_fte"].to_numpy()
    land = max(0.0, n.sum() - b.sum())
    rijen = []
    for r in range(herhalingen):
        zone = _groei(buren, aantal, np.random.default_rng([seed, r]))
        los = zone < 0  # islands without a neighbour join the zone of the nearest gemeente
        zone[los] = zone[~los][np.linalg.norm(xy[los, None] - xy[None, ~los], axis=2).argmin(axis=1)]
        som_n, som_b = (np.bincount(zone, weights=w, minlength=aantal) for w in (n, b))
        rijen.append(float(np.maximum(0, som_n - som_b).sum() - land))
    echt = ontleed_tekort(situatie).loc["tussen", "fte"]
    return pd.DataFrame(
        {"tussen_fte": [echt, np.mean(rijen), np.min(rijen), np.max(rijen)]},
        index=pd.Index(
            ["RegioPlus-regio's", "toeval, gemiddeld", "toeval, laagste", "toeval, hoogste"], name="zones"
        ),
    )


def _groei(buren: Mapping[int, list[int]], aantal: int, rng: np.random.Generator) -> np.ndarray:
    """Random connected zones: seeds take turns in claiming a free neighbour; -1 for what no seed reaches."""
    zone = np.full(len(buren), -1)
    start = rng.choice(len(buren), aantal, replace=False)
    zone[start] = np.arange(aantal)
    rand = {z: [int(s)] for z, s in enumerate(start)}
    while any(rand.values()):
        for z in rng.permutation(aantal):
            vrij = [b for g in rand[z] for b in buren[g] if zone[b] < 0]
            if not vrij:
                rand[z] = []
                continue
            keuze = int(rng.choice(vrij))
            zone[keuze] = z
            rand[z].append(keuze)
    return zone


def vervalvergelijking(situatie: Situatie, *, per: str = "gemeente") -> pd.DataFrame:
    """Reach per area under each of the five decays, and how well they agree (Spearman with the default)."""
    fte = situatie.praktijken[["fte"]].set_axis([0], axis=1)
    zonder = situatie.vervang(vraag_nza=situatie.vraag)
    uit = {}
    for v in vervalreeks():
        t = trek_gebieden(zonder, per=per, trekkingen=1, fte=fte, vervalset=[v], snelheden=[1.0])
        uit[v.beschrijving] = pd.Series(t.bereikt[:, 0] / t.nodig[:, 0], index=t.codes)
    return pd.DataFrame(uit)


def aanbod_per_10000(situaties: Mapping[str, Situatie]) -> pd.DataFrame:
    """Fte per 10,000 people inside each gemeente's border, one column per picture."""
    gm = load_gemeenten()
    uit = pd.DataFrame({"naam": gm["naam"]})
    for naam, s in situaties.items():
        uit[naam] = tekortbeeld(s)["aanbod_fte"].reindex(gm.index) / gm["inwoners"] * 10_000
    return uit


def splits_per_regio(situatie: Situatie, *, trekkingen: int = 200, seed: int = 0) -> pd.DataFrame:
    """Shortage of each RegioPlus region as a whole, and what its gemeenten are short beyond that.

    The region's parts of the nested split, under each of the five decays (range) and over draws (95%).
    They do not add up to the national split: a region's surplus covers no other's shortage here.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, and for `regio` (short as a whole) and `binnen` (beyond that, within it) the
        columns `_fte` (picture), `_verval_laag`, `_verval_hoog`, `_verwacht`, `_laag`, `_hoog`.
    """
    regio_van = load_gemeenten()["regioplus_code"]
    fte = situatie.praktijken[["fte"]].set_axis([0], axis=1)
    stil = situatie.vervang(vraag_nza=situatie.vraag)
    punten = [
        _regiodelen(
            trek_gebieden(stil, per="gemeente", trekkingen=1, fte=fte, vervalset=[v], snelheden=[1.0]),
            regio_van,
        )
        for v in vervalreeks()
    ]
    t = trek_gebieden(situatie, per="gemeente", trekkingen=trekkingen, seed=seed)
    delen = _regiodelen(t, regio_van)
    uit = pd.DataFrame({"naam": load_gebieden("regioplus")["naam"]}).rename_axis("gebied")
    for k, naam in enumerate(("regio", "binnen")):
        over = np.concatenate([p[k] for p in punten], axis=1)
        uit[f"{naam}_fte"] = over[:, 0]
        uit[f"{naam}_verval_laag"], uit[f"{naam}_verval_hoog"] = over.min(axis=1), over.max(axis=1)
        uit[f"{naam}_verwacht"] = delen[k].mean(axis=1)
        uit[f"{naam}_laag"], uit[f"{naam}_hoog"] = np.quantile(delen[k], [0.025, 0.975], axis=1)
    return uit


def _regiodelen(t: Trekkingen, regio_van: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Per region and draw: shortage as a whole, and of its gemeenten beyond that."""
    regio = regio_van.reindex(t.codes)
    nodig, bereikt = (
        pd.DataFrame(m, index=t.codes).groupby(regio).sum().to_numpy() for m in (t.nodig, t.bereikt)
    )
    los = pd.DataFrame(np.maximum(0.0, t.verschil), index=t.codes).groupby(regio).sum().to_numpy()
    geheel = np.maximum(0.0, nodig - bereikt)
    return geheel, los - geheel


def schakeleffect(situatie: Situatie) -> pd.DataFrame:
    """What the need switches do: change of need per gemeente, in percent of the need by age alone."""
    buurten = load_buurten().loc[situatie.vraag.index]
    gm = situatie.gebied["gm_code"]
    basis = situatie.vraag.groupby(gm).sum()
    rijen = {}
    for naam, keuze in {
        "gezondheid": {"gezondheid": True},
        "inkomen": {"inkomen": True},
        "gezondheid en inkomen": {"gezondheid": True, "inkomen": True},
        "gewichten van NZa": {"gewichten": "nza"},
    }.items():
        anders = zorgvraag(buurten, **keuze).groupby(gm).sum() / basis - 1  # type: ignore[arg-type]
        rijen[naam] = {
            "laagste": anders.min(),
            "tiende": anders.quantile(0.1),
            "negentigste": anders.quantile(0.9),
            "hoogste": anders.max(),
        }
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("schakelaar")
