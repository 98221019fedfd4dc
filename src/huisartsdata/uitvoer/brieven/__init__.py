"""Briefs as html, pdf, docx and zip from one content."""
