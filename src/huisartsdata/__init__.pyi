# the lazy public names, for type checkers and editors; a test holds it equal to `_NAMEN`

from huisartsdata import fouten as fouten
from huisartsdata import schema as schema
from huisartsdata.bronnen.catalogus import snapshot as snapshot
from huisartsdata.bronnen.parameters import load_parameters as load_parameters
from huisartsdata.gebieden.herindeling import herindeel as herindeel
from huisartsdata.gebieden.herindeling import load_herindelingen as load_herindelingen
from huisartsdata.gebieden.herindeling import load_verdeling as load_verdeling
from huisartsdata.gebieden.kerncijfers import load_afstandreeks as load_afstandreeks
from huisartsdata.gebieden.kerncijfers import load_kerncijfers as load_kerncijfers
from huisartsdata.gebieden.register import load_afstand as load_afstand
from huisartsdata.gebieden.register import load_bevolking as load_bevolking
from huisartsdata.gebieden.register import load_buurten as load_buurten
from huisartsdata.gebieden.register import load_buurtvlakken as load_buurtvlakken
from huisartsdata.gebieden.register import load_feiten as load_feiten
from huisartsdata.gebieden.register import load_gebieden as load_gebieden
from huisartsdata.gebieden.register import load_gemeenten as load_gemeenten
from huisartsdata.gebieden.register import load_leeftijden as load_leeftijden
from huisartsdata.gebieden.register import load_pc4 as load_pc4
from huisartsdata.gebieden.register import load_praktijken as load_praktijken
from huisartsdata.gebieden.register import load_signalen as load_signalen
from huisartsdata.gebieden.register import load_water as load_water
from huisartsdata.gebieden.register import load_wijken as load_wijken
from huisartsdata.gebieden.reistijd import Reistijden as Reistijden
from huisartsdata.leveringen.eigen_gebieden import read_gebieden as read_gebieden
from huisartsdata.leveringen.levering import Levering as Levering
from huisartsdata.leveringen.nivel import read_nivel as read_nivel
from huisartsdata.leveringen.praktijken import read_praktijken as read_praktijken
from huisartsdata.leveringen.vektis import read_vektis as read_vektis
from huisartsdata.model import verval as verval
from huisartsdata.model.bereik import fca as fca

__version__: str
