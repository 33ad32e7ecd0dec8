"""Provenance: manifest of inputs and outputs, description of the public tables."""
