"""Where the staff answer: what a supplier's own inbox, or Chatwoot, calls."""
