"""The chat widget beside others that a supplier could embed."""
