"""How safe and right the assistant is, measured: the test set, the intents, and what others have published."""
