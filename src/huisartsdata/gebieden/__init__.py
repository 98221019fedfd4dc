"""Where: areas, their borders, their changes over time, and travel between points."""
