"""What a notebook or brief tells: figures and tables per question."""
