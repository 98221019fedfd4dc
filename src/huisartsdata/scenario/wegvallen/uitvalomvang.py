"""How large a practice a gemeente can have at most: by people within reach and by fte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.wegvallen.uitvalgeval import zoek_kandidaten
from huisartsdata.scenario.wegvallen.uitvalkeur import keur_gemeente, keur_patienten, kies_omvang
from huisartsdata.scenario.wegvallen.uitvalveld import maak_veld

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie

STAP = 100  # sizes that are looked for go by this step


def passend_aantal(situatie: Situatie, gm_code: str, hoogstens: int) -> int:
    """Largest list, in hundreds and no larger than `hoogstens`, that a practice of the gemeente can have.

    On an island, or where a gemeente has little fte, a practice of 6,000 does not fit; notebooks that run
    everywhere ask for what does.

    Raises
    ------
    OnbekendGebiedFout
        For a gemeente that is not in the picture.
    ParameterFout
        When not even a hundred fit, as in a gemeente without a practice.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> s = hd.landelijke_situatie()
    >>> passend_aantal(s, "GM0505", 6000), passend_aantal(s, "GM0096", 6000) < 1300  # Dordrecht, Vlieland
    (6000, True)
    """
    keur_gemeente(situatie, gm_code)
    hoogste = keur_patienten(hoogstens)
    veld = maak_veld(situatie, None)

    def past(patienten: int) -> bool:
        omvang, *_ = kies_omvang(situatie, veld, patienten, None, None)
        try:
            zoek_kandidaten(veld, gm_code, patienten, omvang)
        except ParameterFout:
            return False
        return True

    if past(hoogste):
        return hoogste
    laag, hoog = 0, -(-hoogste // STAP)  # in steps: the largest that fits lies from laag up to hoog
    while hoog - laag > 1:
        midden = (laag + hoog) // 2
        laag, hoog = (midden, hoog) if past(midden * STAP) else (laag, midden)
    if not laag:
        raise ParameterFout(
            f"in {gm_code} past geen praktijk van {STAP} patiënten of meer; kies een andere gemeente"
        )
    return laag * STAP
