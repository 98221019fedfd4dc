"""A practice falls out (Dordrecht type): who is hit, where they can go, and what the neighbours carry.

Without a delivery no practice's size, list or room is observed: size, open share and room are assumptions
with a range, and the answer is carried through that range. Its intervals hold 90% of the draws over those
assumptions; that is no probability. Nothing here says anything about a real practice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.bereikmaten import PER
from huisartsdata.model.tekort import tekortbeeld
from huisartsdata.scenario.maatregelen import sluit
from huisartsdata.scenario.wegvallen.uitvalgeval import PUNT, maak_geval, trek_uitkomst, zoek_kandidaten
from huisartsdata.scenario.wegvallen.uitvalgevolg import maak_plan, maak_rooster, tel_buren, tel_overgangen
from huisartsdata.scenario.wegvallen.uitvalkeur import (
    keur_deel,
    keur_gemeente,
    keur_loting,
    kies_id,
    kies_lijst,
    kies_omvang,
    meet_punt,
    zoek_nummer,
)
from huisartsdata.scenario.wegvallen.uitvalopbouw import (
    Onderbouw,
    maak_aannames,
    maak_band,
    maak_getroffen,
    maak_herkomst,
    maak_trekking,
    maak_voor,
    noem_plaats,
    tel_maten,
    vul_vector,
    zoek_midden,
)
from huisartsdata.scenario.wegvallen.uitvalveld import Deel, maak_veld, trek_loten, trek_waarde

if TYPE_CHECKING:
    from shapely import Point

    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.wegvallen.uitvalgevolg import Reisplan


@dataclass(frozen=True, eq=False, repr=False)
class Uitval:
    """A practice that falls out: who is hit, who can take them, and who finds no place.

    Draws differ in the place (unless it is given), the open share of other practices, which of them are
    open, and how much an open one takes. People are whole in every draw; frames that sum draws up hold
    means. Within one draw ``geplaatst + zonder_plek == patienten``, exactly. Tables that need a plan of
    who goes where (`minuten_na`, `reistijd`, `buren`, `overgangen`, `rooster`) and the pictures are made
    when first asked for.

    Attributes
    ----------
    gm_code, patienten, fte
        The gemeente, the people on the list, and the fte that goes with them.
    maten
        The size in other words: `gemiddelde_praktijken`, `normpraktijken`, `fte_omslag` (at the
        break-even norm of the picture), `fte_norm` (at its norm).
    praktijk_id
        Id of the practice in `situatie_voor` ("uitval", or "uitval-2" in a picture that has one): the
        model of supply does not know it, so it has this fte in every draw of supply, and closing it
        takes exactly that away.
    plaats
        Whose place it takes in the pictures: a practice id, or "punt" for a point of the user. Where no
        place was given: the practice with most of the gemeente's people around it, by the decay.
    trekking
        Per draw (index `trekking`, 0..n-1): `plaats` (practice id or "punt"), `open_aandeel` and
        `opname` as drawn, `geplaatst`, `zonder_plek` (people), `minuten_voor` (mean of all who are hit
        to the old practice).
    getroffen
        By `bu_code`: `patienten` (whole, at `plaats`, adding up to `patienten`), `minuten` to the old
        practice, `verwacht` (mean over the draws).
    aannames
        Name -> `waarde` (None: drawn), `laag`, `hoog`, `status` and `bron` of each assumption.
    herkomst
        Dutch phrases for source lines.
    """

    gm_code: str
    patienten: int
    fte: float
    maten: Mapping[str, float]
    praktijk_id: str
    plaats: str
    trekking: pd.DataFrame
    getroffen: pd.DataFrame
    aannames: Mapping[str, Mapping[str, Any]]
    herkomst: tuple[str, ...]
    onderbouw: Onderbouw

    def __repr__(self) -> str:
        fte = f"{self.fte:.1f}".replace(".", ",")
        return (
            f"{type(self).__name__}({self.gm_code}, {self.patienten} patiënten, {fte} fte, "
            f"{len(self.trekking)} trekkingen)"
        )

    @property
    def zonder_plek(self) -> pd.Series:
        """People without a place, per draw."""
        return self.trekking["zonder_plek"]

    @cached_property
    def samenvatting(self) -> pd.DataFrame:
        """Median (`midden`) and 90% of the draws (`laag`, `hoog`) of columns of `trekking` and of the share."""
        t = self.trekking[["geplaatst", "zonder_plek", "minuten_voor"]]
        t = t.assign(aandeel_zonder_plek=t["zonder_plek"] / self.patienten)
        return maak_band(t)

    @cached_property
    def plan(self) -> Reisplan:
        """Who goes where in every draw: as many placed as can be, in the fewest minutes."""
        return maak_plan(self.onderbouw.geval, self.onderbouw.uitkomst)

    @property
    def minuten_na(self) -> pd.Series:
        """Mean minutes of the placed to their new practice, per draw; NaN when nobody is placed."""
        return pd.Series(self.plan.minuten, index=self.trekking.index, name="minuten_na")

    @property
    def reistijd(self) -> pd.DataFrame:
        """Minutes to the practice before and after: `midden`, `laag`, `hoog` (90%) over the draws.

        Rows `voor` and `na` are about the same people, those who find a place, and `verschil` is the
        difference between the two within each draw. `voor_alle` is everyone hit: no row to compare with,
        as those who find a place are not like the others. NaN where nobody finds one.
        """
        voor, na = self.plan.minuten_voor, self.plan.minuten
        alle = self.trekking["minuten_voor"].to_numpy()
        return maak_band(pd.DataFrame({"voor": voor, "na": na, "verschil": na - voor, "voor_alle": alle}))

    @cached_property
    def buren(self) -> pd.DataFrame:
        """Every other practice within the limit of somebody who is hit, nearest first.

        By `praktijk_id`: `gm_code`, `minuten` (mean of those hit in its reach), `kans_open`,
        `ingeschreven` (its list, with `ingeschreven_status`), `ruimte` (people it would take if open, at
        the middle of `opname`), `erbij`, `erbij_laag`, `erbij_hoog` (mean and 90% over the draws, 0
        where closed), `erbij_aandeel` (`erbij` per list), `nodig_als_alle_open` (people it would have to
        add if those hit were spread over all neighbours by decay x list, whatever room they have) and
        `nodig_als_open` (the same over open practices only, mean of the draws in which it is open).
        """
        o = self.onderbouw
        opname = self.aannames["opname"]["waarde"]
        opname = waarde("uitval_opname") if opname is None else opname
        return tel_buren(o.veld, o.geval, o.uitkomst, self.plan, opname)

    @cached_property
    def overgangen(self) -> pd.DataFrame:
        """People per river crossing on the way to the new practice.

        By `overgang_id`, most used first: `naam`, `soort`, `mensen`, `mensen_laag`, `mensen_hoog` (mean and
        90% over the draws) and `mensen_voor`: how many of the same people, those who find a place, crossed
        it to the old practice (mean). A trip over two crossings counts at both. By the built-in water, also
        where travel times come from elsewhere.
        """
        o = self.onderbouw
        s = o.situatie
        return tel_overgangen(
            o.veld,
            o.geval,
            o.uitkomst,
            self.plan,
            punten=s.punten,
            praktijken=s.praktijken.geometry,
            punt=o.punt,
        )

    @cached_property
    def rooster(self) -> pd.DataFrame:
        """What the two widest assumptions do: index (`open_aandeel`, `opname`).

        `zonder_plek`, `aandeel_zonder_plek` and `minuten_na`: means over the first draws of place and of
        which practices are open, the same ones in every cell. The open shares run over the range that
        was given; around one number, or without any, over the parameter's.
        """
        o = self.onderbouw
        return maak_rooster(o.veld, o.geval, o.loten, self.aannames["open_aandeel"])

    @cached_property
    def situatie_voor(self) -> Situatie:
        """The picture with the practice in it: the gemeente's fte, and the country's, as they were.

        In draws of supply the practice has its fixed fte and the others the rest of their draw, so the
        country's total moves a little from draw to draw; the loss on closing does not.
        """
        return maak_voor(self.onderbouw, self.praktijk_id, self.fte, self.patienten)

    @cached_property
    def situatie(self) -> Situatie:
        """The picture after: the practice is closed, its people stay where they live."""
        return sluit(self.situatie_voor, [self.praktijk_id])

    def effect(self, per: str = "gemeente", *, trekkingen: int = 0, seed: int = 0) -> pd.DataFrame:
        """Shortage and reach before and after, of the areas where reach changes.

        Parameters
        ----------
        per
            Type of area, as for `tekortbeeld`.
        trekkingen, seed
            Draws of supply, need, decay and speed: adds the chance of shortage before and after.

        Returns
        -------
        DataFrame
            Index `gebied`: `naam`, `inwoners`, `nodig_fte`, `bereikt_voor`, `bereikt_na`, `tekort_voor`,
            `tekort_na`, `tekort_erbij`, `bereik_voor`, `bereik_na` (fte per 10,000 standardised
            patients), with draws `kans_voor` and `kans_na`; largest loss of reach first.
        """
        if not isinstance(per, str):
            raise ParameterFout(f"per={per!r:.60} kan niet; geef één gebiedssoort, zoals 'gemeente'")
        voor, na = (
            tekortbeeld(s, per=per, trekkingen=trekkingen, seed=seed)
            for s in (self.situatie_voor, self.situatie)
        )
        uit = voor[["naam", "inwoners", "nodig_fte"]].assign(
            bereikt_voor=voor["bereikt_fte"],
            bereikt_na=na["bereikt_fte"],
            tekort_voor=voor["tekort_fte"],
            tekort_na=na["tekort_fte"],
            tekort_erbij=na["tekort_fte"] - voor["tekort_fte"],
            bereik_voor=voor["bereikt_fte"] / (voor["nodig_fte"] * self.situatie_voor.norm) * PER,
            bereik_na=na["bereikt_fte"] / (na["nodig_fte"] * self.situatie.norm) * PER,
        )
        if trekkingen:
            uit = uit.assign(kans_voor=voor["kans_op_tekort"], kans_na=na["kans_op_tekort"])
        verlies = uit["bereikt_na"] - uit["bereikt_voor"]
        return uit[verlies != 0].loc[verlies[verlies != 0].sort_values(kind="stable").index]


def uitval(
    situatie: Situatie,
    *,
    gm_code: str,
    patienten: int | None = None,
    punt: Point | None = None,
    praktijk_id: str | None = None,
    fte: float | None = None,
    open_aandeel: Deel = None,
    opname: Deel = None,
    grens_minuten: float | None = None,
    reistijden: Reistijden | None = None,
    trekkingen: int = 200,
    seed: int = 0,
) -> Uitval:
    """A practice of a given size falls out in a gemeente, at a place given or drawn.

    Who is hit: people x decay of the minutes to the practice, never more than live in a buurt. Where they
    can go: practices within `grens_minuten` that take patients, each up to a share of its list. How many
    find a place is the most that a perfect organisation could reach; without one it is fewer. Open shares
    are national and doors open independently of each other: where a region's own signal is worse (stops
    in at least 75% of practices around Dordrecht), give `open_aandeel`. Another measure far away leaves
    every draw here as it is, but for the break-even norm of the country: where that turns lists into fte
    and back, a few people may come out differently.

    Parameters
    ----------
    situatie
        The picture before.
    gm_code
        Gemeente of the practice.
    patienten
        People on its list. May be left out where `praktijk_id` names a practice whose list was delivered;
        another number is then refused. An imagined practice among delivered ones takes its fte and people
        from the others in proportion, so that the totals of the gemeente stay what they were.
    punt, praktijk_id
        The place: a point in RD metres, or a practice of the gemeente. Neither: drawn among the
        gemeente's practices, each equally likely.
    fte
        Fte that goes with the list; default `patienten` at the break-even norm, or the practice's own
        where a delivery gives it and `praktijk_id` names it (another number is then refused). It comes
        out of the fte of the gemeente.
    open_aandeel
        Share of the other practices that take patients (0-1), or a pair (laag, hoog) to draw between;
        default drawn between the bounds of the parameter. Practices known to be open or closed stay so.
    opname
        Largest share of its list that an open practice takes (0-1); default drawn like `open_aandeel`,
        from `uitval_opname`.
    grens_minuten
        Limit on the way to a new practice; default where the decay ends, or else the travel times.
    reistijden
        Minutes from every buurt to `punt` alone; default the built-in engine.
    trekkingen, seed
        Draws, and what fixes them. Draw k is the same however many there are.

    Raises
    ------
    OnbekendGebiedFout, OnbekendePraktijkFout
        For a gemeente or practice that is not in the picture.
    ParameterFout
        For a number that makes no sense, both `punt` and `praktijk_id`, a place outside the gemeente,
        more fte than the gemeente has, more patients than people within reach, or a size that a delivery
        contradicts.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.wegvallen.praktijkuitval import uitval
    >>> dordrecht = uitval(hd.landelijke_situatie(), gm_code="GM0505", patienten=6000, trekkingen=20)
    >>> {k: round(v, 1) for k, v in dordrecht.maten.items()}
    {'gemiddelde_praktijken': 1.6, 'normpraktijken': 2.9, 'fte_omslag': 3.6, 'fte_norm': 2.9}
    >>> (dordrecht.trekking["geplaatst"] + dordrecht.zonder_plek).unique().tolist()
    [6000]
    """
    keur_loting(trekkingen, seed)
    keur_gemeente(situatie, gm_code)
    open_aandeel, opname = keur_deel(open_aandeel, "open_aandeel"), keur_deel(opname, "opname")
    if punt is not None and praktijk_id is not None:
        raise ParameterFout("geef punt of praktijk_id, niet allebei")
    if punt is None and reistijden is not None:
        raise ParameterFout("reistijden horen bij een punt; geef punt= mee of laat ze weg")
    veld = maak_veld(situatie, grens_minuten)
    eigen = None if praktijk_id is None else zoek_nummer(veld, praktijk_id, gm_code)
    lijst = kies_lijst(veld, patienten, eigen)
    patienten = lijst[0]
    omvang = kies_omvang(situatie, veld, patienten, fte, eigen)
    nieuw_id = kies_id(situatie, reistijden)
    naar_punt = None if punt is None else meet_punt(situatie, punt, gm_code, nieuw_id, reistijden)
    kandidaten = zoek_kandidaten(
        veld,
        gm_code,
        patienten,
        omvang[0],
        praktijken=None if eigen is None else [eigen],
        punt_minuten=None if naar_punt is None else vul_vector(veld, naar_punt),
    )
    geval = maak_geval(veld, patienten, kandidaten)
    loten = trek_loten(veld.ids, trekkingen, seed)
    uitkomst = trek_uitkomst(
        veld,
        geval,
        loten,
        trek_waarde("open_aandeel", open_aandeel, loten.aandeel),
        trek_waarde("uitval_opname", opname, loten.opname),
    )
    midden = zoek_midden(veld, geval, gm_code)
    plaats = PUNT if punt is not None else praktijk_id
    return Uitval(
        gm_code=gm_code,
        patienten=patienten,
        fte=omvang[0],
        maten=tel_maten(situatie, patienten),
        praktijk_id=nieuw_id,
        plaats=noem_plaats(veld, geval.kandidaten[midden]),
        trekking=maak_trekking(veld, geval, uitkomst),
        getroffen=maak_getroffen(veld, geval, uitkomst, midden),
        aannames=maak_aannames(
            lijst, omvang, open_aandeel=open_aandeel, opname=opname, grens=veld.grens, plaats=plaats
        ),
        herkomst=maak_herkomst(
            situatie, geval, 1 if plaats else int((veld.gm_code == gm_code).sum()), lijst[1]
        ),
        onderbouw=Onderbouw(
            veld, geval, loten, uitkomst, situatie, geval.kandidaten[midden], punt, naar_punt
        ),
    )
