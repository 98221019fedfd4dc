"""Maps and charts of the outlook and of places far from a practice; titles are computed, never typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.uitvoer.figuur import Bronregel
from huisartsdata.uitvoer.grafieken.bandgrafiek import teken_bandgrafiek
from huisartsdata.uitvoer.grafieken.grafiek import rangorde
from huisartsdata.uitvoer.grafieken.roostergrafiek import teken_rooster
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart
from huisartsdata.uitvoer.verhaal.tekortfiguren import modelbronregel
from huisartsdata.uitvoer.verhaal.vormbeelden import MEERVOUD

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.vooruitblik.locaties import Locatiewissel
    from huisartsdata.scenario.vooruitblik.toekomst import Vooruitzicht
    from huisartsdata.uitvoer.figuur import Figuur
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

HALF_MENS = 0.5  # less is nobody
WEINIG_KEUS = Indicator(
    naam="inwoners_hooguit_een",
    titel="Mensen met hooguit één praktijk binnen bereik",
    eenheid="mensen",
    breekpunten=(HALF_MENS, 100.0, 500.0, 1000.0, 2500.0),
    palet="oranje",
    richting="hoog_ongunstig",
    decimalen=0,
    uitleg="Inwoners van wie nog één praktijk, of geen, binnen het aantal minuten rijden ligt.",
    klassenamen=(
        "niemand",
        "minder dan 100",
        "100 tot 500",
        "500 tot 1.000",
        "1.000 tot 2.500",
        "2.500 en meer",
    ),
)
RAMING = "Capaciteitsorgaan, parameters van de raming 2025 (kwaliteit C)"
VARIANTNAAM = {"demografie": "alleen demografie", "alle_termen": "alle termen"}


def ramingfiguur(raming: pd.DataFrame, *, tot: int = 2035, formaat: str = "a4") -> Figuur:
    """National supply against need in both demand variants, side by side.

    Parameters
    ----------
    raming
        Of `scenario.raming_beide`.
    tot
        Last year drawn.
    """
    deel = raming.loc[:tot]
    reeksen = pd.DataFrame(
        {
            "nodig, alle termen": deel["nodig_alle_termen_fte"],
            "nodig, alleen demografie": deel["nodig_demografie_fte"],
            "aanbod": deel["voorraad_fte"],
        }
    )
    eind = deel.iloc[-1]
    laag, hoog = eind["verschil_demografie_fte"], eind["verschil_alle_termen_fte"]
    return teken_bandgrafiek(
        reeksen,
        titel=f"In {getal_jaar(tot)} zijn er {_over(laag)} of {_over(hoog)}: "
        "dat hangt af van welke groei van de vraag men kiest",
        ondertitel="Fte huisartsen in Nederland (alle functies): aanbod en twee varianten van wat nodig is, "
        f"waarin nu al {procent(waarde('onvervulde_vraag'), 1)} van de vraag niet wordt vervuld",
        bronregel=Bronregel(
            (RAMING,),
            {"aanbod": "2025", "parameters": "2025"},
            status=("modelschatting",),
            functie="alle huisartsen",
            toelichting="De termen buiten demografie lopen in deze variant tien jaar door; onvervulde vraag "
            f"van {procent(waarde('onvervulde_vraag'), 1)} telt mee in wat nodig is",
        ),
        x_naam="jaar",
        eenheid="fte",
        formaat=formaat,
    )


def getal_jaar(jaar: int) -> str:
    """A year, without a thousands point."""
    return f"{jaar:.0f}"


def _over(verschil: float) -> str:
    soort = "te weinig" if verschil > 0 else "over"
    return f"{getal(abs(float(verschil)), 0)} fte {soort}"


def blootstellingfiguur(
    v: Vooruitzicht, *, per: str = "provincie", nadruk: tuple[str, ...] = (), formaat: str = "a4"
) -> Figuur:
    """Share of today's fte that leaves by the horizon, per area, with its range."""
    b = v.blootstelling(per=per)
    tabel = b.rename(
        columns={
            "aandeel_vertrek": "waarde",
            "aandeel_vertrek_laag": "laag",
            "aandeel_vertrek_hoog": "hoog",
        }
    )
    bekend = int((~b["leeftijden"].str.startswith("geen")).sum())
    orde = b["aandeel_vertrek"].sort_values(ascending=False)
    figuur = rangorde(
        tabel[["naam", "waarde", "laag", "hoog"]],
        titel=f"Van {getal(len(b) - bekend, 0)} van de {getal(len(b), 0)} {MEERVOUD[per]} is de leeftijd van "
        f"huisartsen niet bekend; tot {getal_jaar(v.jaar)} vertrekt naar schatting {procent(orde.iloc[-1])} tot "
        f"{procent(orde.iloc[0])} van de fte, opvolgers niet meegeteld",
        ondertitel="Deel van de fte van nu dat vertrekt: landelijke uitstroom maal leeftijd (2016-2018); "
        "streep: onzekerheid; open stip: leeftijd onbekend, landelijke rest",
        bronregel=Bronregel(
            (RAMING, "CBS en Nivel (leeftijd van huisartsen, via regionale media; kwaliteit B)"),
            {"uitstroom": "2025", "leeftijden": "2016-2018"},
            status=("modelschatting",),
            functie="alle huisartsen",
            toelichting="Blootstelling, geen voorspelling: waar geen leeftijd bekend is, geldt de landelijke rest",
        ),
        eenheid="%",
        nadruk=nadruk,
        hol=list(b.index[b["leeftijden"].str.startswith("geen")]),
        formaat=formaat,
    )
    return replace(figuur, tabel=figuur.tabel.join(b[["leeftijden", "fte", "fte_risico"]]))


def laatstepraktijkkaart(
    situatie: Situatie, tabel: pd.DataFrame, k: Kaartgebied, *, minuten: float, formaat: str = "a4"
) -> Figuur:
    """Map of the people who have at most one practice within some minutes, counted per wijk.

    The mean number of practices of a wijk would hide them: it stands in the table.

    Parameters
    ----------
    situatie
        The picture.
    tabel
        Of `scenario.laatste_praktijk`.
    k
        Map of wijken.
    minuten
        The limit that `tabel` was made with.
    """
    deel = tabel.reindex(k.gebieden.index)
    zonder, een = (round(float(deel[f"inwoners_{n}"].sum())) for n in ("zonder", "een"))
    samen = deel["inwoners_zonder"] + deel["inwoners_een"]
    waar = int((samen >= HALF_MENS).sum())
    figuur = gebiedskaart(
        k.gebieden,
        samen.round(),
        WEINIG_KEUS,
        titel=_keuszin(een, zonder, minuten),
        ondertitel=f"Mensen met hooguit één praktijk binnen {getal(minuten, 0)} minuten rijden; zij wonen in "
        f"{getal(waar) if waar else 'geen'} van de {getal(len(deel))} {k.soort} ({k.naam})",
        bronregel=modelbronregel(situatie, met_norm=False),
        formaat=formaat,
        **k.lagen,
    )
    extra = [
        "praktijken",
        "inwoners",
        "inwoners_zonder",
        "inwoners_een",
        "laatste",
        "kans_weg",
        "kans_weg_laag",
        "kans_weg_hoog",
    ]
    return replace(figuur, tabel=figuur.tabel.join(deel[extra]))


def _keuszin(een: int, zonder: int, minuten: float) -> str:
    """How many people have one practice left, and how many none.

    >>> _keuszin(1015, 0, 10)
    '1.015 mensen hebben nog maar één praktijk binnen 10 minuten, en niemand heeft er geen'
    >>> _keuszin(0, 0, 10)
    'Iedereen heeft minstens twee praktijken binnen 10 minuten'
    """
    binnen = f"binnen {getal(minuten, 0)} minuten"
    if not een and not zonder:
        return f"Iedereen heeft minstens twee praktijken {binnen}"
    if not een:
        zin = f"{_mensen(zonder)} geen praktijk {binnen}; alle anderen hebben er minstens twee"
    else:
        geen = _mensen(zonder).replace(" mensen", "")
        zin = f"{_mensen(een)} nog maar één praktijk {binnen}, en {geen} er geen"
    return zin.capitalize().replace("Één", "Eén")  # no accent on a capital


def _mensen(n: int) -> str:
    """Who has something: "niemand heeft", "één mens heeft", "1.015 mensen hebben"."""
    return "niemand heeft" if n == 0 else "één mens heeft" if n == 1 else f"{getal(n, 0)} mensen hebben"


def ruilfiguur(situatie: Situatie, rooster: pd.DataFrame, *, naam: str, formaat: str = "a4") -> Figuur:
    """Grid of the people who get a GP nearby, per 100,000 misplaced, over willingness and scale.

    Parameters
    ----------
    situatie
        The picture.
    rooster
        Of `scenario.ruilrooster`; drawn at the accepted share that lies nearest to the assumption.
    naam
        Name of the area.
    """
    kansen = rooster.index.get_level_values("aanvaard")
    aanvaard = min(set(kansen), key=lambda a: abs(a - waarde("ruil_aanvaard")))
    tabel = rooster.xs(aanvaard, level="aanvaard")["geholpen"].unstack("bereid")
    hoog = float(tabel.max().max())
    veel, weinig = float(tabel.iloc[-1].max()), float(tabel.iloc[0].max())
    tabel.index = tabel.index.map(lambda n: getal(n, 0))
    tabel.columns = tabel.columns.map(procent)
    return teken_rooster(
        tabel,
        titel=f"Van elke 100.000 mensen die ver weg staan ingeschreven, krijgen er in dit rooster hoogstens "
        f"{getal(hoog, 0)} door ruilen een huisarts dichtbij",
        ondertitel=f"Geholpen mensen per 100.000, {naam}; met weinig deelnemers zijn er weinig om mee te ruilen "
        f"({getal(weinig, 0)} tegen {getal(veel, 0)})",
        bronregel=replace(
            modelbronregel(
                situatie,
                met_norm=False,
                toelichting="Ruilen tussen volle praktijken; alle aantallen zijn aannames",
            ),
            status=("modelschatting", "aanname"),
        ),
        rij_naam="mensen die meedoen omdat zij ver weg staan ingeschreven",
        kolom_naam=f"deel dat wil overstappen (van hen wordt {procent(aanvaard)} aangenomen)",
        formaat=formaat,
    )


def locatiezin(wissel: Locatiewissel) -> str:
    """What moving GPs to another place does, gains and losses in one Dutch sentence."""
    s = wissel.samenvatting
    nader, verder = s["mensen_nader_minuten"], s["mensen_verder_minuten"]
    zin = f"Voor {getal(nader, 0)} mensen komt een praktijk"
    zin += f", gemiddeld {getal(s['winst_minuten'], 1)} minuten dichterbij" if nader else " dichterbij"
    zin += f"; voor {getal(verder, 0)} raakt de dichtstbijzijnde verder weg" if verder else ""
    return (
        f"{zin}. {getal(s['mensen_meer_bereik'], 0)} mensen bereiken meer huisartsenzorg dan eerst en "
        f"{getal(s['mensen_minder_bereik'], 0)} minder; het totaal aan fte blijft gelijk."
    )


def ruilzin(band: pd.DataFrame, naam: str) -> str:
    """What exchange does in an area, with the spread over draws, in Dutch.

    Parameters
    ----------
    band
        Of `scenario.ruilband`.
    naam
        Name of the area.
    """
    alle = band.astype("float64").to_dict("index")
    g, mensen = alle["geholpen"], alle["overgestapt_mensen"]
    return (
        f"Bij {getal(alle['misplaatst']['midden'], 0)} mensen in {naam} die ver van hun praktijk staan ingeschreven "
        f"(een aanname) stappen er {getal(mensen['midden'], 0)} over ({getal(mensen['laag'], 0)} tot "
        f"{getal(mensen['hoog'], 0)} in {getal(alle['herhalingen']['midden'], 0)} trekkingen). Per 100.000 van zulke "
        f"mensen krijgen er {getal(g['midden'], 0)} ({getal(g['laag'], 0)} tot {getal(g['hoog'], 0)}) een huisarts "
        f"dichtbij, als {procent(waarde('ruil_bereid'))} wil en {procent(waarde('ruil_aanvaard'))} wordt aangenomen. "
        "Netto komt er geen plek vrij. Hoeveel mensen ver weg staan ingeschreven, is niet openbaar."
    )
