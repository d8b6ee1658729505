"""The only code that meets strangers."""
