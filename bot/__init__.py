"""The assistant: documents, understanding, answers, channels, and the Rasa runtime under them."""
