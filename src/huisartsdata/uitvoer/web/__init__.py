"""Maps as one html file that asks no network for anything."""
