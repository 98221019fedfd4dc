"""The finding of a map of verdicts, as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huisartsdata.model.onzekerheid import wilson
from huisartsdata.model.tekort import GEEN, ONBEKEND, TEKORT, ZEKER
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.beelden import ENKELVOUD

BIJNA = 0.99  # beyond it a chance is not written in whole percents: no draw is proof

if TYPE_CHECKING:
    import pandas as pd


def hoeveel(aantal: int) -> str:
    """A count in a sentence: nothing is a word, not a figure.

    >>> hoeveel(3), hoeveel(0)
    ('3', 'geen enkele')
    """
    return getal(aantal) if aantal else "geen enkele"


def bereikoordeel(kans: pd.Series, soort: str) -> tuple[str, str]:
    """Of how many areas reach is surely below or above the mean: a title and what stands below it.

    Parameters
    ----------
    kans
        Chance per area of less reach than the national mean; areas without a chance do not count.
    soort
        What the areas are, in the plural.

    Examples
    --------
    >>> import pandas as pd
    >>> bereikoordeel(pd.Series([0.5, 0.6]), "wijken")[0]
    'Van geen van de 2 wijken is te zeggen of het bereik boven of onder het landelijk gemiddelde ligt'
    >>> bereikoordeel(pd.Series([0.95, 0.6, 0.5]), "wijken")[1]
    '1 van de 3 wijken ligt er vrijwel zeker onder, geen enkele erboven'
    """
    minder, meer, bekend = int((kans > ZEKER).sum()), int((kans < 1 - ZEKER).sum()), int(kans.notna().sum())
    weet = bekend - minder - meer
    waar = "het bereik boven of onder het landelijk gemiddelde ligt"
    if weet == bekend:
        zin = f"Van geen van de {getal(bekend)} {soort} is te zeggen of {waar}"
        return zin, "Bij alle is de kans op minder bereik dan gemiddeld 10 tot en met 90%"
    zin = (
        f"Van {getal(weet)} van de {getal(bekend)} {soort} is niet te zeggen of {waar}"
        if weet
        else f"Van alle {getal(bekend)} {soort} is vrijwel zeker te zeggen of {waar}"
    )
    onder, boven = (hoeveel(n) for n in (minder, meer))
    ligt = "ligt" if minder <= 1 else "liggen"
    eerst = f"{onder[:1].upper()}{onder[1:]} van de {getal(bekend)} {soort} {ligt} er vrijwel zeker onder"
    return zin, f"{eerst}, {boven} erboven"


def oordeelzin(oordeel: pd.Series, soort: str = "gemeenten", *, cijfers: str = "openbare") -> str:
    """What verdicts say together: of how many areas it can be told, and else what they are.

    Parameters
    ----------
    oordeel
        Verdict per area: tekort, geen tekort or onbekend.
    soort
        What the areas are, in the plural.
    cijfers
        Which figures it is told from.

    Examples
    --------
    >>> import pandas as pd
    >>> oordeelzin(pd.Series(["onbekend"] * 9))
    'Van geen van de 9 gemeenten is met openbare cijfers te zeggen of er een tekort is'
    """
    alle, tellingen = len(oordeel), oordeel.value_counts()
    kort, geen, weet = (int(tellingen.get(o, 0)) for o in (TEKORT, GEEN, ONBEKEND))
    if alle == 1:
        deze = f"deze {ENKELVOUD.get(soort, 'regio')}"
        if weet:
            return f"Of {deze} een tekort heeft, is met {cijfers} cijfers niet te zeggen"
        return f"{deze.capitalize()} heeft vrijwel zeker {'een' if kort else 'geen'} tekort"
    if weet == alle:
        return f"Van geen van de {getal(alle)} {soort} is met {cijfers} cijfers te zeggen of er een tekort is"
    if alle in (kort, geen):
        return f"Alle {getal(alle)} {soort} hebben vrijwel zeker {'een' if kort else 'geen'} tekort"
    if weet:
        return (
            f"Van {getal(weet)} van de {getal(alle)} {soort} is met {cijfers} cijfers niet te zeggen of er "
            "een tekort is"
        )
    return (
        f"In {getal(kort)} van de {getal(alle)} {soort} is er vrijwel zeker een tekort, in {getal(geen)} "
        "vrijwel zeker niet"
    )


def _kans(kans: float) -> str:
    """A chance that is not quite one is not written as one."""
    return "meer dan 99%" if kans > BIJNA else procent(kans)


def namenzin(beeld: pd.DataFrame, trekkingen: int, soort: str = "gemeenten") -> str:
    """Which areas have a verdict, with the chance of each, which of them are at its limit, how many may be wrong.

    An area is at the limit where the 95% interval of Wilson, of a chance counted in that many draws, holds the
    90% that a verdict needs: other draws could leave it out. The expected number wrong is the sum of the chances
    of the opposite.

    Parameters
    ----------
    beeld
        From ``tekortbeeld`` with draws: naam, kans_op_tekort, oordeel.
    trekkingen
        In how many draws the chances were counted.
    soort
        What the areas are, in the plural.

    Examples
    --------
    >>> import pandas as pd
    >>> t = pd.DataFrame({"naam": ["A", "B"], "kans_op_tekort": [0.91, 0.5], "oordeel": ["tekort", "onbekend"]})
    >>> namenzin(t, 1000)[:47]
    'Vrijwel zeker een tekort: A (91%, op de grens).'
    """
    zinnen, grens = [], False
    for oordeel, kop in ((TEKORT, "een"), (GEEN, "geen")):
        deel = beeld[beeld["oordeel"] == oordeel]
        if deel.empty:
            continue
        kans = deel["kans_op_tekort"] if oordeel == TEKORT else 1 - deel["kans_op_tekort"]
        kans = kans.sort_values(ascending=False, kind="stable")
        laag = [wilson(float(k) * trekkingen, trekkingen)[0] for k in kans]
        namen = [
            f"{naam} ({_kans(k)}{', op de grens' if x <= ZEKER else ''})"
            for naam, k, x in zip(deel["naam"].reindex(kans.index), kans, laag, strict=True)
        ]
        grens |= any(x <= ZEKER for x in laag)
        fout = float((1 - kans).sum())
        zinnen.append(
            f"Vrijwel zeker {kop} tekort: {', '.join(namen)}. Naar verwachting is {getal(fout, 1)} van deze "
            f"{getal(len(deel))} fout."
        )
    if not zinnen:
        return f"Geen van de {getal(len(beeld))} {soort} krijgt een oordeel."
    if grens:
        zinnen.append("Op de grens: met andere trekkingen kan de naam wegvallen.")
    return " ".join(zinnen)
