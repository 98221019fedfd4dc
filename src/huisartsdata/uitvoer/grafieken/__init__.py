"""Charts: bands, grids, panels."""
