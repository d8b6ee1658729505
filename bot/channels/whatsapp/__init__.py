"""The supplier's WhatsApp number, on Meta's Cloud API."""
