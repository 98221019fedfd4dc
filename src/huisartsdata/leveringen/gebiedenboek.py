"""What the readers must know of areas: codes, names, regions, reorganisations, PC4s; as one small value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from huisartsdata.fouten import OnbekendGebiedFout, OnbekendPeiljaarFout
from huisartsdata.gebieden.herindelingkeur import als_jaar
from huisartsdata.leveringen.waarden import vouw

PEILJAAR = 2024  # the map of the package's tables
EERSTE_KAART = 2012  # the reorganisations were replayed from here on
LAATSTE_KAART = 2025  # its gemeente codes are those of 2024
HOOGSTE_OUDE_CODE = (
    1890  # CBS numbers new gemeenten upwards: a higher code was made in the year it first appears
)

Verplaats = Callable[[pd.DataFrame, int, list[str], pd.DataFrame | None], pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Gebiedenboek:
    """Areas and their history, as far as a delivery needs them.

    Attributes
    ----------
    gemeenten
        Code -> name, on the map of 2024.
    regios
        Region type -> (code -> name).
    indeling
        Index gm_code; a column per region type with the region's code.
    herindelingen
        Columns (or index) jaar, gm_oud, naam_oud, gm_nieuw, naam_nieuw; datum (yyyymmdd) if known.
    pc4
        PC4 -> gemeente code.
    verplaats
        Moves sums to the map of 2024: (table with index level gm_code, year of its map, columns, shares or
        None) -> table. A missing value makes the sum that it enters missing.
    eigen
        The user's own regions: code -> gemeenten.
    codes
        Year -> gemeente codes on 1 January, where a register of them is at hand; else the map is replayed.
    inwoners
        Gemeente code, current or past -> people, to tell a plausible figure from a slip of the comma.
    """

    gemeenten: Mapping[str, str]
    regios: Mapping[str, Mapping[str, str]]
    indeling: pd.DataFrame
    herindelingen: pd.DataFrame
    pc4: Mapping[str, str]
    verplaats: Verplaats
    eigen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: Callable[[int], Iterable[str]] | None = None
    inwoners: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def soorten(self) -> dict[str, str]:
        """Code -> type of area."""
        soorten = {code: soort for soort, codes in self.regios.items() for code in codes}
        return soorten | dict.fromkeys(self.gemeenten, "gemeente")

    def met_eigen(self, gebieden: pd.DataFrame) -> Gebiedenboek:
        """Add the user's own regions (index gm_code; code, naam) as region type `eigen`, in a new book."""
        namen = dict(zip(gebieden["code"], gebieden["naam"], strict=True))
        leden = {str(code): frozenset(groep.index.astype(str)) for code, groep in gebieden.groupby("code")}
        regios = dict(self.regios) | {"eigen": namen}
        return replace(self, regios=regios, eigen=leden)

    def naam(self, code: str) -> str:
        """Name of a current or past area code."""
        if code in self.gemeenten:
            return self.gemeenten[code]
        soort = self.soorten.get(code)
        return self.regios[soort][code] if soort else self.vervallen.get(code, (0, "onbekend"))[1]

    def voluit(self, code: str) -> str:
        """Code and name, for messages."""
        return f"{code} ({self.naam(code)})"

    @cached_property
    def _wijzigingen(self) -> pd.DataFrame:
        plat = self.herindelingen
        plat = plat if "jaar" in plat and "gm_oud" in plat else plat.reset_index()
        tabel = plat.loc[plat["jaar"].astype(int) <= PEILJAAR].copy()
        # a change after 1 January is on CBS's map of the next year
        midden = ~tabel["datum"].astype(str).str.endswith("0101") if "datum" in tabel else False
        return tabel.assign(jaar=tabel["jaar"].astype(int), kaart=tabel["jaar"].astype(int) + midden)

    @cached_property
    def vervallen(self) -> dict[str, tuple[int, str]]:
        """Code -> (first map without it, its name), for gemeenten that are gone."""
        tabel = self._wijzigingen.sort_values("jaar")
        rijen = zip(tabel["gm_oud"], tabel["kaart"], tabel["naam_oud"], strict=True)
        return {oud: (int(kaart), str(naam)) for oud, kaart, naam in rijen if oud not in self.gemeenten}

    @cached_property
    def ontstaan(self) -> dict[str, int]:
        """Code -> first map with it, for gemeenten made by a reorganisation."""
        eerste = self._wijzigingen.groupby("gm_nieuw")["kaart"].min()
        return {
            str(code): int(jaar) for code, jaar in eerste.items() if int(str(code)[2:]) > HOOGSTE_OUDE_CODE
        }

    @cached_property
    def _kaarten(self) -> dict[int, dict[str, str]]:
        return {}

    def kaart(self, jaar: int) -> dict[str, str]:
        """Gemeente code -> name on the map of 1 January of a year."""
        jaar = als_jaar(jaar)
        if jaar not in self._kaarten:
            self._kaarten[jaar] = self._maak_kaart(jaar)
        return self._kaarten[jaar]

    def _maak_kaart(self, jaar: int) -> dict[str, str]:
        if not EERSTE_KAART <= jaar <= LAATSTE_KAART:
            raise OnbekendPeiljaarFout(
                f"peiljaar {jaar} is er niet; kies een jaar van {EERSTE_KAART} tot en met {LAATSTE_KAART}",
                [str(jaar)],
            )
        namen = dict(self.gemeenten)
        wijzigingen = self._wijzigingen
        namen |= dict(zip(wijzigingen["gm_nieuw"], wijzigingen["naam_nieuw"], strict=True))
        namen |= {code: naam for code, (_, naam) in self.vervallen.items()} | dict(self.gemeenten)
        if self.codes is not None:
            return {str(code): str(namen.get(str(code), "onbekend")) for code in self.codes(jaar)}
        return {
            code: str(naam)
            for code, naam in namen.items()
            if self.ontstaan.get(code, 0) <= jaar < self.vervallen.get(code, (9999, ""))[0]
            and (code in self.gemeenten or code in self.vervallen)
        }

    def oorsprong(self, jaar: int) -> dict[str, frozenset[str]]:
        """Gemeente of 2024 -> the gemeenten on the map of `jaar` that went (partly) into it."""
        bestaand = self.kaart(jaar)
        naar: dict[str, set[str]] = {}
        latere = self._wijzigingen.loc[self._wijzigingen["kaart"] > jaar]
        stappen = latere.groupby("gm_oud")["gm_nieuw"].agg(list).to_dict()
        for code in bestaand:
            eind, open_ = set(), [code]
            while open_:
                nu = open_.pop()
                if nu in self.gemeenten:
                    eind.add(nu)
                else:
                    open_.extend(stappen.get(nu, []))
            for doel in eind:
                naar.setdefault(doel, set()).add(code)
        return {doel: frozenset(codes) for doel, codes in naar.items()}

    def waarschijnlijk(self, tekst: object) -> str:
        """The codes that a bare number or a name may mean, in words for an advice; empty if none."""
        kern = re.sub(r"\.0+$", "", str(tekst).strip())
        if re.fullmatch(r"[0-9]{1,4}", kern):
            codes = [f"GM{int(kern):04d}", *(f"{voor}{int(kern):02d}" for voor in ("PV", "CR", "VR", "RA"))]
            codes = [code for code in codes if code in self.soorten or code in self.vervallen]
        else:
            # all of them: a name can belong to a gemeente and a province, or to two gemeenten
            codes = self._op_naam.get(vouw(tekst), [])
        return " of ".join(f"{code} ({self.naam(code)})" for code in codes[:4])

    @cached_property
    def _op_naam(self) -> dict[str, list[str]]:
        namen: dict[str, list[str]] = {}
        for code in [*self.soorten, *self.vervallen]:
            namen.setdefault(vouw(self.naam(code)), []).append(code)
        return namen

    def op_naam(self, naam: object) -> list[str]:
        """Every code, current or past, that has this name."""
        return self._op_naam.get(vouw(naam), [])

    def gemeenten_van(self, gebied: str | Iterable[str]) -> frozenset[str]:
        """The gemeenten of one or more areas, each a gemeente, a region or `NL`."""
        if not isinstance(gebied, Iterable):
            raise OnbekendGebiedFout(f"gebied is {gebied!r:.40}; geef een code zoals GM0505, of meer codes")
        codes: list[object] = [gebied] if isinstance(gebied, str) else list(gebied)
        uit: set[str] = set()
        fout = []
        for code in codes:
            if not isinstance(code, str):
                fout.append(f"{code!r:.40}")
            elif code in self.gemeenten:
                uit.add(code)
            elif code in self.eigen:
                uit |= self.eigen[code]
            elif (soort := self.soorten.get(code)) and soort in self.indeling:
                uit |= set(self.indeling.index[self.indeling[soort] == code])
            else:
                fout.append(str(code))
        if fout or not codes:
            bedoeld = "; ".join(f"{code}: {raad}" for code in fout if (raad := self.waarschijnlijk(code)))
            extra = f" (bedoelt u {bedoeld}?)" if bedoeld else ""
            raise OnbekendGebiedFout(
                f"onbekend gebied: {', '.join(fout) or 'geen'}{extra}; geef codes zoals GM0505", fout
            )
        return frozenset(uit)

    def inwoners_van(self, code: str) -> float:
        """People in an area, NaN if not known."""
        if code in self.inwoners:
            return float(self.inwoners[code])
        try:
            leden = self.gemeenten_van(code)
        except OnbekendGebiedFout:
            return float("nan")
        return sum(self.inwoners.get(gm, float("nan")) for gm in leden)

    @classmethod
    def uit_snapshot(cls) -> Gebiedenboek:
        """The book of the embedded snapshot."""
        # the snapshot is read only when a delivery is: importing this module must not load it
        from huisartsdata.gebieden import herindeling, register

        gemeenten = register.load_gemeenten()
        kolommen = {naam[: -len("_code")]: naam for naam in gemeenten.columns if str(naam).endswith("_code")}
        indeling = pd.DataFrame({soort: gemeenten[kolom] for soort, kolom in kolommen.items()})
        regios = {
            soort: dict(zip(gemeenten[kolom].astype(str), gemeenten[soort].astype(str), strict=True))
            for soort, kolom in kolommen.items()
        }
        bevolking = register.load_bevolking()["inwoners_1_januari"]
        laatste = bevolking.groupby(level="gm_code").last().to_dict()
        return cls(
            gemeenten=dict(zip(gemeenten.index.astype(str), gemeenten["naam"].astype(str), strict=True)),
            regios=regios,
            indeling=indeling,
            herindelingen=herindeling.load_herindelingen(),
            pc4=register.load_pc4()["gm_code"].to_dict(),
            verplaats=_verplaats,
            codes=herindeling.gemeentecodes,
            inwoners=laatste | gemeenten["inwoners"].to_dict(),
        )


def _verplaats(tabel: pd.DataFrame, van: int, som: list[str], verdeling: pd.DataFrame | None) -> pd.DataFrame:
    from huisartsdata.gebieden.herindeling import herindeel

    return herindeel(tabel, van=van, naar=PEILJAAR, som=som, verdeling=verdeling)
