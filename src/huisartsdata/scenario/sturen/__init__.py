"""Ways of steering as executable rules, with their evidence."""
