"""Custom actions, one a file: each a few lines over bot.answers."""
