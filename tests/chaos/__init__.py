"""The proof: the shop is killed at every named line, and its books are still right.

    python -m tests.chaos                    everything (`make chaos`)
    python -m tests.chaos --only storm --seed 7

invariants   I1 to I14, pure functions over a history and the books of the shop
shop         its services, shelves, cards and customers, derived from the catalogue
plans        what a run asks of the shop and what befalls it, and what came of it
ground       the launcher, the broker, auth and products, that all the runs share
world        a small supervised shop of one's own, with faults
vhost, books its queues and its databases, read from outside
impostor     another program at the address of a dead service
machine      what share of the machine the others left
clients      its customers, that retry
runs         plans carried out, each in a shop of its own or a few in one, and judged
points       every named crash point × first, middle and last pass × payment; pairs of them
mutants      planted bugs: the proof of the proof, each must break a named invariant
storm        a thousand orders under a nemesis, replayable by its seed
"""
