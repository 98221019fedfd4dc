"""The market of an exchange: who could be registered far from home, where they could go, who takes part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.scenario.uitruilen.ruilstroom import PER_MINUUT, Paren

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie

    Gehelen = NDArray[np.int64]
    Getallen = NDArray[np.float64]

PER = 100_000  # results are per so many misplaced people
STROOM = 7  # number of the random stream of this scenario
GEEN_TIJD = np.iinfo(np.int64).max // 4
MAX_GENOEMD = 20
MAX_HERHALINGEN = 200  # of a draw: lowest and highest hardly move any more, and the country would take hours


class NiemandFout(ParameterFout):
    """Nobody is registered far enough from home: an exchange has no one to move."""


@dataclass(frozen=True, eq=False)
class Ruilmarkt:
    """Who could be misplaced where, by the model, and where they could go.

    Attributes
    ----------
    misplaatst, mensen
        Pairs of buurt and practice at least the threshold farther than the nearest, with the people that
        the model registers there.
    opties, dichtbij
        Pairs of buurt and practice that someone could move to; whether that is less than the threshold
        beyond the nearest.
    winst
        The threshold in thousandths of a minute.
    grens
        Minutes beyond which the model registers nobody.
    inwoners, inwoners_land
        People in the area and in the country.
    """

    misplaatst: Paren
    mensen: Getallen
    opties: Paren
    dichtbij: NDArray[np.bool_]
    winst: int
    grens: float
    inwoners: float
    inwoners_land: float


@dataclass(frozen=True, eq=False)
class Trekking:
    """Who takes part: candidates per pair, how many are willing, and the buurt of every misplaced person."""

    groepen: Paren
    aantal: Gehelen
    willen: int
    buurten: Gehelen


def maak_markt(
    situatie: Situatie,
    *,
    winst_minuten: float | None = None,
    gebied: Iterable[str] | None = None,
    grens_minuten: float | None = None,
) -> Ruilmarkt:
    """Make the market that misplaced people are drawn from.

    The model registers the people of a buurt as reach spreads them: P_i w_ij R_j / sum_j w_ij R_j, with
    decay w and R_j = S_j / sum_i w_ij V_i for need V and fte S. The misplaced are those whose practice is
    at least `winst_minuten` farther than the nearest one.

    Parameters
    ----------
    situatie
        The picture.
    winst_minuten
        The threshold; default parameter `ruil_winst_minuten`.
    gebied
        Codes of buurten or gemeenten where the misplaced live; default the country.
    grens_minuten
        Nobody is registered farther away; default the limit of the picture's decay.

    Raises
    ------
    ParameterFout
        For a threshold or limit that makes no sense, or when nobody is misplaced.
    OnbekendGebiedFout
        With every code in `gebied` that is not in the picture.
    """
    winst = waarde("ruil_winst_minuten") if winst_minuten is None else winst_minuten
    winst = round(_positief("winst_minuten", winst, 1 / PER_MINUUT) * PER_MINUUT)
    mee = _in_gebied(situatie, gebied)
    reis, p = situatie.reistijden, situatie.praktijken["fte"]
    m = reis.minuten
    fte = p.reindex(reis.naar).fillna(0.0).to_numpy()
    buurt = np.repeat(np.arange(m.shape[0]), np.diff(m.indptr))
    # a practice without GPs, or closed, takes nobody and is nobody's nearest
    k = np.flatnonzero(fte[m.indices] > 0)
    i, j = buurt[k].astype(np.int64), m.indices[k].astype(np.int64)
    tijd = np.rint(m.data[k] * PER_MINUUT).astype(np.int64)
    naaste = np.full(m.shape[0], GEEN_TIJD)
    np.minimum.at(naaste, i, tijd)
    w, grens = _gewichten(situatie, m.data[k], grens_minuten)
    druk = np.bincount(j, w * situatie.vraag.reindex(reis.van).to_numpy()[i], m.shape[1])
    w *= np.divide(fte, druk, out=np.zeros_like(fte), where=druk > 0)[j]
    bereik = np.bincount(i, w, m.shape[0])[i]
    inwoners = situatie.inwoners.reindex(reis.van).to_numpy(dtype=np.float64)
    mensen = np.divide(w, bereik, out=np.zeros_like(w), where=bereik > 0) * inwoners[i]
    ver = np.flatnonzero((tijd - naaste[i] >= winst) & (mensen > 0) & mee[i])
    if not len(ver):
        raise NiemandFout(
            f"niemand staat volgens het model {winst / PER_MINUUT:g} minuten of meer te ver ingeschreven; "
            "kies een lagere winst_minuten of een groter gebied"
        )
    verste = np.full(m.shape[0], -1, np.int64)
    np.maximum.at(verste, i[ver], tijd[ver] - winst)
    kan = np.flatnonzero(tijd <= verste[i])
    return Ruilmarkt(
        misplaatst=Paren(i[ver], j[ver], tijd[ver]),
        mensen=mensen[ver],
        opties=Paren(i[kan], j[kan], tijd[kan]),
        dichtbij=tijd[kan] - naaste[i[kan]] < winst,
        winst=winst,
        grens=grens,
        inwoners=float(inwoners[mee].sum()),
        inwoners_land=float(inwoners.sum()),
    )


def trek_mensen(
    markt: Ruilmarkt, aantal: int, *, bereid: float, aanvaard: float, seed: int, trekking: int = 0
) -> Trekking:
    """Draw misplaced people one by one, and who of them is willing and would be accepted.

    Person k of a draw is the same however many there are and whatever the chances: more people, or a
    higher chance, only adds to who takes part.
    """
    bron = np.random.Philox(key=np.uint64(seed), counter=[0, 0, STROOM, trekking])
    u = np.random.Generator(bron).random((aantal, 3))  # a row per person
    lopend = np.cumsum(markt.mensen)
    paar = np.minimum(np.searchsorted(lopend, u[:, 0] * lopend[-1], side="right"), len(lopend) - 1)
    wil = u[:, 1] < bereid
    welke, tel = np.unique(paar[wil & (u[:, 2] < aanvaard)], return_counts=True)
    m = markt.misplaatst
    groepen = Paren(m.buurt[welke], m.praktijk[welke], m.tijd[welke])
    return Trekking(groepen, tel.astype(np.int64), int(wil.sum()), m.buurt[paar])


def zonder_volte(markt: Ruilmarkt, groepen: Paren, aantal: Gehelen) -> float:
    """Minutes saved if every candidate could go to the nearest practice, full or not."""
    naaste = np.full(int(markt.opties.buurt.max()) + 1, GEEN_TIJD)
    np.minimum.at(naaste, markt.opties.buurt, markt.opties.tijd)
    return int(((groepen.tijd - naaste[groepen.buurt]) * aantal).sum()) / PER_MINUUT


def vrije_plaatsen(
    situatie: Situatie, *, open_aandeel: float, plaatsen: int, seed: int, trekking: int = 0
) -> Gehelen:
    """Free places per practice of the travel times; all 0 when no practice is open.

    What a practice list says goes first (`open_voor_inschrijving`); unknown ones are drawn, and a larger
    share only adds open practices.
    """
    naar = situatie.reistijden.naar
    if open_aandeel == 0:
        return np.zeros(len(naar), np.int64)
    bron = np.random.Philox(key=np.uint64(seed), counter=[0, 1, STROOM, trekking])
    getrokken = np.random.Generator(bron).random(len(naar)) < open_aandeel
    bekend = situatie.praktijken["open_voor_inschrijving"].reindex(naar)
    is_open = (bekend == "ja").to_numpy() | (getrokken & (bekend != "nee").to_numpy())
    is_open &= (situatie.praktijken["fte"].reindex(naar) > 0).to_numpy()
    vrij: Gehelen = is_open.astype(np.int64) * plaatsen
    return vrij


def hoeveel(misplaatst: float | None, markt: Ruilmarkt) -> int:
    """Number of misplaced people from a number, a share (between 0 and 1) or the default density.

    Raises
    ------
    ParameterFout
        For anything else, or more than the model registers far from home.
    """
    meest = int(markt.mensen.sum())
    if misplaatst is None:
        return max(1, min(meest, round(PER * markt.inwoners / markt.inwoners_land)))
    getal = _getal("misplaatst", misplaatst)
    if getal == 1 and not isinstance(misplaatst, (int, np.integer)):
        raise ParameterFout(
            f"misplaatst={misplaatst!r} is niet duidelijk: iedereen, of één mens? Geef een aandeel onder 1 of een "
            "heel getal (1 of meer)"
        )
    if 0 < getal < 1:
        getal = max(1, round(getal * markt.inwoners))
    if getal < 1 or getal != int(getal):
        raise ParameterFout(
            f"misplaatst={misplaatst!r} kan niet; geef een heel aantal mensen vanaf 1, of een aandeel tussen 0 en 1"
        )
    if getal > meest:
        raise ParameterFout(
            f"misplaatst={misplaatst!r} is te veel: volgens het model staan hier hooguit {meest} mensen "
            f"{markt.winst / PER_MINUUT:g} minuten of meer te ver ingeschreven; geef er minder"
        )
    return int(getal)


def keur_aandeel(naam: str, aandeel: float) -> float:
    """A share from 0 to 1, or a ParameterFout."""
    getal = _getal(naam, aandeel)
    if not 0 <= getal <= 1:
        raise ParameterFout(f"{naam}={aandeel!r} kan niet; geef een aandeel van 0 tot en met 1")
    return getal


def keur_heel(naam: str, getal: int, minstens: int, hoogstens: int | None = None) -> int:
    """A whole number of at least (and at most) so much, or a ParameterFout."""
    if hoogstens is not None and isinstance(getal, (int, np.integer)) and getal > hoogstens:
        raise ParameterFout(f"{naam}={getal!r} kan niet; geef er hooguit {hoogstens}")
    if not isinstance(getal, (int, np.integer)) or isinstance(getal, bool) or getal < minstens:
        raise ParameterFout(f"{naam}={getal!r} kan niet; geef een heel getal van {minstens} of meer")
    return int(getal)


def _gewichten(situatie: Situatie, minuten: Getallen, grens_minuten: float | None) -> tuple[Getallen, float]:
    """Decay weights of travel times and the limit in minutes that they end at."""
    verval, reisgrens = situatie.verval, situatie.reistijden.grens_minuten
    verst = np.inf if reisgrens is None else reisgrens
    if grens_minuten is None:
        grens = min(verval.reikwijdte, verst)
    else:
        grens = _positief("grens_minuten", grens_minuten, 0)
        meest = min(verst, verval.reikwijdte) if verval.naam == "trap" else verst  # steps end where they end
        if grens > meest:
            raise ParameterFout(
                f"grens_minuten={grens_minuten!r} is verder dan de reistijden of het verval lopen; "
                f"kies hooguit {meest:g}"
            )
        if verval.grens is not None and grens > verval.grens:
            verval = replace(verval, grens=grens)
    return verval(minuten) * (minuten <= grens), float(grens)


def _in_gebied(situatie: Situatie, gebied: Iterable[str] | None) -> NDArray[np.bool_]:
    van = situatie.reistijden.van
    if gebied is None:
        return np.full(len(van), True)
    los: object = gebied
    if isinstance(los, str) or not isinstance(los, Iterable):
        raise ParameterFout(f"geef een lijst van codes als gebied, geen losse waarde: [{gebied!r}]")
    reeks = list(gebied)
    if geen_code := [c for c in reeks if not isinstance(c, str)]:
        raise ParameterFout(f"gebied bevat {geen_code[0]!r}; geef codes als tekst, zoals 'GM0505'")
    codes = list(dict.fromkeys(reeks))
    gm = situatie.gebied["gm_code"].reindex(van)
    bekend = set(van) | set(gm)
    if vreemd := [c for c in codes if c not in bekend]:
        raise OnbekendGebiedFout(
            f"niet in de situatie: {', '.join(map(str, vreemd[:MAX_GENOEMD]))}; "
            "geef codes van buurten of gemeenten met inwoners",
            map(str, vreemd),
        )
    mee: NDArray[np.bool_] = van.isin(codes) | gm.isin(codes).to_numpy()
    return mee


def _getal(naam: str, getal: float) -> float:
    goed = isinstance(getal, (int, float, np.number)) and not isinstance(getal, bool)
    if not goed or not np.isfinite(getal):
        raise ParameterFout(f"{naam}={getal!r} kan niet; geef een getal")
    return float(getal)


def _positief(naam: str, getal: float, minstens: float) -> float:
    x = _getal(naam, getal)
    if x <= 0 or x < minstens:
        raise ParameterFout(f"{naam}={getal!r} kan niet; geef een getal boven 0")
    return x
