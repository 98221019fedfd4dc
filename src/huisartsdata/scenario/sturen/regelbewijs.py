"""The form of an evidence card: what is known of a rule, from which sources."""

from __future__ import annotations

from dataclasses import dataclass

MATIG, ZWAK, GEEN = "matig", "zwak", "geen"  # nothing found here is strong


@dataclass(frozen=True)
class Kaartbron:
    """A source: a document by name, with its address where it has one."""

    naam: str
    url: str | None = None


@dataclass(frozen=True)
class Bewijskaart:
    """What is known of a rule.

    Attributes
    ----------
    werking
        What the rule does.
    effect
        What it did where it is used.
    bewijskracht, waarom
        matig, zwak or geen (nothing found here is strong), and why.
    wet
        Whose law or agreement it would need in the Netherlands.
    aanlooptijd
        What is known of the time it takes.
    grenzen
        What cannot be modelled here.
    bronnen
        Sources of the facts above.
    """

    werking: str
    effect: str
    bewijskracht: str
    waarom: str
    wet: str
    aanlooptijd: str
    grenzen: str
    bronnen: tuple[Kaartbron, ...] = ()
