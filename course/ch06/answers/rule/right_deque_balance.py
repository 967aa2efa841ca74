from collections import deque


def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    # un mauvais appel pèse +1, un bon −1 : la moitié, c’est zéro ou plus
    window = deque(calls, maxlen=10)
    if len(window) in range(4):
        return False
    balance = 0
    while window:
        call = window.popleft()
        if call["status"] is not None and call["status"] < 500 and call["seconds"] <= 1:
            balance -= 1
        else:
            balance += 1
    return balance >= 0
