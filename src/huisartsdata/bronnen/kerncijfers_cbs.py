"""The StatLine tables that a snapshot uses: which they are, what is needed of them, what must tie.

Units and types are those of the tables' own metadata, as in the recorded Kerncijfers wijken en
buurten 2020 (84799NED).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huisartsdata.bronnen import statline
from huisartsdata.bronnen.ophalen import LOG, Verbinding
from huisartsdata.bronnen.statlinekeur import Kolomwens, kolomverschil, weiger, zet_om
from huisartsdata.fouten import BronFout
from huisartsdata.schema import LEEFTIJDSGROEPEN

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.bronnen.voorraad import Voorraad

KERNTITEL, GEBIEDENTITEL = "Kerncijfers wijken en buurten", "Gebieden in Nederland"
NABIJHEID, LEEFTIJD = "80305ned", "83502NED"  # one table for all years
TABELSOORTEN = ("kerncijfers", "gebieden", "nabijheid", "leeftijd")
KERNCIJFERS = (
    Kolomwens("AantalInwoners", "inwoners", "aantal"),
    Kolomwens("k_0Tot15Jaar", "inwoners_0_15", "aantal"),
    Kolomwens("k_65JaarOfOuder", "inwoners_65_plus", "aantal"),
    Kolomwens("HuishoudensTotaal", "huishoudens", "aantal"),
    Kolomwens("GemiddeldInkomenPerInwoner", "inkomen_per_inwoner", "x 1 000 euro"),
    Kolomwens("AfstandTotHuisartsenpraktijk", "afstand_huisarts_km", "km"),
    Kolomwens("OppervlakteLand", "oppervlakte_land_ha", "ha"),
    Kolomwens("MeestVoorkomendePostcode", "pc4", None),
    Kolomwens("MateVanStedelijkheid", "stedelijkheid", "code"),
    Kolomwens("Omgevingsadressendichtheid", "omgevingsadressendichtheid", "per km²"),
)
# region type -> (title of its group of columns begins with, form of its codes)
REGIOGROEPEN = {
    "provincie": ("Provincies", r"PV\d{2}"),
    "corop": ("COROP-gebieden", r"CR\d{2}"),
    "veiligheidsregio": ("Veiligheidsregio", r"VR\d{2}"),
    "regioplus": ("RegioPlus", r"RA\d{4}"),
}
AFSTAND = (Kolomwens("AfstandTotHuisartsenpraktijk", "afstand_huisarts_km", "km"),)
BEVOLKING = (Kolomwens("Bevolking", "inwoners", "aantal"),)


@dataclass(frozen=True)
class Bestand:
    """What one table gave, with what its source line needs."""

    beschrijving: statline.Beschrijving
    tabel: pd.DataFrame


@dataclass(frozen=True)
class CbsGegevens:
    """Everything of CBS for one year.

    `kern`: index `code`; the wanted key figures and `titel`; gemeenten, wijken, buurten and the country.
    `gebieden`: index `gm_code`; code and name per region type. `nabijheid`: index `gm_code`, None where
    the year has none. `leeftijd`: index `pc4`, a column per age group, of `leeftijdjaar`.
    """

    peiljaar: int
    kern: Bestand
    gebieden: Bestand
    nabijheid: Bestand | None
    leeftijd: Bestand | None
    leeftijdjaar: int | None
    kolommen_erbij: tuple[str, ...]
    kolommen_weg: tuple[str, ...]

    @property
    def kern_heeft_afstand(self) -> bool:
        """Whether the key figures have the distances of the gemeenten; CBS fills them later than the people."""
        t = self.kern.tabel
        return bool(t.loc[t.index.str.startswith("GM"), "afstand_huisarts_km"].notna().any())


def nieuwste_jaar(v: Verbinding) -> int:
    """The newest year of which StatLine has both the key figures and the areas."""
    jaren = set(statline.jaren(KERNTITEL, v)) & set(statline.jaren(GEBIEDENTITEL, v))
    if not jaren:
        raise BronFout(
            f"de catalogus van StatLine noemt geen tabel '{KERNTITEL}'; "
            "controleer --adres of geef --peiljaar en --tabel"
        )
    return max(jaren)


def haal_cbs(
    peiljaar: int,
    *,
    verbinding: Verbinding,
    voorraad: Voorraad,
    tabellen: Mapping[str, str] | None = None,
    vorige_kolommen: tuple[str, ...] = (),
    meld: Callable[[str], None] = lambda _wat: None,
) -> CbsGegevens:
    """Fetch and check every table of a year.

    Parameters
    ----------
    peiljaar
        Reference year (1 January).
    tabellen
        Table numbers that replace what the catalogue says, by one of `TABELSOORTEN`.
    vorige_kolommen
        Columns of the key figures at the last refresh, to tell what is new; the table of the year
        before is compared where there are none.

    Raises
    ------
    BronFout
        With what a table lacks, in one line.
    """
    eigen = dict(tabellen or {})
    v = verbinding
    meld("kerncijfers")
    kern = _kerncijfers(eigen.get("kerncijfers") or _zoek(KERNTITEL, peiljaar, v), v, voorraad)
    meld("gebieden")
    gebieden = _gebieden(eigen.get("gebieden") or _zoek(GEBIEDENTITEL, peiljaar, v), v, voorraad)
    _zelfde_gemeenten(kern, gebieden)
    meld("nabijheid")
    nabijheid = _nabijheid(eigen.get("nabijheid", NABIJHEID), peiljaar, v, voorraad)
    meld("leeftijden")
    leeftijd, jaar = _leeftijden(eigen.get("leeftijd", LEEFTIJD), peiljaar, v, voorraad)
    if not vorige_kolommen and (vorige := statline.tabel_van_jaar(KERNTITEL, peiljaar - 1, v)):
        vorige_kolommen = statline.beschrijf(vorige, v).kolommen
    erbij, weg = kolomverschil(vorige_kolommen, kern.beschrijving.kolommen) if vorige_kolommen else ((), ())
    return CbsGegevens(peiljaar, kern, gebieden, nabijheid, leeftijd, jaar, tuple(erbij), tuple(weg))


def _zoek(titel: str, jaar: int, v: Verbinding) -> str:
    gevonden = statline.tabel_van_jaar(titel, jaar, v)
    if gevonden is None:
        bekend = ", ".join(map(str, statline.jaren(titel, v))) or "geen"
        raise BronFout(
            f"StatLine heeft geen tabel '{titel} {jaar}' (wel: {bekend}); "
            "kies een ander --peiljaar of geef het nummer met --tabel"
        )
    return gevonden


def _kerncijfers(tabel_id: str, v: Verbinding, voorraad: Voorraad) -> Bestand:
    b = statline.beschrijf(tabel_id, v)
    namen = statline.dimensie(tabel_id, "WijkenEnBuurten", v)
    # neighbourhoods come in parts of some hundreds, so that little is lost when the line breaks
    # gemeenten first: what changes in a buurt mostly shows in its gemeente, and the first part is asked twice
    delen = sorted(
        {k[:4] if k.startswith("BU") else k[:2] for k in namen}, key=lambda d: (not d.startswith("GM"), d)
    )
    filters = [f"startswith(WijkenEnBuurten,'{d}')" for d in delen]
    t = statline.haal_rijen(b, KERNCIJFERS, ("WijkenEnBuurten",), filters, verbinding=v, voorraad=voorraad)
    t.index.name = "code"
    titel = {k.strip(): n for k, n in namen.items()}
    t["titel"] = [titel.get(c, "") for c in t.index]
    problemen = []
    if mist := sorted(set(titel) - set(t.index)):
        soort = "gemeenten" if any(c.startswith("GM") for c in mist) else "wijken of buurten"
        problemen.append(
            f"{len(mist)} {soort} staan in de lijst en niet in de cijfers ({', '.join(mist[:3])})"
        )
    if vreemd := sorted(set(t.index) - set(titel)):
        problemen.append(
            f"{len(vreemd)} codes staan in de cijfers en niet in de lijst ({', '.join(vreemd[:3])})"
        )
    if b.rijen and len(t) != b.rijen:
        problemen.append(f"{len(t)} rijen ontvangen, {b.rijen} aangekondigd")
    land = t.index[t.index.str.startswith("NL")]
    if len(land) != 1:
        problemen.append("er is geen enkele rij voor heel Nederland")
    else:
        gm = t[t.index.str.startswith("GM")]
        for k in ("inwoners", "inwoners_0_15", "inwoners_65_plus"):
            som, geheel = float(gm[k].sum()), float(t.loc[land, k].sum())
            if gm[k].isna().any() or som != geheel:
                problemen.append(
                    f"'{k}' telt over de gemeenten op tot {som:.0f} en Nederland heeft {geheel:.0f}"
                )
    if problemen:
        raise weiger(tabel_id, problemen)
    return Bestand(b, t)


def _gebieden(tabel_id: str, v: Verbinding, voorraad: Voorraad) -> Bestand:
    """Which region each gemeente lies in: pairs `Code_n`, `Naam_n` under the title of their group."""
    b = statline.beschrijf(tabel_id, v)
    groepen = {
        r.get("ID"): str(r.get("Title") or "").strip() for r in b.eigenschappen if not r.get("Datatype")
    }
    wensen, eigenschappen, problemen = [], [], []
    for soort, (groep, _) in REGIOGROEPEN.items():
        leden = [
            r
            for r in b.eigenschappen
            if r.get("Datatype") and groepen.get(r.get("ParentID"), "").startswith(groep)
        ]
        for stam, naam in (("Code", f"{soort}_code"), ("Naam", soort)):
            paar = [r for r in leden if re.fullmatch(rf"{stam}_\d+", str(r["Key"]))]
            if len(paar) != 1:
                problemen.append(
                    f"kolom '{stam}' van '{groep}' ontbreekt"
                    if not paar
                    else f"kolom '{stam}' van '{groep}' staat er {len(paar)} keer in"
                )
                continue
            # the stem says nothing here, so the full key of this year is asked under a stem of its own
            eigenschappen.append({**paar[0], "Key": paar[0]["Key"]})
            wensen.append((naam, str(paar[0]["Key"])))
    if problemen:
        raise weiger(tabel_id, problemen)
    kolomwensen = [Kolomwens(sleutel, naam, None) for naam, sleutel in wensen]
    kolommen = ["RegioS", *(s for _, s in wensen)]
    deel = statline.haal_delen(b, kolommen, [""], verbinding=v, voorraad=voorraad)
    t = zet_om(deel, dict(wensen), kolomwensen, ("RegioS",), tabel_id)
    t = t[t.index.str.fullmatch(r"GM\d{4}")].rename_axis("gm_code")
    for soort, (_, vorm) in REGIOGROEPEN.items():
        fout = t.index[~t[f"{soort}_code"].fillna("").str.fullmatch(vorm) | t[soort].isna()]
        if len(fout):
            problemen.append(f"{len(fout)} gemeenten zonder geldige {soort} ({', '.join(fout[:3])})")
    if b.rijen and len(deel) != b.rijen:
        problemen.append(f"{len(deel)} rijen ontvangen, {b.rijen} aangekondigd")
    if problemen:
        raise weiger(tabel_id, problemen)
    return Bestand(b, t)


def _zelfde_gemeenten(kern: Bestand, gebieden: Bestand) -> None:
    a = {c for c in kern.tabel.index if c.startswith("GM")}
    b = set(gebieden.tabel.index)
    if a != b:
        genoemd = ", ".join(sorted(a ^ b)[:5])
        raise weiger(
            kern.beschrijving.tabel_id,
            [
                (
                    f"{len(a)} gemeenten in de kerncijfers en {len(b)} in '{gebieden.beschrijving.titel}' "
                    f"(verschil: {genoemd})"
                )
            ],
        )


def _nabijheid(tabel_id: str, jaar: int, v: Verbinding, voorraad: Voorraad) -> Bestand | None:
    b = statline.beschrijf(tabel_id, v)
    perioden = [k for k in statline.dimensie(tabel_id, "Perioden", v) if k.strip() == f"{jaar}JJ00"]
    if not perioden:
        LOG.info("StatLine-tabel %s heeft geen %d", tabel_id, jaar)
        return None
    filters = [statline.is_gelijk("Perioden", perioden[0])]
    t = statline.haal_rijen(b, AFSTAND, ("RegioS", "Perioden"), filters, verbinding=v, voorraad=voorraad)
    t = t.droplevel("Perioden")
    t = t[t.index.str.fullmatch(r"GM\d{4}")].rename_axis("gm_code")
    return Bestand(b, t) if t["afstand_huisarts_km"].notna().any() else None


def leeftijdsgroep(titel: str) -> str | None:
    """Our name of an age group by CBS's title; None for what is no five-year group.

    >>> leeftijdsgroep("0 tot 5 jaar"), leeftijdsgroep("95 jaar of ouder"), leeftijdsgroep("Totaal")
    ('0-4', '95+', None)
    """
    if m := re.fullmatch(r"(\d+) tot (\d+) jaar", titel.strip()):
        naam = f"{m[1]}-{int(m[2]) - 1}"
    else:
        naam = "95+" if re.fullmatch(r"95 jaar of ouder", titel.strip()) else ""
    return naam if naam in LEEFTIJDSGROEPEN else None


def _leeftijden(
    tabel_id: str, peiljaar: int, v: Verbinding, voorraad: Voorraad
) -> tuple[Bestand | None, int | None]:
    """People per PC4 and five-year group of the newest year up to the reference year."""
    b = statline.beschrijf(tabel_id, v)
    perioden = {
        int(k[:4]): k
        for k in statline.dimensie(tabel_id, "Perioden", v)
        if re.fullmatch(r"\d{4}JJ00", k.strip())
    }
    jaar = max((j for j in perioden if j <= peiljaar), default=None)
    groepen = {
        g: k for k, n in statline.dimensie(tabel_id, "Leeftijd", v).items() if (g := leeftijdsgroep(n))
    }
    samen = [k for k, n in statline.dimensie(tabel_id, "Geslacht", v).items() if n.startswith("Totaal")]
    if jaar is None:
        return None, None
    if set(groepen) != set(LEEFTIJDSGROEPEN) or len(samen) != 1:
        mist = sorted(set(LEEFTIJDSGROEPEN) - set(groepen))
        raise weiger(
            tabel_id, [f"de leeftijdsgroepen zijn anders (ontbreken: {', '.join(mist[:3]) or 'geen'})"]
        )
    vast = f"{statline.is_gelijk('Geslacht', samen[0])} and {statline.is_gelijk('Perioden', perioden[jaar])}"
    filters = [f"{vast} and {statline.is_gelijk('Leeftijd', groepen[g])}" for g in LEEFTIJDSGROEPEN]
    sleutels = ("Postcode", "Leeftijd", "Geslacht", "Perioden")
    t = statline.haal_rijen(b, BEVOLKING, sleutels, filters, verbinding=v, voorraad=voorraad)
    naam = {k.strip(): g for g, k in groepen.items()}
    plat = t.reset_index()
    plat["pc4"] = plat["Postcode"].str.extract(r"(\d{4})$", expand=False)
    plat = plat[plat["Postcode"].str.fullmatch(r"(?:PC)?\d{4}")]
    breed = plat.assign(groep=plat["Leeftijd"].map(naam)).pivot(
        index="pc4", columns="groep", values="inwoners"
    )
    return Bestand(b, breed[list(LEEFTIJDSGROEPEN)].rename_axis(columns=None)), jaar
