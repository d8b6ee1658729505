"""Rasa graph components and what they are made of: what a message means and which passages answer it."""
