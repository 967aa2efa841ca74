"""The small course on which the machinery is tested."""
