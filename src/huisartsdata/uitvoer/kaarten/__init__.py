"""Maps on paper: layers, labels, legend, panels."""
