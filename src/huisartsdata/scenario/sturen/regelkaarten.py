"""Evidence cards: what each way of steering did where it is used, how strong that is, and what it needs.

Foreign effects stand here to be read. They are never turned into Dutch elasticities.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from huisartsdata.scenario.sturen.regelbewijs import GEEN, MATIG, ZWAK, Bewijskaart, Kaartbron

if TYPE_CHECKING:
    from collections.abc import Mapping

AZWA = Kaartbron("Aanvullend Zorg- en Welzijnsakkoord (AZWA), 31 augustus 2025, p. 58-59")
BRIEF = Kaartbron("Minister van VWS, brief aan de Tweede Kamer van 12 december 2025")
RAMING = Kaartbron("Capaciteitsorgaan, parameterwaarden raming 2025")
MEDNET = Kaartbron(
    "Mednet over het instroomadvies vanaf 2027",
    "https://www.mednet.nl/nieuws/nieuw-instroomadvies-voor-huisartsen-niet-haalbaar/",
)
HENW = Kaartbron(
    "Huisarts en Wetenschap, 4 februari 2010 (Nivel)",
    "https://www.henw.org/artikelen/huisartsen-honkvast-bij-keuze-locatie",
)
SKIPR = Kaartbron(
    "Skipr, maart 2020 (Nivel, enquête onder 1.100 alumni)",
    "https://www.skipr.nl/nieuws/nieuwe-huisarts-blijft-dicht-bij-opleiding-hangen/",
)
GEEN_WET = "Geen nieuwe wet."

KAARTEN: Mapping[str, Bewijskaart] = MappingProxyType(
    {
        "geen": Bewijskaart(
            werking="Er verandert niets: nieuwe en verhuizende huisartsen verdelen zich zoals het aanbod nu ligt.",
            effect="Pas afgestudeerden willen vaak in Utrecht werken (16%) en weinig in Flevoland (2,4%).",
            bewijskracht=ZWAK,
            waarom="Nederlandse enquête; een voorkeur is geen vestiging.",
            wet=GEEN_WET,
            aanlooptijd="Niet van toepassing.",
            grenzen="Of de spreiding vanzelf schever wordt, zit hier niet in.",
            bronnen=(SKIPR,),
        ),
        "duitsland": Bewijskaart(
            werking="Gebieden boven 110% van de verhouding gaan dicht voor nieuwe huisartsen; onder 75% heet "
            "een gebied onderverzorgd en moeten partijen iets doen.",
            effect="In 2014 lagen 364 van de 879 gebieden boven de grens: sluiten leegt een gebied niet. "
            "Het Max-Planck-instituut noemt de instrumenten tot 2019 nauwelijks werkzaam.",
            bewijskracht=ZWAK,
            waarom="Beschrijvend; geen vergelijking met en zonder regel.",
            wet="Wet van VWS en parlement: beperkt de vrije vestiging.",
            aanlooptijd="Nederlandse termijn onbekend; 2 jaar is een aanname.",
            grenzen="In Duitsland mag een opvolger de plaats in een dicht gebied overnemen; sterkte 1 laat dat "
            "niet toe en is de strengste vorm. De ondergrens vult geen plaatsen. Afstand en wie over de grens "
            "gaat tellen niet mee. De ziektefactor per leeftijd en geslacht is vervangen door de zorgvraag.",
            bronnen=(
                Kaartbron(
                    "Patient und Selbsthilfe, uitleg van de Bedarfsplanung",
                    "https://patient-und-selbsthilfe.de/mitreden/wo/landesebene",
                ),
                Kaartbron(
                    "vdek Sachsen-Anhalt, Bedarfsplanung",
                    "https://www.vdek.com/LVen/SAH/Vertragspartner/Aerzte/Aerztliche_Versorgung.html",
                ),
                Kaartbron(
                    "Versorgungsatlas, artsen boven de grens (2014)",
                    "https://www.versorgungsatlas.de/themen/alle-analysen-nach-datum-sortiert/56/tabellen",
                ),
                Kaartbron(
                    "Max-Planck-Institut für Sozialrecht, Weiterentwicklung der Bedarfsplanung",
                    "https://mpisoc.mpg.de/sozialrecht/forschung/forschungsprojekte/detail/project/"
                    "weiterentwicklung-der-bedarfsplanung-in-der-ambulanten-aerztlichen-versorgung",
                ),
            ),
        ),
        "denemarken": Bewijskaart(
            werking="Een landelijk model verdeelt de plaatsen naar zorgvraag en bindt de regio's; het komt in de "
            "plaats van één grens van 1.600 patiënten per plaats (Aabenraa kreeg in het ontwerp 1.450).",
            effect="Nog niet te zien: de wet geldt sinds 1 juli 2025.",
            bewijskracht=GEEN,
            waarom="Te nieuw voor een evaluatie.",
            wet="Wet van VWS en parlement: beperkt de vrije vestiging en bindt wie contracteert.",
            aanlooptijd="Ingediend 24 april 2025, wet 20 juni, geldig 1 juli 2025; een tijdelijke toeslag in "
            "tekortgebieden tot eind 2026. De Nederlandse 2 jaar is een aanname.",
            grenzen="De Deense ziekteweging is hier de zorgvraag naar leeftijd. De minimumlijst per praktijk is "
            "niet te rekenen: lijsten per praktijk zijn niet openbaar.",
            bronnen=(
                Kaartbron(
                    "Denemarken, wet 718 van 20 juni 2025",
                    "https://www.lovguiden.dk/loven/lov-om-%C3%A6ndring-af-sundhedsloven-national-fordeling-og-"
                    "styring-af-l%C3%A6gekapaciteter-i-det-almenmedicinske-tilbud-begr%C3%A6nsning-i-antal-"
                    "ydernumre-ejet-af-%C3%A9n-l%C3%A6ge-og-flere-og-nye-klinikformer-i-det-almenmedicinske-"
                    "tilbud-mv/1",
                ),
                Kaartbron(
                    "Folketinget, wetsvoorstel L 212",
                    "https://www.ft.dk/samling/20241/lovforslag/l212/20241_l212_som_fremsat.htm",
                ),
                Kaartbron(
                    "Ugeskrift for Læger, 4 juni 2025",
                    "https://ugeskriftet.dk/nyhed/hvad-siger-de-praktiserende-laeger-til-den-nye-nationale-"
                    "fordelingsmodel",
                ),
            ),
        ),
        "frankrijk": Bewijskaart(
            werking="Zones naar bereik (APL, consulten per inwoner per jaar). Onder 2,5 moet een zone worden "
            "aangewezen; daar is geld om zich te vestigen.",
            effect="Het gemiddelde daalde van 3,7 (2016) naar 3,4 (2021); de laagste tien procent had 1,5 en de "
            "hoogste 5,7, en dat verschil groeide. Waar het bereik laag is gaat 29% naar de naaste huisarts, "
            "waar het hoog is 78%.",
            bewijskracht=ZWAK,
            waarom="Landelijke reeks zonder vergelijking; de daling kwam door minder huisartsen.",
            wet="Subsidie of contract; raakt de vrije vestiging niet.",
            aanlooptijd="Een jaar is een aanname.",
            grenzen="Huisartsen boven 65 tellen in Frankrijk niet mee: leeftijd per praktijk is hier onbekend. De "
            "5.400 consulten per fte zijn Frans. Een grens voor de tweede klasse (ZAC) geeft u zelf op.",
            bronnen=(
                Kaartbron(
                    "La Gazette des communes over het besluit van 13 november 2017",
                    "https://www.lagazettedescommunes.com/535304/la-methodologie-pour-determiner-les-zones-"
                    "caracterisees-par-une-offre-de-soins-insuffisante",
                ),
                Kaartbron(
                    "ARS Bourgogne-Franche-Comté, kaart van de APL",
                    "https://ckan2.data.arnia-bfc.fr/dataset/cartes-en-images-de-lars-bfc/resource/"
                    "f6e896ce-919f-4080-9294-9adaab4099ea",
                ),
                Kaartbron(
                    "DREES, cijfers van 2021",
                    "https://drees.solidarites-sante.gouv.fr/jeux-de-donnees-communique-de-presse/"
                    "accessibilite-aux-soins-de-premier-recours-degradation-de-la",
                ),
                Kaartbron(
                    "Irdes, november 2016",
                    "https://www.irdes.fr/presse/2016/le-graphique-du-mois-novembre-taux-recours-soins-de-ville-"
                    "proches-selon-niveau-de-l-apl.html",
                ),
            ),
        ),
        "belgie": Bewijskaart(
            werking="Impulseo: 20.000 euro voor wie begint waar minder dan 90 huisartsen per 100.000 inwoners "
            "werken, of minder dan 120 waar minder dan 125 mensen per km2 wonen.",
            effect="In één jaar kwamen 54 gemeenten op de Vlaamse lijst en gingen er 19 af: een grens op personen "
            "is onrustig. Een evaluatie vond de premie niet doorslaggevend; Vlaanderen schrapte haar per 1 juli "
            "2020.",
            bewijskracht=ZWAK,
            waarom="Een evaluatie en een lange reeks, zonder vergelijkingsgroep.",
            wet="Subsidie of contract; raakt de vrije vestiging niet.",
            aanlooptijd="Een jaar is een aanname.",
            grenzen="Telt personen: fte is omgerekend met het landelijke gemiddelde van de functie. De premie is "
            "Belgisch geld en geen Nederlandse prijs.",
            bronnen=(
                Kaartbron(
                    "Artsenkrant 2011 (Riziv)",
                    "https://www.artsenkrant.com/actueel/vier-op-de-tien-belgische-gemeenten-kampen-met-"
                    "huisartsentekort/article-normal-3127.html",
                ),
                Kaartbron(
                    "HLN, 26 augustus 2019",
                    "https://www.hln.be/nieuws/binnenland/in-kaart-ondanks-stijging-aantal-huisartsen-toch-227-"
                    "huisartsarme-gemeenten-in-vlaanderen~aa8ce0b97/",
                ),
                Kaartbron(
                    "Artsenkrant 2019 (evaluatie)",
                    "https://www.artsenkrant.com/actueel/meer-dan-twee-derde-gemeenten-huisartsenarm/"
                    "article-normal-40345.html",
                ),
                Kaartbron(
                    "VLAIO, wijzigingen Impulsfonds",
                    "https://www.vlaio.be/nl/subsidies-financiering/subsidiedatabank/wijzigingen/308",
                ),
            ),
        ),
        "vs": Bewijskaart(
            werking="HPSA: vanaf 3.500 mensen per fte, of boven 3.000 bij een ongewoon hoge behoefte, in een gebied "
            "binnen 30 minuten; daaraan hangen beurzen en toeslagen.",
            effect="In 2006 was bijna driekwart van de counties geheel of deels aangewezen, terwijl aangewezen "
            "gebieden gemiddeld 1.661 mensen per huisarts hadden.",
            bewijskracht=ZWAK,
            waarom="Beschrijvend.",
            wet="Subsidie of contract; raakt de vrije vestiging niet.",
            aanlooptijd="Een jaar is een aanname.",
            grenzen="Welke gebieden een hoge behoefte hebben geeft u zelf op: de Amerikaanse scores zijn niet "
            "nagegaan. Of buurgebieden vol zitten telt niet mee; het bereik over de grens staat daarvoor.",
            bronnen=(
                Kaartbron(
                    "42 CFR deel 5, bijlage A",
                    "https://govregs.com/regulations/title42_chapterI_part5_appendixAppendixA",
                ),
                Kaartbron(
                    "American Family Physician 2008;77(10):1378",
                    "https://www.aafp.org/pubs/afp/issues/2008/0515/p1378.html",
                ),
            ),
        ),
        "australie": Bewijskaart(
            werking="DPA: 827 verzorgingsgebieden uit echte patiëntstromen, vergeleken met een peil naar leeftijd, "
            "geslacht en achterstand; wie in het buitenland is opgeleid moet in zo'n gebied werken.",
            effect="Geen effect gevonden dat hier past.",
            bewijskracht=GEEN,
            waarom="De bron beschrijft alleen de aanwijzing.",
            wet="Wet van VWS en parlement: bindt een groep artsen aan plaatsen.",
            aanlooptijd="Twee jaar is een aanname.",
            grenzen="Patiëntstromen zijn hier niet openbaar: het berekende bereik staat ervoor. Nederland kent per "
            "jaar 14 nieuwe huisartsen met een buitenlands diploma: meer kan deze regel niet binden.",
            bronnen=(
                Kaartbron(
                    "Australian Government, Distribution Priority Area",
                    "https://www.health.gov.au/topics/rural-health-workforce/classifications/dpa",
                ),
                RAMING,
            ),
        ),
        "engeland": Bewijskaart(
            werking="TERS: 20.000 pond voor wie de opleiding volgt op een plaats die jaren onvervuld bleef.",
            effect="Engeland vulde zo 122 plaatsen (86%) in 2016 en 133 (93%) in 2017. In Schotland werden "
            "plaatsen in opleidingen met een beurs vaker vervuld (odds ratio 2,33; 1,74 tot 3,12: dat gaat over "
            "werving, niet over waar iemand later werkt). Het verschil tussen arme en rijke buurten in Engeland ging "
            "van 4,2 (3,1 tot 5,3) naar -0,7 (-2,5 tot 1,1) fte per 100.000, gewogen naar zorgvraag, tussen 2004 en "
            "2013, zonder vergelijkingsgroep; de beurs kwam later en kan dat niet hebben gedaan.",
            bewijskracht=MATIG,
            waarom="Voor en na, met vergelijkingsgroep, op werving voor de opleiding; wie daarna blijft is niet "
            "gemeten.",
            wet="Subsidie; opleidingsplaatsen verdeelt VWS.",
            aanlooptijd="Een jaar (aanname) plus de opleiding van 3,2 jaar.",
            grenzen="Welke plaatsen onvervuld blijven is per regio niet openbaar: de regio's met de minste fte per "
            "gewogen inwoner staan ervoor. Wie na de opleiding blijft is een aanname in sterkte.",
            bronnen=(
                Kaartbron(
                    "NHS England, Targeted Enhanced Recruitment Scheme",
                    "https://www.england.nhs.uk/gp/the-best-place-to-work/starting-your-career/recruitment/",
                ),
                Kaartbron(
                    "BJGP Open 2025 (Schotland)",
                    "https://bjgpopen.org/content/early/2025/04/14/BJGPO.2024.0289",
                ),
                Kaartbron(
                    "Asaria e.a., BMJ Open 2016", "https://bmjopen.bmj.com/content/6/1/e008783.abstract"
                ),
            ),
        ),
        "d4": Bewijskaart(
            werking="AZWA D4: verzekeraars leggen geld waar het (verwachte) tekort het grootst is, tussen en binnen "
            "regio's, op objectieve gegevens (de kaarten van Nivel).",
            effect="Nog niet te zien; de afspraak is van 2025.",
            bewijskracht=GEEN,
            waarom="Te nieuw voor een evaluatie.",
            wet="Geen nieuwe wet: contract van verzekeraars binnen de zorgplicht.",
            aanlooptijd="Een jaar is een aanname.",
            grenzen="Nivels kaarten zijn niet ingebouwd: het eigen tekort per gemeente staat ervoor. Een bedrag is "
            "niet gepubliceerd; de kosten rekenen met de toeslag voor achterstandswijken als voorbeeld.",
            bronnen=(
                AZWA,
                Kaartbron(
                    "LHV, AZWA: hoe zit het met de financiering?",
                    "https://www.lhv.nl/nieuws/azwa-hoe-zit-het-met-de-financiering",
                ),
                Kaartbron("NZa, tariefbeschikking huisartsenzorg 2026, TB/REG-26611-02"),
            ),
        ),
        "opleiding_regio": Bewijskaart(
            werking="Opleidingsplaatsen gaan van regio's met meer dan hun deel naar regio's met minder.",
            effect="Meer dan 40% van de afgestudeerden wil het liefst werken in de provincie van de opleiding; wie "
            "begint doet dat vooral in de regio van de opleiding.",
            bewijskracht=ZWAK,
            waarom="Nederlandse enquêtes zonder vergelijking; wie een plaats kiest wilde er vaak al heen.",
            wet="Verdeelplan van VWS met de opleidingen; geen nieuwe wet bekend.",
            aanlooptijd="Een jaar (aanname) plus de opleiding van 3,2 jaar.",
            grenzen="Plaatsen en opleiders per regio zijn niet openbaar; of er genoeg opleiders zijn telt niet mee.",
            bronnen=(HENW, SKIPR),
        ),
        "opleiding_meer": Bewijskaart(
            werking="Meer mensen in opleiding: van 718 naar het advies van 1.026 per jaar. Voegt fte toe.",
            effect="De instroom is ongeveer 720, het advies 1.026; volgens Mednet niet haalbaar.",
            bewijskracht=MATIG,
            waarom="De stroom is gemeten; of de plaatsen vollopen is de vraag.",
            wet="Besluit van VWS over plaatsen; geen nieuwe wet.",
            aanlooptijd="Een jaar (aanname) plus de opleiding van 3,2 jaar.",
            grenzen="De extra fte verdeelt zich als het aanbod nu ligt; combineer met een andere regel om te sturen.",
            bronnen=(MEDNET, RAMING),
        ),
        "ruil": Bewijskaart(
            werking="Een landelijk ruil- en inschrijfsysteem zet mensen over naar een praktijk dichterbij.",
            effect="De enige Nederlandse proef (DrechtDokters, augustus 2025) stuurde 3.000 brieven; dat een kwart "
            "zou overstappen is niet gehaald, van de willigen kreeg 85% een plek.",
            bewijskracht=ZWAK,
            waarom="Eén proef, zonder vergelijkingsgroep.",
            wet="Afspraak in het AZWA; raakt de vrije keuze alleen als ruilen verplicht wordt.",
            aanlooptijd="Onbekend.",
            grenzen="Verplaatst geen fte en maakt tussen volle praktijken geen ruimte. Wie ver van huis staat "
            "ingeschreven is niet openbaar: reken met hd.scenario.ruil.",
            bronnen=(BRIEF, Kaartbron("RTV Dordrecht, 15 oktober 2025", "https://www.rtvdordrecht.nl")),
        ),
        "productiviteit": Bewijskaart(
            werking="Elke fte helpt meer mensen: doelmatiger werken en taken bij anderen.",
            effect="Het Capaciteitsorgaan rekent met 0,5% minder werk per jaar door doelmatigheid en 1,1% door "
            "verschuiving naar andere beroepen.",
            bewijskracht=ZWAK,
            waarom="Een raming van deskundigen, geen meting.",
            wet=GEEN_WET,
            aanlooptijd="Loopt vanaf het begin mee.",
            grenzen="Overal even sterk: stuurt de spreiding niet. Zes op de tien praktijken missen spreekkamers.",
            bronnen=(RAMING, Kaartbron("NZa, verantwoordingsdocument 2025, par. 8.1.2")),
        ),
        "norm": Bewijskaart(
            werking="Een andere norm: mensen per fte die genoeg heten.",
            effect="Verandert de meetlat en niet de zorg.",
            bewijskracht=GEEN,
            waarom="Een keuze, geen maatregel.",
            wet="De norm van 2.095 is een gemiddelde achter het tarief van de NZa.",
            aanlooptijd="Geen.",
            grenzen="Helpt niemand: tekort voor en na staan op twee meetlatten.",
            bronnen=(
                Kaartbron(
                    "ZorgenZ over de normpraktijk",
                    "https://zorgenz.nl/normpraktijk-huisarts-verlaagd-naar-2095-patienten/",
                ),
            ),
        ),
    }
)
