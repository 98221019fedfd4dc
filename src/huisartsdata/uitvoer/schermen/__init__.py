"""What moves in JupyterLab: sliders, panels, tables."""
