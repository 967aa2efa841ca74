"""The proof: the shop is killed at every named line, and its books are still right.

    python -m tests.chaos                    everything (`make chaos`)
    python -m tests.chaos --only storm --seed 7

history      what clients asked and heard, in Jepsen's words: invoke, ok, fail, info
invariants   I1 to I13, pure functions over a history and the books of the shop
plans        what a run asks of the shop and what befalls it, and what came of it
ground       the launcher, the broker, auth and products, that all the runs share
world        a small shop of one's own, supervised, told where to die and how to suffer
vhost, books its queues and its databases, read from outside
clients      its customers, who insist
runs         plans carried out, each in a shop of its own or a few in one, and judged
points       every named crash point × first, middle and last pass × payment; pairs of them
mutants      planted bugs: the proof of the proof, each must break a named invariant
storm        a thousand orders under a nemesis, replayable by its seed
"""
