"""Processes of a run: the launcher in the kernel, and the helper it forks services from."""
