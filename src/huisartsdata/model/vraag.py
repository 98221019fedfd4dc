"""Need: people weighted by how much GP care their age asks for, as standardised patients per buurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ContractFout, ParameterFout
from huisartsdata.gebieden.register import load_buurten, load_gemeenten, load_leeftijden
from huisartsdata.schema import LEEFTIJDSGROEPEN

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Levering

# first and last year of age of the groups in which the sources publish
NIVEL = {"0_4": (0, 4), "5_17": (5, 17), "18_44": (18, 44), "45_64": (45, 64), "65_74": (65, 74),
         "75_84": (75, 84), "85_plus": (85, 120)}  # fmt: skip
NZA = {"0_64": (0, 64), "65_74": (65, 74), "75_84": (75, 84), "85_plus": (85, 120)}
GEWICHTEN = ("nivel", "nza")


def leeftijdsgewichten(gewichten: str = "nivel") -> pd.Series:
    """Weight per five-year age group, in the unit of its source.

    A five-year group that lies over two groups of the source (15-19) takes the mean of their
    weights by years of age.

    Parameters
    ----------
    gewichten
        ``"nivel"``: contacts per person per year, 2017. ``"nza"``: registration tariff per quarter,
        2026, which halves the spread of need between gemeenten.

    Returns
    -------
    Series
        By `leeftijdsgroep`.

    Raises
    ------
    ParameterFout
        For unknown weights.

    Examples
    --------
    >>> round(float(leeftijdsgewichten()["15-19"]), 2)  # three years at 2.3, two at 3.6
    2.82
    """
    if gewichten not in GEWICHTEN:
        raise ParameterFout(f"onbekende gewichten '{gewichten}'; kies uit {', '.join(GEWICHTEN)}")
    bron, prefix = (NIVEL, "contacten_") if gewichten == "nivel" else (NZA, "inschrijftarief_")
    per_jaar = {jaar: waarde(prefix + g) for g, (a, b) in bron.items() for jaar in range(a, b + 1)}
    uit = {}
    for groep in LEEFTIJDSGROEPEN:
        begin = int(groep.split("-")[0].rstrip("+"))
        uit[groep] = float(np.mean([per_jaar[j] for j in range(begin, begin + 5)]))
    return pd.Series(uit, name="gewicht").rename_axis("leeftijdsgroep")


def zorgvraag(
    buurten: pd.DataFrame,
    *,
    gezondheid: bool = False,
    inkomen: bool = False,
    gewichten: str = "nivel",
    leeftijden: pd.DataFrame | None = None,
) -> pd.Series:
    """Standardised patients per buurt: people weighted by age, scaled so that the country keeps its total.

    need_b = K * sum_a n_ba w_a (* health_b) (* income_b), with one K for the country such that the
    sum over all buurten is the population. K never depends on which buurten are asked for.

    Parameters
    ----------
    buurten
        Table of `load_buurten`, or any rows of it.
    gezondheid
        Also weigh by self-rated health: see `factor_gezondheid`.
    inkomen
        Also weigh by income of the gemeente: see `factor_inkomen`.
    gewichten
        ``"nivel"`` (contacts, 2017) or ``"nza"`` (registration tariff, 2026).
    leeftijden
        People per buurt and age group; default those of the snapshot.

    Returns
    -------
    Series
        By `bu_code`, in standardised patients; 0 where nobody is known to live.

    Raises
    ------
    ContractFout
        For codes that are not in the snapshot, or twice in the table.
    ParameterFout
        For unknown weights.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> bu = hd.load_buurten()
    >>> vraag = hd.zorgvraag(bu)
    >>> round(float(vraag.sum()))
    17942942
    >>> bool((hd.zorgvraag(bu.iloc[:5]) == vraag.iloc[:5]).all())
    True
    """
    alle = load_buurten()
    _bekend(buurten, alle.index)
    tabel = load_leeftijden() if leeftijden is None else leeftijden
    _keur_leeftijden(tabel, alle)
    per_groep = tabel["inwoners"].unstack()[list(LEEFTIJDSGROEPEN)].reindex(alle.index).fillna(0.0)
    vraag = per_groep.mul(leeftijdsgewichten(gewichten), axis=1).sum(axis=1)
    for aan, factor in ((gezondheid, factor_gezondheid), (inkomen, factor_inkomen)):
        if aan:
            vraag = vraag * factor(alle)
    schaal = waarde("inwoners_2024") / float(vraag.sum())
    uit: pd.Series = (vraag * schaal).reindex(buurten.index).rename("zorgvraag")
    return uit


def factor_inkomen(buurten: pd.DataFrame) -> pd.Series:
    """Relative need by income: contacts by income decile, at the decile of the gemeente's mean income.

    Contacts of people of 60-74 with a Dutch background fall from 6.3 in the lowest to 4.6 in the
    highest income decile (CBS 80577NED, 2018). The gradient of people is applied to the decile of
    the gemeente, since income is missing for most buurten: an upper bound of the effect, because
    gemeenten differ less than people do. Gemeenten without an income keep 1.

    Returns
    -------
    Series
        By `bu_code`, around 1 with people as weights (status aanname).
    """
    inkomen = load_gemeenten()["inkomen_per_inwoner"].reindex(buurten["gm_code"]).set_axis(buurten.index)
    mensen = buurten["inwoners"].fillna(0.0)
    volgorde = inkomen.rank(method="dense")
    per_rang = mensen.groupby(volgorde).sum().cumsum()
    # the decile in which the middle person of the gemeente's rank stands
    midden = (per_rang - mensen.groupby(volgorde).sum() / 2) / mensen.sum()
    deciel = np.minimum(np.floor(midden * 10), 9).astype(int)
    contacten = pd.Series({d: waarde(f"contacten_inkomensdeciel_{d + 1}") for d in range(10)})
    factor = volgorde.map(deciel.map(contacten))
    gemiddeld = float((factor * mensen).sum() / mensen[factor.notna()].sum())
    uit: pd.Series = (factor / gemiddeld).fillna(1.0)
    return uit


def factor_gezondheid(buurten: pd.DataFrame) -> pd.Series:
    """Relative need by self-rated health beyond what age explains.

    factor = (1 + (ratio - 1) u) / (1 + (ratio - 1) u_age), with u the share of people who do not rate their health
    as good (buurt, else gemeente), u_age its value expected from the share of people of 65 and over
    (weighted least squares over buurten) and ratio the contacts of people in less than good health
    against people in good health of the same age (parameter `contacten_minder_gezond`, aanname).

    Returns
    -------
    Series
        By `bu_code`, around 1 with people as weights.
    """
    gemeente = load_gemeenten()["goed_ervaren_gezondheid"].reindex(buurten["gm_code"]).set_axis(buurten.index)
    minder = 1 - buurten["goed_ervaren_gezondheid"].fillna(gemeente) / 100
    mensen = buurten["inwoners"].fillna(0.0)
    oud = (buurten["inwoners_65_plus"] / buurten["inwoners"].where(mensen > 0)).clip(0, 1)
    oud = oud.fillna(float((oud * mensen).sum() / mensen[oud.notna()].sum()))
    gewicht = mensen / mensen.sum()
    gem_oud, gem_minder = float((gewicht * oud).sum()), float((gewicht * minder).sum())
    helling = float((gewicht * (oud - gem_oud) * minder).sum() / (gewicht * (oud - gem_oud) ** 2).sum())
    verwacht = gem_minder + helling * (oud - gem_oud)
    meer = waarde("contacten_minder_gezond") - 1
    factor: pd.Series = (1 + meer * minder) / (1 + meer * verwacht)
    return factor


def _keur_leeftijden(tabel: pd.DataFrame, alle: pd.DataFrame) -> None:
    """A table of ages must hold every inhabited buurt: one left out would have no need, silently."""
    bewoond = alle.index[alle["inwoners"] > 0]
    mist = bewoond.difference(tabel.index.get_level_values("bu_code"))
    slecht = tabel.index[~(tabel["inwoners"] >= 0)]
    rijen = [
        (0, "bu_code", c, "bewoonde buurt zonder leeftijden", "vul de leeftijden aan") for c in mist[:20]
    ]
    rijen += [(0, "inwoners", c, "geen getal van 0 of meer", "vul het in") for c in slecht[:20]]
    if rijen:
        kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
        raise ContractFout("de leeftijden zijn niet bruikbaar", pd.DataFrame(rijen, columns=kolommen))


def _bekend(buurten: pd.DataFrame, codes: pd.Index) -> None:
    dubbel = buurten.index[buurten.index.duplicated()]
    vreemd = buurten.index.difference(codes)
    rijen = [(0, "bu_code", c, "staat er meer dan één keer", "houd één rij per buurt") for c in dubbel]
    rijen += [
        (0, "bu_code", c, "bestaat niet in de snapshot", "gebruik codes van hd.load_buurten()")
        for c in vreemd
    ]
    if rijen:
        kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
        raise ContractFout("de zorgvraag is niet te berekenen", pd.DataFrame(rijen, columns=kolommen))


def vergelijk_met_vektis(levering: Levering) -> pd.DataFrame:
    """Set need by age beside what insurers' own records expect by age and sex, per gemeente.

    Expected cost of a gemeente is its insured years times the national GP cost per year of their age
    and sex; need is the same years times the weights used here. Both are divided by years and by
    their national mean, so 1 is average. Use mixes need, supply and payment: this checks the weights
    for age, it is no measure of need.

    Parameters
    ----------
    levering
        From `read_vektis`.

    Returns
    -------
    DataFrame
        Index `gm_code`; `vektis` (expected by age and sex), `nivel`, `nza`, and `werkelijk` (actual
        cost), each relative to the national mean.

    Raises
    ------
    ParameterFout
        For a delivery of another kind.
    """
    t = levering.tabel
    kosten = [k for k in t.columns if str(k).startswith("kosten_huisarts")]
    if not kosten or "verzekerde_jaren" not in t:
        raise ParameterFout("dit is geen levering van Vektis; lees het bestand met hd.read_vektis")
    jaren = t["verzekerde_jaren"]
    som = pd.DataFrame({"kosten": t[kosten].sum(axis=1), "jaren": jaren})
    groep = som.groupby([t["leeftijdsklasse"], t["geslacht"]]).transform("sum")
    ondergrens = t["leeftijdsklasse"].str.extract(r"^(\d+)")[0].astype(int)
    delen = {"vektis": groep["kosten"] / groep["jaren"] * jaren, "werkelijk": som["kosten"]}
    for naam in GEWICHTEN:
        per_leeftijd = {int(str(g).split("-")[0].rstrip("+")): w for g, w in leeftijdsgewichten(naam).items()}
        delen[naam] = ondergrens.map(per_leeftijd) * jaren
    per_gm = pd.DataFrame(delen).groupby(level="gm_code").sum()
    totaal = jaren.groupby(level="gm_code").sum()
    gemiddeld = per_gm.sum() / totaal.sum()
    return per_gm.div(totaal, axis=0).div(gemiddeld)[["vektis", *GEWICHTEN, "werkelijk"]]
