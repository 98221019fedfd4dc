"""The steering rules as data: parameters with default and source, how they work, on whom and from when."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.sturen import regelaanwijzing as wijzers
from huisartsdata.scenario.sturen.regelkaarten import KAARTEN
from huisartsdata.scenario.sturen.regelwaarden import (
    keur_aandeel,
    keur_codes,
    keur_een_norm,
    keur_gebied,
    keur_ja_nee,
    keur_jaren,
    keur_landelijk,
    keur_niet_negatief,
    keur_of_niets,
    keur_personen,
    keur_positief,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from huisartsdata.scenario.sturen.regelaanwijzing import Wijzer
    from huisartsdata.scenario.sturen.regelbewijs import Bewijskaart

VERPLAATST, VOEGT_TOE, MEETLAT, NIETS = "verplaatst", "voegt toe", "verandert de meetlat", "niets"
EIGEN_KEUZE = "Eigen keuze"


@dataclass(frozen=True)
class RegelParameter:
    """One knob of a rule: its default is a row of `data/parameters.csv`, or a choice that is no number."""

    naam: str
    keur: Callable[[str, Any], Any]
    rij: str | None = None
    keuze: Any = None
    eenheid: str = ""
    toelichting: str = ""

    @property
    def standaard(self) -> Any:
        """Default value."""
        return self.keuze if self.rij is None else parameter(self.rij).waarde


@dataclass(frozen=True)
class Definitie:
    """A rule: what it does, how it designates, whom it reaches, and its card.

    `aanloop` and `opleiding` say which lead time holds and whether training comes on top; `fijn` that
    reach is averaged over the inhabitants of buurten. `niet_te_modelleren` says why there is no effect.
    """

    naam: str
    titel: str
    doet: str
    parameters: tuple[RegelParameter, ...] = ()
    wijzer: Wijzer | None = None
    verhuizers: bool = True
    opleiding: bool = False
    fijn: bool = False
    niet_te_modelleren: str | None = None

    @property
    def kaart(self) -> Bewijskaart:
        """Evidence card."""
        return KAARTEN[self.naam]

    @property
    def kijkt_naar_norm(self) -> bool:
        """Whether the norm decides whom it designates; reach and headcount do not know it."""
        return self.wijzer is wijzers.wijs_tekort

    def vul_in(self, gegeven: Mapping[str, Any]) -> dict[str, Any]:
        """Values of all parameters: the given ones checked, the others by default.

        Raises
        ------
        ParameterFout
            For a parameter that the rule does not have, or a value that cannot be.
        """
        bekend = {p.naam: p for p in self.parameters}
        if vreemd := sorted(set(gegeven) - set(bekend)):
            keuze = f"kies uit {', '.join(bekend)}" if bekend else "die heeft er geen"
            raise ParameterFout(f"regel '{self.naam}' heeft geen parameter {', '.join(vreemd)}; {keuze}")
        return {
            naam: p.keur(naam, gegeven[naam]) if naam in gegeven else p.standaard
            for naam, p in bekend.items()
        }


# --- the rules -----------------------------------------------------------------------------------


def _per(keuze: str, waarom: str) -> RegelParameter:
    return RegelParameter("per", keur_gebied, keuze=keuze, eenheid="gebiedssoort", toelichting=waarom)


def _sterkte(rij: str) -> RegelParameter:
    return RegelParameter("sterkte", keur_aandeel, rij=rij)


def _aanloop(soort: str) -> RegelParameter:
    return RegelParameter("aanlooptijd", keur_jaren, rij=f"regel_aanloop_{soort}")


BINDEND = (_sterkte("regel_sterkte_wet"), _aanloop("wet"))
GELD = (_sterkte("regel_sterkte_geld"), _aanloop("geld"))
DUUR = RegelParameter("opleidingsduur", keur_jaren, rij="regel_opleidingsduur")
BEREIK_GEMEENTE = _per("gemeente", "Kleinste gebied waarvan het aanbod te schatten is")

DEFINITIES: Mapping[str, Definitie] = MappingProxyType(
    {
        d.naam: d
        for d in (
            Definitie("geen", "Niets doen", NIETS),
            Definitie(
                "duitsland",
                "Duitsland: dicht boven 110%, onderverzorgd onder 75%",
                VERPLAATST,
                (
                    _per("regioplus", "Regio waarin Nivel publiceert; per gemeente sluit de regel op ruis"),
                    RegelParameter("verhouding", keur_landelijk, rij="regel_duitsland_verhouding"),
                    RegelParameter("boven", keur_positief, rij="regel_duitsland_boven"),
                    RegelParameter("onder", keur_niet_negatief, rij="regel_duitsland_onder"),
                    RegelParameter(
                        "behoefte",
                        keur_ja_nee,
                        keuze=True,
                        eenheid="ja of nee",
                        toelichting="Weeg inwoners naar zorgvraag; Duitsland gebruikt een ziektefactor",
                    ),
                    *BINDEND,
                ),
                wijzers.wijs_duitsland,
            ),
            Definitie(
                "denemarken",
                "Denemarken: bindend verdeelmodel naar zorgvraag",
                VERPLAATST,
                (
                    _per("regioplus", "Het Deense model bindt regio's"),
                    RegelParameter("grens_patienten", keur_positief, rij="regel_denemarken_patienten"),
                    *BINDEND,
                ),
                wijzers.wijs_verdeelsleutel,
            ),
            Definitie(
                "frankrijk",
                "Frankrijk: geld in zones met weinig bereik (APL)",
                VERPLAATST,
                (
                    BEREIK_GEMEENTE,
                    RegelParameter("consulten", keur_positief, rij="regel_frankrijk_consulten"),
                    RegelParameter("grens", keur_landelijk, rij="regel_frankrijk_grens"),
                    RegelParameter("gemiddeld", keur_positief, rij="regel_frankrijk_gemiddeld"),
                    RegelParameter(
                        "zac_grens",
                        keur_of_niets,
                        eenheid="consulten per inwoner per jaar",
                        toelichting="Tweede klasse, alleen als u de grens opgeeft: niet nagegaan (ongecontroleerd)",
                    ),
                    *GELD,
                ),
                wijzers.wijs_frankrijk,
                fijn=True,
            ),
            Definitie(
                "belgie",
                "België: premie bij weinig huisartsen per inwoner (Impulseo)",
                VERPLAATST,
                (
                    _per("gemeente", "Vlaanderen wijst gemeenten aan"),
                    RegelParameter("dichtheid", keur_positief, rij="regel_belgie_dichtheid"),
                    RegelParameter("dunbevolkt", keur_positief, rij="regel_belgie_dichtheid_dunbevolkt"),
                    RegelParameter("inwoners_km2", keur_niet_negatief, rij="regel_belgie_inwoners_km2"),
                    *GELD,
                ),
                wijzers.wijs_belgie,
            ),
            Definitie(
                "vs",
                "Verenigde Staten: vanaf 3.500 mensen per fte (HPSA)",
                VERPLAATST,
                (
                    BEREIK_GEMEENTE,
                    RegelParameter("verhouding", keur_positief, rij="regel_vs_verhouding"),
                    RegelParameter("verhouding_hoog", keur_positief, rij="regel_vs_verhouding_hoog"),
                    RegelParameter(
                        "hoge_behoefte",
                        keur_codes,
                        keuze=(),
                        eenheid="gebiedscodes",
                        toelichting="Gebieden met een ongewoon hoge behoefte; u geeft ze op",
                    ),
                    *GELD,
                ),
                wijzers.wijs_vs,
            ),
            Definitie(
                "australie",
                "Australië: buitenlandse artsen naar gebieden onder het peil (DPA)",
                VERPLAATST,
                (
                    BEREIK_GEMEENTE,
                    RegelParameter("peil", keur_positief, rij="regel_australie_peil"),
                    RegelParameter("gebonden", keur_niet_negatief, rij="regel_buitenland"),
                    *BINDEND,
                ),
                wijzers.wijs_australie,
                verhuizers=False,
            ),
            Definitie(
                "engeland",
                "Engeland: beurs voor opleiding waar weinig huisartsen zijn (TERS)",
                VERPLAATST,
                (
                    _per("regioplus", "Opleidingsplaatsen gaan per regio"),
                    RegelParameter("aandeel", keur_aandeel, rij="regel_engeland_aandeel"),
                    *GELD,
                    DUUR,
                ),
                wijzers.wijs_laagste,
                verhuizers=False,
                opleiding=True,
            ),
            Definitie(
                "d4",
                "Nederland: geld van verzekeraars bij tekort (AZWA D4)",
                VERPLAATST,
                (
                    BEREIK_GEMEENTE,
                    RegelParameter("toeslag", keur_niet_negatief, rij="opslag_achterstandswijk"),
                    *GELD,
                ),
                wijzers.wijs_tekort,
            ),
            Definitie(
                "opleiding_regio",
                "Nederland: opleidingsplaatsen naar regio",
                VERPLAATST,
                (
                    _per("regioplus", "Opleidingsplaatsen gaan per regio"),
                    RegelParameter("aandeel_plaatsen", keur_aandeel, rij="regel_aandeel_plaatsen"),
                    RegelParameter("blijfkans", keur_aandeel, rij="regel_blijfkans"),
                    _sterkte("regel_sterkte_wet"),
                    _aanloop("opleiding"),
                    DUUR,
                ),
                wijzers.wijs_verdeelsleutel,
                verhuizers=False,
                opleiding=True,
            ),
            Definitie(
                "opleiding_meer",
                "Nederland: meer mensen in opleiding",
                VOEGT_TOE,
                (
                    RegelParameter("plaatsen", keur_personen, rij="regel_instroomadvies"),
                    _sterkte("regel_sterkte_wet"),
                    _aanloop("opleiding"),
                    DUUR,
                ),
                opleiding=True,
            ),
            Definitie(
                "ruil",
                "Nederland: ruil- en inschrijfsysteem",
                NIETS,
                niet_te_modelleren="ruilen verplaatst mensen en geen fte; reken met hd.scenario.ruil",
            ),
            Definitie(
                "productiviteit",
                "Elke fte helpt meer mensen",
                MEETLAT,
                (
                    RegelParameter("groei", keur_aandeel, rij="regel_productiviteit"),
                    _sterkte("regel_sterkte_wet"),
                ),
            ),
            Definitie(
                "norm",
                "Een andere norm",
                MEETLAT,
                (
                    RegelParameter("norm", keur_een_norm, rij="norm_lhv"),
                    _sterkte("regel_sterkte_wet"),
                ),
                niet_te_modelleren="een andere norm verandert de meetlat en niet de zorg: er wordt niemand geholpen",
            ),
        )
    }
)


def zoek_regel(naam: Any) -> Definitie:
    """A rule by name.

    Raises
    ------
    ParameterFout
        For an unknown rule; the message lists the choices.
    """
    if not isinstance(naam, str) or naam not in DEFINITIES:
        raise ParameterFout(f"regel {naam!r:.40} bestaat niet; kies uit {', '.join(DEFINITIES)}")
    return DEFINITIES[naam]
