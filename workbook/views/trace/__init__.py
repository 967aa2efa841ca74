"""One request: the waterfall and the sequence diagram of its spans."""
