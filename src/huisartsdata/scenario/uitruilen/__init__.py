"""Patients exchange practices so that more have one nearby."""
