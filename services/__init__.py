"""The shop's services, one folder each, and the chassis that all of them use."""
