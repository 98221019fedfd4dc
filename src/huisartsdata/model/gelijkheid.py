"""Equity of reach over areas: whether it follows income, age or urbanity, and how unequal it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import ContractFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.model.gelijkheidinvoer import fouttabel, maatfout
from huisartsdata.model.gelijkheidsmaten import concentratie_index, gini, hellingsindex
from huisartsdata.model.onzekerheid import gebiedscodes, keur_trekkingen, trek_gebieden
from huisartsdata.model.spreidingsmaten import percentielverhouding, splits_theil
from huisartsdata.model.tekort import beeld_zonder_trekkingen

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.gelijkheidinvoer import Matrix
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.model.verval import Verval

GROEPEN = {"gemeente": "regioplus", "wijk": "gemeente"}  # what Theil is split over
MATEN: dict[str, tuple[str, str, str]] = {
    "hellingsindex": (
        "Hellingsindex (SII)",
        "bereikt fte per nodige fte",
        "Verschil in bereik tussen hoogste en laagste {naam}. 0 = geen verband; positief = meer waar {naam} hoog is.",
    ),
    "hellingsindex_per_100000": (
        "Hellingsindex per 100.000",
        "fte per 100.000 inwoners gewogen naar zorgvraag",
        "Hetzelfde verschil in fte per 100.000, zoals Engeland het publiceert; hangt niet af van de norm.",
    ),
    "relatieve_index": (
        "Relatieve hellingsindex",
        "deel van het gemiddelde",
        "De hellingsindex gedeeld door het gemiddelde bereik. 0,10 = een verschil van 10 procent.",
    ),
    "verhouding_hoog_laag": (
        "Verhouding hoogste en laagste",
        "getal",
        "Geschat bereik bij de hoogste {naam}, gedeeld door dat bij de laagste. 1 = geen verband.",
    ),
    "concentratie_index": (
        "Concentratie-index",
        "getal van -1 tot 1",
        "0 = geen verband; positief = bereik zit vooral waar {naam} hoog is, negatief = waar {naam} laag is.",
    ),
    "gini": (
        "Gini",
        "getal van 0 tot 1",
        "Ongelijkheid tussen gebieden, los van {naam}. 0 = overal evenveel bereik per zorgvraag.",
    ),
    "theil": (
        "Theil",
        "getal vanaf 0",
        "Ongelijkheid tussen gebieden, los van {naam}. 0 = gelijk; valt uiteen in tussen en binnen.",
    ),
    "theil_tussen": ("Theil tussen {groep}", "getal vanaf 0", "Deel van Theil dat tussen {groep} ligt."),
    "theil_binnen": (
        "Theil binnen {groep}",
        "getal vanaf 0",
        "Deel van Theil dat binnen {groep} ligt; tussen en binnen zijn samen Theil.",
    ),
    "p90_p10": (
        "P90 gedeeld door P10",
        "getal vanaf 1",
        "Bereik waar 90 procent van de mensen hooguit aan komt, gedeeld door dat van 10 procent.",
    ),
}
GROEPNAAM = {"gemeente": "RegioPlus-regio's", "wijk": "gemeenten"}


def gelijkheidsbeeld(
    situatie: Situatie,
    *,
    per: str = "gemeente",
    rangschikking: pd.Series,
    ontbrekend: str = "fout",
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
    vervalset: Sequence[Verval] | None = None,
) -> pd.DataFrame:
    """Equity of reach over areas: slope, concentration, Gini, Theil and P90/P10.

    The value of an area is its reach per need (`bereikt_fte / nodig_fte`), its weight its need. The
    picture's norm only scales `hellingsindex`. Draws spread areas apart by doubt alone, so Gini, Theil
    and P90/P10 lie higher over the draws than for the expected supply: an expectation is smoother
    than any country it stands for. Compare them with `verwacht`.

    Where supply is not delivered it is estimated, mostly from people: that reach per *need* falls where
    people are older (or less urban, where they live farther apart) is then largely what the model puts
    in, and no finding about where GPs work. With delivered supply it is.

    Parameters
    ----------
    situatie
        The picture.
    per
        ``"gemeente"`` (Theil split over RegioPlus regions) or ``"wijk"`` (over gemeenten).
    rangschikking
        Value by area code, lowest first: mean income, urbanity (1 is very urban), share of 65 and older.
        Its name is used in the explanations.
    ontbrekend
        ``"fout"``: refuse when an area with need has no value; ``"weglaten"``: leave it out and say in
        `dekking` which share of need is left.
    trekkingen, seed, executor, vervalset
        As for `trek_gebieden`; 0 draws leave `verwacht`, `laag` and `hoog` empty.

    Returns
    -------
    DataFrame
        Index `maat`; `naam`, `waarde` (the picture's own), `standaardfout` (of the line or the index
        over areas, where it exists; no sampling error), `verwacht` (mean), `laag`, `hoog` (95%) over the draws,
        `eenheid`, `dekking` (0-1) and `betekenis`.

    Raises
    ------
    OnbekendGebiedFout
        For another type of area.
    ContractFout
        When the ranking misses areas, ranks nothing, or nobody reaches anything.
    ParameterFout
        For a bad number of draws or an unknown choice for `ontbrekend`.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.model.gelijkheid import gelijkheidsbeeld
    >>> oud = hd.load_kerncijfers("gemeente")["aandeel_65_plus"]
    >>> beeld = gelijkheidsbeeld(hd.landelijke_situatie(), rangschikking=oud)
    >>> bool(abs(beeld["waarde"]["theil_tussen"] + beeld["waarde"]["theil_binnen"] - beeld["waarde"]["theil"]) < 1e-12)
    True
    """
    keur_trekkingen(trekkingen, seed)
    if not isinstance(per, str) or per not in GROEPEN:
        raise OnbekendGebiedFout(f"per='{per}' kan niet; kies uit {', '.join(GROEPEN)}", [str(per)])
    if not isinstance(ontbrekend, str) or ontbrekend not in ("fout", "weglaten"):
        raise ParameterFout(f"ontbrekend='{ontbrekend}' kan niet; kies uit fout, weglaten")
    punt = beeld_zonder_trekkingen(situatie, per)
    rang, dekking = _rangschik(rangschikking, punt.codes, punt.nodig[:, 0], ontbrekend)
    mee = np.isfinite(rang)
    paren = pd.DataFrame({"van": gebiedscodes(situatie, per), "naar": gebiedscodes(situatie, GROEPEN[per])})
    groep = paren.groupby("van")["naar"].first().reindex(punt.codes).to_numpy()[mee]
    waarden, fouten = _maten(punt.bereikt[mee, 0], punt.nodig[mee, 0], rang[mee], groep, situatie.norm)
    woorden = {"naam": str(rangschikking.name or "rangschikking"), "groep": GROEPNAAM[per]}
    uit = pd.DataFrame(
        {
            "naam": [n.format(**woorden) for n, _, _ in MATEN.values()],
            "waarde": waarden,
            "standaardfout": fouten,
        },
        index=pd.Index(list(MATEN), name="maat"),
    )
    uit[["verwacht", "laag", "hoog"]] = np.nan
    if trekkingen:
        t = trek_gebieden(
            situatie, per=per, trekkingen=trekkingen, seed=seed, executor=executor, vervalset=vervalset
        )
        per_trekking = np.stack(
            [
                _maten(t.bereikt[mee, k], t.nodig[mee, k], rang[mee], groep, situatie.norm)[0]
                for k in range(trekkingen)
            ]
        )
        uit["verwacht"] = per_trekking.mean(axis=0)
        uit["laag"], uit["hoog"] = np.quantile(per_trekking, [0.025, 0.975], axis=0)
    uit["eenheid"] = [e for _, e, _ in MATEN.values()]
    uit["dekking"] = dekking
    uit["betekenis"] = [b.format(**woorden) for _, _, b in MATEN.values()]
    return uit


def _maten(
    bereikt: Matrix, nodig: Matrix, rang: Matrix, groep: NDArray[np.object_], norm: float
) -> tuple[Matrix, Matrix]:
    """Every index in the order of `MATEN`, and the standard errors of those that have one."""
    per_nodig = np.divide(bereikt, nodig, out=np.zeros_like(bereikt), where=nodig > 0)
    h = hellingsindex(per_nodig, rang, nodig)
    c = concentratie_index(per_nodig, rang, nodig)
    t = splits_theil(per_nodig, groep, nodig)
    per_100000 = 100_000 / norm
    waarden = [
        h.sii,
        h.sii * per_100000,
        h.relatief,
        h.verhouding,
        c.index,
        gini(per_nodig, nodig),
        t.totaal,
        t.tussen,
        t.binnen,
        percentielverhouding(per_nodig, nodig),
    ]
    fouten = [h.standaardfout, h.standaardfout * per_100000, np.nan, np.nan, c.standaardfout] + [np.nan] * 5
    return np.array(waarden), np.array(fouten)


def _rangschik(
    rangschikking: pd.Series, codes: pd.Index, nodig: Matrix, ontbrekend: str
) -> tuple[Matrix, float]:
    if not isinstance(rangschikking, pd.Series) or rangschikking.index.has_duplicates:
        raise maatfout(
            "rangschikking", "is geen reeks met elke gebiedscode één keer", "geef een Series per gebied"
        )
    rang = pd.to_numeric(rangschikking, errors="coerce").reindex(codes).to_numpy(dtype="float64", copy=True)
    rang[~np.isfinite(rang)] = np.nan
    mist = np.isnan(rang) & (nodig > 0)
    if mist.all():
        raise maatfout(
            "rangschikking", "geen enkel gebied heeft een waarde", "gebruik codes als GM0106 of WK010600"
        )
    if mist.any() and ontbrekend == "fout":
        rijen = [
            (0, "rangschikking", c, "geen waarde", "vul aan, of kies ontbrekend='weglaten'")
            for c in codes[mist]
        ]
        raise ContractFout("niet elk gebied is te rangschikken", fouttabel(rijen))
    return rang, float(nodig[~mist].sum() / nodig.sum())
