"""Outlook to a horizon year: the country forecast, the picture then, and who is exposed (Drenthe type)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.vooruitblik.blootstelling import (
    bereken_blootstelling,
    leeftijdsverhouding,
    voeg_vertrek_toe,
)
from huisartsdata.scenario.vooruitblik.landelijkeraming import raming_beide
from huisartsdata.scenario.vooruitblik.ramingopzet import (
    VARIANTEN,
    feitentabel,
    keur_jaar,
    keur_variant,
    kies_parameters,
)
from huisartsdata.scenario.vooruitblik.vergrijzing import vraaggroei_per_gemeente

if TYPE_CHECKING:
    from huisartsdata.model.aanbod import Aanbodmodel
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.vooruitblik.ramingopzet import Ramingparameters

EERSTE_JAAR, LAATSTE_JAAR = 2026, 2043
MODELSCHATTING = "modelschatting"
REGIO = "regioplus"


def _heel(x: float) -> str:
    return f"{x:,.0f}".replace(",", ".")


@dataclass(frozen=True, eq=False, repr=False)
class Vooruitzicht:
    """What `vooruitzicht` gives. Status of everything regional: modelschatting.

    Attributes
    ----------
    jaar, variant
        Horizon, and the demand variant of `situatie`.
    beide
        Both variants side by side in the horizon year, index `variant`: the forecast's own `nodig_fte`,
        `aanbod_fte`, `verschil_fte` (need - supply, unmet demand included); `groei_vraag` and
        `groei_aanbod` since 2025; and at the picture's norm and function `nodig_norm_fte`,
        `aanbod_norm_fte` and `patienten_per_fte`.
    land
        The national forecast by year, both variants (`raming_beide`).
    situatie
        The picture in that year. Draws of it spread as those of today do, in proportion; the forecast
        itself has one line per variant and adds nothing to them.
    basis
        The picture now.
    vertrekkans
        National share of today's GPs that has left by then.
    regio
        Exposure by RegioPlus region; with a delivery also `fte_verwacht`.
    vergrijsd
        Need by `bu_code` by ageing alone, before the factor that sets the national growth.
    status
        Of all regional figures.
    bronnen, toelichting
        Dutch sentences: where figures come from, and what a reader must know.
    """

    jaar: int
    variant: str
    beide: pd.DataFrame
    land: pd.DataFrame
    situatie: Situatie
    basis: Situatie
    vertrekkans: float
    regio: pd.DataFrame
    bronnen: tuple[str, ...]
    toelichting: tuple[str, ...]
    vertrek: pd.Series | None = None
    verhouding: pd.DataFrame = field(default_factory=pd.DataFrame)
    vergrijsd: pd.Series | None = None
    status: str = MODELSCHATTING

    def __repr__(self) -> str:
        verschil = ", ".join(f"{v} {x:+.0f}" for v, x in self.beide["verschil_fte"].items())
        return (
            f"Vooruitzicht(jaar={self.jaar}, variant={self.variant!r}, nodig min aanbod in fte: {verschil})"
        )

    def blootstelling(self, *, per: str = "regioplus") -> pd.DataFrame:
        """Exposure per area: fte now, fte at risk and growth of need; see `bereken_blootstelling`.

        `groei_vergrijzing` is the growth by ageing alone, `groei_vraag` that times the national factor.

        Examples
        --------
        >>> import huisartsdata as hd
        >>> v = vooruitzicht(hd.landelijke_situatie(), jaar=2035)
        >>> drenthe = v.blootstelling(per="provincie").loc["PV22"]
        >>> round(float(drenthe["aandeel_vertrek"]), 3), drenthe["leeftijden"]
        (0.329, '46,5% 50-plus tegen 39,6% landelijk (2018)')
        """
        regio = bereken_blootstelling(
            self.basis,
            self.situatie.vraag,
            self.vertrekkans,
            per=per,
            verhouding=self.verhouding,
            vergrijsd=self.vergrijsd,
        )
        return _met_vertrek(regio, self.basis, self.vertrek, per)


def vooruitzicht(
    situatie: Situatie,
    *,
    jaar: int,
    variant: str = "demografie",
    vertrek: pd.Series | None = None,
    parameters: Ramingparameters | None = None,
    feiten: pd.DataFrame | None = None,
    leeftijden: pd.DataFrame | None = None,
) -> Vooruitzicht:
    """The picture in a year to come, with both demand variants beside it and the exposure of regions.

    Need: every gemeente's need grows by the ageing of who lives there now (`vergrijzing`), then one
    factor sets the national growth to that of the variant. Supply: every practice times the national
    growth of supply, so its spread stays what it is: nothing is known about where people will leave or
    settle. Draws of supply are multiplied too, so that their spread grows along. Chances that follow from
    them (`tekortbeeld`) are about where GPs are, not about the forecast: it has one line per variant, and
    no doubt about that line is in them. The norm stays. Unmet demand is not put on top of it: a norm already
    says what is enough, and 6.3% more would count the same shortage twice; in `beide` it is part of the
    forecast's own need.

    The growth is the forecast's from 2025 on; it is applied to the picture as it is (people of 1 January
    2024). All GPs are forecast together; a picture without roaming locums gets the same growth.

    Parameters
    ----------
    situatie
        The picture now.
    jaar
        Horizon, 2026-2043 (1 January).
    variant
        ``"demografie"`` or ``"alle_termen"``: which one `situatie` shows.
    vertrek
        A delivery: fte expected to leave by the horizon, by `gm_code` or `praktijk_id`. Only with it is
        there a regional figure of fte; otherwise there is exposure and nothing else.
    parameters, feiten, leeftijden
        Defaults: of the snapshot.

    Raises
    ------
    ParameterFout
        For an unknown variant or a year outside 2026-2043.
    OnbekendGebiedFout, OnbekendePraktijkFout, ContractFout
        When the delivery does not fit the picture.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> v = vooruitzicht(hd.landelijke_situatie(), jaar=2035)
    >>> v.beide["verschil_fte"].round().astype(int).to_dict()
    {'demografie': -228, 'alle_termen': 3004}
    """
    keur_variant(variant)
    keur_jaar(jaar, EERSTE_JAAR, LAATSTE_JAAR)
    tabel = feitentabel(feiten)
    p = kies_parameters(parameters, tabel)
    land = raming_beide(tot=jaar, parameters=p)
    jaren = jaar - p.basisjaar
    groei = {v: float(p.vraaggroei(jaren, v)) for v in VARIANTEN}
    voorraad = land["voorraad_fte"]
    factor = float(voorraad.loc[jaar]) / float(voorraad.loc[p.basisjaar])
    vertrekkans = _vertrekkans(p, jaren)
    straks, vergrijsd = _straks(situatie, jaren, groei[variant], factor, leeftijden)
    verhouding = leeftijdsverhouding(tabel)
    regio = bereken_blootstelling(
        situatie, straks.vraag, vertrekkans, per=REGIO, verhouding=verhouding, vergrijsd=vergrijsd
    )
    ouder = float(vergrijsd.sum()) / float(situatie.vraag.sum()) - 1
    return Vooruitzicht(
        jaar=jaar,
        variant=variant,
        beide=_beide(situatie, land, groei, factor),
        land=land,
        situatie=straks,
        basis=situatie,
        vertrekkans=vertrekkans,
        regio=_met_vertrek(regio, situatie, vertrek, REGIO),
        bronnen=_bronnen(tabel, p, verhouding),
        toelichting=_toelichting(situatie, p, jaar, ouder, groei[VARIANTEN[0]] - 1),
        vertrek=None if vertrek is None else vertrek.copy(),
        verhouding=verhouding,
        vergrijsd=vergrijsd,
    )


def _vertrekkans(p: Ramingparameters, jaren: float) -> float:
    """Share of today's fte that has left."""
    return sum(g.personen * g.fte * float(g.weg(jaren)) for g in p.groepen) / p.fte


def _straks(
    situatie: Situatie, jaren: float, groei: float, factor: float, leeftijden: pd.DataFrame | None
) -> tuple[Situatie, pd.Series]:
    """The picture then, and need by ageing alone."""
    velden, vergrijsd = {}, {}
    for naam, gewichten in (("vraag", "nivel"), ("vraag_nza", "nza")):
        nu = getattr(situatie, naam)
        per_gm = vraaggroei_per_gemeente(situatie, jaren, gewichten=gewichten, leeftijden=leeftijden)
        straks = nu * per_gm.reindex(situatie.gebied["gm_code"]).to_numpy()
        if not straks.notna().all():
            mist = sorted(situatie.gebied.loc[straks.index[straks.isna()], "gm_code"].unique())
            raise ParameterFout(f"geen leeftijden voor {', '.join(mist[:20])}; vul de leeftijden aan")
        vergrijsd[naam] = straks
        velden[naam] = straks * (groei * float(nu.sum()) / float(straks.sum()))
    # estimate and model grow alike, so that every draw is multiplied and nothing is added to it
    p = situatie.praktijken
    meer = p.assign(fte=p["fte"] * factor, fte_model=p["fte_model"] * factor, fte_status=MODELSCHATTING)
    model = None if situatie.aanbodmodel is None else _groei(situatie.aanbodmodel, factor)
    return situatie.vervang(**velden, praktijken=meer, aanbodmodel=model), vergrijsd["vraag"]


def _groei(model: Aanbodmodel, factor: float) -> Aanbodmodel:
    """The supply model whose every draw is `factor` times as large."""
    return replace(model, totaal=model.totaal * factor, vast=model.vast * factor, rest=model.rest * factor)


def _beide(situatie: Situatie, land: pd.DataFrame, groei: dict[str, float], factor: float) -> pd.DataFrame:
    straks = land.iloc[-1]
    rijen = {
        v: {
            "nodig_fte": float(straks[f"nodig_{v}_fte"]),
            "aanbod_fte": float(straks["voorraad_fte"]),
            "verschil_fte": float(straks[f"verschil_{v}_fte"]),
            "groei_vraag": groei[v] - 1,
            "groei_aanbod": factor - 1,
            "nodig_norm_fte": situatie.nodig_fte * groei[v],
            "aanbod_norm_fte": situatie.aanbod_fte * factor,
            "patienten_per_fte": situatie.omslagnorm * groei[v] / factor,
        }
        for v in VARIANTEN
    }
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("variant")


def _met_vertrek(regio: pd.DataFrame, basis: Situatie, vertrek: pd.Series | None, per: str) -> pd.DataFrame:
    return regio if vertrek is None else voeg_vertrek_toe(regio, basis, vertrek, per=per)


def _bronnen(tabel: pd.DataFrame, p: Ramingparameters, verhouding: pd.DataFrame) -> tuple[str, ...]:
    ids = [*p.feiten, *(i for paar in verhouding["feiten"] for i in paar)]
    bekend = [i for i in dict.fromkeys(ids) if i in tabel.index]
    groep = tabel.loc[bekend].groupby("bron", sort=False)
    return tuple(
        f"{bron} (kwaliteit {'/'.join(sorted(set(rijen['kwaliteit'])))}; feiten {', '.join(map(str, rijen.index))})"
        for bron, rijen in groep
    )


def _toelichting(
    situatie: Situatie, p: Ramingparameters, jaar: int, ouder: float, groei: float
) -> tuple[str, ...]:
    procent, alleen, totaal = (f"{100 * x:.1f}".replace(".", ",") for x in (p.per_jaar, ouder, groei))
    functie = {"alle": "alle huisartsen", "zonder_wisselend": "huisartsen zonder wisselende waarnemers"}
    peil = (
        f"Peildatum 1 januari {jaar}. De landelijke raming rekent vanaf {p.basisjaar} met de parameters van het "
        "Capaciteitsorgaan; de regionale verdeling is een modelschatting."
    )
    vraag = (
        "Of er in dat jaar een tekort is, hangt af van de vraagvariant: alleen demografie, of alle termen. "
        f"De termen buiten demografie tellen op tot {procent}% per jaar, {p.trendjaren:.0f} jaar lang; de demografie "
        "komt daar bovenop. Beide varianten horen naast elkaar te staan."
    )
    norm = (
        f"Geteld zijn {functie[situatie.functie]}, bij een norm van {_heel(situatie.norm)} mensen per fte. De groei "
        "van het aanbod is die van alle huisartsen samen. De onvervulde vraag komt niet boven op de norm: een norm "
        "zegt al hoeveel genoeg is."
    )
    aanbod = (
        "Waar huisartsen vertrekken of zich vestigen, weet niemand: het aanbod groeit overal even hard. Voor een "
        "regio is er blootstelling, geen voorspelling; die kan alleen uit een levering komen."
    )
    vergrijzing = (
        f"De vergrijzing per gemeente volgt wie er nu woont. Zij laat de vraag landelijk met {alleen}% groeien; de "
        f"rest van de {totaal}% demografische groei (geboorte en verhuizing) is overal dezelfde factor. Verhuizen en "
        "bouwen per gemeente tellen niet mee. De regionale "
        "leeftijdsprognose van CBS en PBL is niet gebruikt: zij is op 12 juli 2023 ingetrokken als "
        "onbetrouwbaar, vooral voor 65-plussers (cbs.nl, corporate 2023/28)."
    )
    kansen = (
        f"Kansen op een tekort in {jaar} gaan over waar huisartsen nu werken: de spreiding van nu groeit mee met het "
        "aanbod. Dat de raming zelf kan afwijken, zit er niet in; daarvoor staan de twee vraagvarianten naast elkaar."
    )
    return peil, vraag, norm, aanbod, vergrijzing, kansen
