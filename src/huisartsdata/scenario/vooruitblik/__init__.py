"""Supply and need in a later year, and places that depend on one practice."""
