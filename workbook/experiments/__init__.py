"""Experiments whose machinery is not the lesson: what it measures stays in the notebook."""
