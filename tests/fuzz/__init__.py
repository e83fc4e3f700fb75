"""A search for inputs that a reader does not refuse by name: `make fuzz`."""
