"""A small book of areas with real codes, and writers of deliveries, for the tests of the readers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from huisartsdata.fouten import LeveringFout, SplitsingFout
from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
from huisartsdata.leveringen.nivel import read_nivel

GEMEENTEN = {
    "GM0106": "Assen", "GM0109": "Coevorden", "GM0114": "Emmen", "GM0118": "Hoogeveen", "GM0119": "Meppel",
    "GM0344": "Utrecht", "GM0363": "Amsterdam", "GM0505": "Dordrecht", "GM0642": "Zwijndrecht",
    "GM0164": "Hengelo (O.)", "GM0603": "Rijswijk (ZH.)", "GM0373": "Bergen (NH.)", "GM0893": "Bergen (L.)",
    "GM1979": "Eemsdelta", "GM0824": "Oisterwijk", "GM0855": "Tilburg",
}  # fmt: skip
PROVINCIES = {"PV22": "Drenthe", "PV26": "Utrecht", "PV28": "Zuid-Holland"}
REGIOPLUS = {"RA0102": "Drenthe", "RA0605": "Zuid-Holland Zuid"}
HERINDELINGEN = pd.DataFrame(
    [
        (2021, "GM0003", "Appingedam", "GM1979", "Eemsdelta"),
        (2021, "GM0010", "Delfzijl", "GM1979", "Eemsdelta"),
        (2021, "GM0024", "Loppersum", "GM1979", "Eemsdelta"),
        (2021, "GM0788", "Haaren", "GM0824", "Oisterwijk"),
        (2022, "GM0457", "Weesp", "GM0363", "Amsterdam"),
    ],
    columns=["jaar", "gm_oud", "naam_oud", "gm_nieuw", "naam_nieuw"],
)
PC4 = {
    "9401": "GM0106",
    "9402": "GM0106",
    "7811": "GM0114",
    "3311": "GM0505",
    "3312": "GM0505",
    "3331": "GM0642",
}


def verplaats(tabel: pd.DataFrame, van: int, som: list[str], verdeling: pd.DataFrame | None) -> pd.DataFrame:
    """Sums to the map of 2024 along the register, Haaren by its shares."""
    later = HERINDELINGEN[HERINDELINGEN["jaar"] > van].set_index("gm_oud")["gm_nieuw"]
    plat = tabel.reset_index()
    if "GM0788" in set(plat["gm_code"]) and van < 2021:
        if verdeling is None:
            raise SplitsingFout("verdeeld: GM0788", ["GM0788"])
        deel = plat[plat["gm_code"] == "GM0788"].drop(columns="gm_code")
        delen = deel.merge(verdeling[["gm_nieuw", "aandeel"]], how="cross").rename(
            columns={"gm_nieuw": "gm_code"}
        )
        delen[som] = delen[som].mul(delen.pop("aandeel"), axis=0)
        plat = pd.concat([plat[plat["gm_code"] != "GM0788"], delen])
    plat = plat.assign(gm_code=plat["gm_code"].map(lambda code: later.get(code, code)))
    return plat.groupby(list(tabel.index.names))[som].sum(skipna=False)


def maak_boek() -> Gebiedenboek:
    """The book; provinces and RegioPlus regions hold only the gemeenten above."""
    provincie = dict.fromkeys(("GM0106", "GM0109", "GM0114", "GM0118", "GM0119"), "PV22")
    provincie |= {"GM0344": "PV26", "GM0505": "PV28", "GM0642": "PV28", "GM0603": "PV28"}
    regioplus = {gm: "RA0102" for gm, pv in provincie.items() if pv == "PV22"}
    regioplus |= {"GM0505": "RA0605", "GM0642": "RA0605"}
    indeling = pd.DataFrame(
        {"provincie": pd.Series(provincie), "regioplus": pd.Series(regioplus)}, index=list(GEMEENTEN)
    )
    return Gebiedenboek(
        gemeenten=GEMEENTEN,
        regios={"provincie": PROVINCIES, "regioplus": REGIOPLUS},
        indeling=indeling,
        herindelingen=HERINDELINGEN,
        pc4=PC4,
        verplaats=verplaats,
    )


def schrijf(map_: Path, tekst: str | bytes, naam: str = "levering.csv") -> Path:
    """Write a delivery as the bytes given, text as utf-8."""
    pad = map_ / naam
    pad.write_bytes(tekst.encode() if isinstance(tekst, str) else tekst)
    return pad


def vindt(fout: LeveringFout, regel: int, deel: str) -> bool:
    """Whether the faults name this line with this word in value, problem or advice."""
    tabel = fout.fouten
    tekst = tabel["kolom"] + " " + tabel["waarde"] + " " + tabel["probleem"] + " " + tabel["advies"]
    return bool(((tabel["regel"] == regel) & tekst.str.contains(deel, regex=False)).any())


def lees_nivel(map_: Path, tekst: str | bytes, **opties):
    """Read a text as a delivery of Nivel's, with the small book."""
    return read_nivel(schrijf(map_, tekst), gebiedenboek=maak_boek(), **opties)


def weiger_nivel(map_: Path, tekst: str | bytes, **opties) -> LeveringFout:
    """The fault with which it is refused."""
    with pytest.raises(LeveringFout) as fout:
        lees_nivel(map_, tekst, **opties)
    return fout.value
