"""Exercises of the small course on which the machinery is tested."""
