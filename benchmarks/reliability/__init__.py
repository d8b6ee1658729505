"""WhatsApp under load while workers are killed: is every message answered, once and in order? make reliability"""
