"""What is observed of the services: their spans, their log, and the graph drawn from both."""
