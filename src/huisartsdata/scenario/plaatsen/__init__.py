"""Where to add fte or practices: exact placement, redistribution, frontier."""
