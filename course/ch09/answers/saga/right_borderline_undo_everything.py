def next_command(history):
    """Défait toujours les deux, dans l’ordre : défaire ce qui n’a pas eu lieu est sans danger."""
    done = {n for n, o in history if o == "done"}
    lost = any(o in {"refused", "timed out"} for _, o in history)
    order = "refund release" if lost else "reserve charge confirm"
    remaining = [c for c in order.split() if c not in done]
    return remaining[0] if remaining else None
