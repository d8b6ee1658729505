"""Passages, warnings and remembered conditions to one answer. Imports no Rasa."""
