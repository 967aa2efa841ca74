"""The proof: the shop is killed at every named line, and its books are still right.

    python -m tests.chaos                    everything (`make chaos`)
    python -m tests.chaos --only storm --seed 7

history      what clients asked and heard, in Jepsen's words: invoke, ok, fail, info
invariants   I1 to I13, pure functions over a history and the books of the shop
world        a small shop for one run, supervised, and its books read from outside
points       every named crash point × first, middle and last pass × payment; pairs of them
mutants      planted bugs: the proof of the proof, each must break a named invariant
storm        a thousand orders under a nemesis, replayable by its seed
"""
