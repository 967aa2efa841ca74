from collections import deque


def next_command(history):
    """Refunding what was never charged does no harm: no need to know."""
    last = dict(history)
    failing = "saga" in last or "refused" in last.values()
    todo = deque(["refund", "release"] if failing else ["reserve", "charge", "confirm"])
    while todo and last.get(todo[0]) == "done":
        todo.popleft()
    return todo[0] if todo else None
