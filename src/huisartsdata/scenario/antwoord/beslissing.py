"""From findings to advice, and which finding would change it: every line of advice hangs on one finding.

The limits are choices: half is a majority, .9 is the chance at which the suite calls anything sure. They
say when the advice turns, not what is true.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.model.tekort import ZEKER

if TYPE_CHECKING:
    from collections.abc import Mapping

HELFT = 0.5
ONGEMETEN = float("nan")
AANDELEN = (
    "deel_niveau",
    "deel_beoordeeld",
    "sterkte_geld",
    "deel_eerste_jaar",
    "paden_op_nul",
    "kans_boven_ruis",
    "kans_opleiden",
    "kans_verplaatsen",
)
# NaN: nobody has measured it, or it was not computed
MAG_ONTBREKEN = ("sterkte_geld", "omslag_sterkte", "kans_boven_ruis", "kans_opleiden", "kans_verplaatsen")
ONDERDELEN = ("meer of anders", "aanwijzen op verschillen", "aanwijzen per gemeente", "sturen of opleiden",
              "welke regel", "op tijd", "doel van D3")  # fmt: skip


@dataclass(frozen=True)
class Bevindingen:
    """What the advice rests on.

    Attributes
    ----------
    deel_niveau
        Share of the shortage that is too few in all (0-1); 0 also when nothing is short.
    tekort_fte
        Shortage of the picture.
    spreiding_laag, ruisvloer
        Lower end (2.5%) of the distribution part over the draws, and the mean that doubt alone would give. To be
        shown: no advice hangs on their order, for decay moves both (see `splitsbereik.kans_meer`).
    deel_beoordeeld
        Share of the gemeenten of which the data say whether they are short.
    sterkte_geld
        Measured share of GPs who follow money; NaN as long as nobody has measured it.
    omslag_sterkte
        Strength at which the best money rule solves as much as the best law at full strength; NaN when it
        never does.
    deel_eerste_jaar
        Largest share of the shortage that a rule solves by the end of the first year asked (2028).
    paden_op_nul
        Share of the paths (source, bound, growth of need) to nobody without a GP that reach zero in time.
    kans_boven_ruis
        Chance that a country as we draw it shows more differences than one of equal density under the same
        doubt; NaN when it was not computed, which counts as not known.
    kans_opleiden, kans_verplaatsen
        How often, steered on our estimate, training more solves most of all rules, and how often the best rule
        that moves does; NaN when it was not computed.
    """

    deel_niveau: float
    tekort_fte: float
    spreiding_laag: float
    ruisvloer: float
    deel_beoordeeld: float
    sterkte_geld: float
    omslag_sterkte: float
    deel_eerste_jaar: float
    paden_op_nul: float
    kans_boven_ruis: float = ONGEMETEN
    kans_opleiden: float = ONGEMETEN
    kans_verplaatsen: float = ONGEMETEN

    def __post_init__(self) -> None:
        for f in fields(self):
            x = getattr(self, f.name)
            getal = isinstance(x, (int, float)) and not isinstance(x, bool)
            if not getal or x < 0 or (math.isnan(x) and f.name not in MAG_ONTBREKEN):
                raise ParameterFout(f"{f.name}={x!r:.40} kan niet; geef een getal van 0 of meer")
            if f.name in AANDELEN and x > 1:
                raise ParameterFout(f"{f.name}={x!r} kan niet; geef een aandeel van 0 tot 1")


def advies(b: Bevindingen) -> Mapping[str, str]:
    """Advice per part, in Dutch, from the findings alone.

    Examples
    --------
    >>> b = Bevindingen(0.0, 186.0, 340.0, 300.0, 0.1, float("nan"), 0.02, 0.1, 0.5)
    >>> advies(b)["meer of anders"]
    'Bij deze norm is het een kwestie van verdelen: daar is sturen het middel voor, als eerst is geteld.'

    Raises
    ------
    ParameterFout
        For anything but findings.
    """
    if not isinstance(b, Bevindingen):
        raise ParameterFout(
            f"b={b!r:.40} kan niet; geef Bevindingen, bijvoorbeeld beantwoord(...).bevindingen"
        )
    if b.tekort_fte < 1:
        meer = "Bij deze norm en functie is er geen tekort: er valt niets te sturen."
    elif b.deel_niveau > HELFT:
        meer = "Eerst meer huisartsen: sturen verdeelt een tekort dat er dan nog is."
    else:
        meer = "Bij deze norm is het een kwestie van verdelen: daar is sturen het middel voor, als eerst is geteld."
    return dict(
        zip(
            ONDERDELEN,
            (
                meer,
                "Wijs aan op de verschillen die er zijn: zij zijn groter dan onze eigen twijfel."
                if b.kans_boven_ruis > ZEKER
                else "Vraag eerst cijfers: de verschillen zijn niet te scheiden van onze twijfel over het aanbod.",
                "Aanwijzen per gemeente kan."
                if b.deel_beoordeeld >= HELFT
                else "Wijs niet per gemeente aan: van de meeste is niet bekend of zij tekortkomen.",
                _sturen_of_opleiden(b),
                _welke_regel(b),
                "Sturen helpt op tijd voor eind 2028."
                if b.deel_eerste_jaar >= HELFT
                else "Sturen komt te laat voor eind 2028: daarvoor is iets anders nodig.",
                _doel(b),
            ),
            strict=True,
        )
    )


def _sturen_of_opleiden(b: Bevindingen) -> str:
    if math.isnan(b.kans_opleiden) or math.isnan(b.kans_verplaatsen):
        return "Of meer opleiden zonder telling meer oplost dan sturen, is niet uitgerekend."
    if b.kans_opleiden > b.kans_verplaatsen:
        return "Zonder telling lost meer opleiden vaker het meeste op dan sturen."
    return "Ook zonder telling lost sturen vaker het meeste op dan meer opleiden."


def _welke_regel(b: Bevindingen) -> str:
    if b.sterkte_geld != b.sterkte_geld:  # NaN: not measured
        return (
            "Kies niet op effect: hoe sterk geld werkt is niet gemeten. Kies op wet, kosten en aanlooptijd."
        )
    if b.sterkte_geld >= b.omslag_sterkte:
        return "Kies geld: het lost dan meer op dan een bindende verdeling."
    return "Kies een bindende verdeling: geld lost dan minder op."


def _doel(b: Bevindingen) -> str:
    if b.paden_op_nul > ZEKER:
        return "Nul mensen zonder huisarts eind 2028 is haalbaar."
    if b.paden_op_nul < 1 - ZEKER:
        return "Nul mensen zonder huisarts eind 2028 wordt niet gehaald: er komen te weinig plaatsen vrij."
    return "Of nul eind 2028 haalbaar is, hangt af van wie men telt en hoe hard de vraag groeit."


def beslistabel(b: Bevindingen) -> pd.DataFrame:
    """Which finding would change the advice: for each the advice now and on the other side of its limit.

    The other advice is computed: the finding is put just past its limit and `advies` is asked again.

    Returns
    -------
    DataFrame
        Index `bevinding`; `onderdeel`, `nu`, `omslag` (numbers), `eenheid`, `advies_nu`, `advies_dan`, `wie`
        (who could supply the finding).

    Examples
    --------
    >>> b = Bevindingen(0.0, 186.0, 340.0, 300.0, 0.1, float("nan"), 0.02, 0.1, 0.5)
    >>> t = beslistabel(b)
    >>> bool((t["advies_nu"] != t["advies_dan"]).all())
    True
    """
    nu = advies(b)
    rijen = []
    for bevinding, onderdeel, waarde, omslag, eenheid, anders, wie in _omslagen(b):
        rijen.append(
            {
                "bevinding": bevinding,
                "onderdeel": onderdeel,
                "nu": waarde,
                "omslag": omslag,
                "eenheid": eenheid,
                "advies_nu": nu[onderdeel],
                "advies_dan": advies(anders)[onderdeel],
                "wie": wie,
            }
        )
    return pd.DataFrame(rijen).set_index("bevinding")


_Rij = tuple[str, str, float, float, str, Bevindingen, str]


def _omslagen(b: Bevindingen) -> list[_Rij]:
    """Every finding put past its limit, from whichever side it is on."""
    kies = "VWS en veld: kies norm en functie"
    levering = "Nivel (fte per regio), Vektis (ingeschrevenen), een praktijklijst van een RHO"
    uit: list[_Rij] = [
        ("aandeel van het tekort dat niveau is", "meer of anders", b.deel_niveau, HELFT, "aandeel",
         replace(b, deel_niveau=0.0 if b.deel_niveau > HELFT else 1.0, tekort_fte=max(b.tekort_fte, 1.0)), kies),
        ("kans dat de verschillen groter zijn dan onze twijfel", "aanwijzen op verschillen", b.kans_boven_ruis,
         ZEKER, "aandeel", replace(b, kans_boven_ruis=0.0 if b.kans_boven_ruis > ZEKER else 1.0), levering),
        ("gemeenten met een oordeel", "aanwijzen per gemeente", b.deel_beoordeeld, HELFT, "aandeel",
         replace(b, deel_beoordeeld=0.0 if b.deel_beoordeeld >= HELFT else 1.0), levering),
    ]  # fmt: skip
    # the limit is how often the best rule that moves wins; a half where nobody computed it
    zonder = math.isnan(b.kans_opleiden) or math.isnan(b.kans_verplaatsen)
    wint = not zonder and b.kans_opleiden > b.kans_verplaatsen
    uit.append(
        ("kans dat meer opleiden het meeste oplost, op onze schatting", "sturen of opleiden", b.kans_opleiden,
         HELFT if zonder else b.kans_verplaatsen, "aandeel",
         replace(b, kans_opleiden=0.0 if wint else 1.0,
                 kans_verplaatsen=b.kans_verplaatsen if wint else 0.0), levering)
    )  # fmt: skip
    gemeten = "zorgverzekeraars en VWS: meet wie er op geld afkomt (AZWA D4)"
    omslag = b.omslag_sterkte if b.omslag_sterkte == b.omslag_sterkte else 1.0
    if not (b.sterkte_geld >= omslag):
        anders = replace(b, sterkte_geld=omslag, omslag_sterkte=omslag)
        uit.append(
            (
                "geld werkt minstens zo sterk",
                "welke regel",
                b.sterkte_geld,
                omslag,
                "aandeel",
                anders,
                gemeten,
            )
        )
    if not (b.sterkte_geld < omslag) and omslag > 0:
        anders = replace(b, sterkte_geld=omslag * 0.99, omslag_sterkte=omslag)
        uit.append(("geld werkt zwakker", "welke regel", b.sterkte_geld, omslag, "aandeel", anders, gemeten))
    uit += [
        ("deel van het tekort dat eind 2028 is opgelost", "op tijd", b.deel_eerste_jaar, HELFT, "aandeel",
         replace(b, deel_eerste_jaar=0.0 if b.deel_eerste_jaar >= HELFT else HELFT),
         "VWS en verzekeraars: een kortere aanloop, of geld dat sterker werkt"),
        ("paden die eind 2028 op nul komen", "doel van D3", b.paden_op_nul, ZEKER, "aandeel",
         replace(b, paden_op_nul=0.0 if b.paden_op_nul > ZEKER else 1.0),
         "een landelijke telling van wie geen huisarts heeft; het Capaciteitsorgaan (groei van de vraag)"),
    ]  # fmt: skip
    return uit
