# feedback: ce n’est pas tiré | au hasard
# mistake: tire(nt) l’attente une seule fois, pour tous
# draws the wait once, when the cell is run: every client has the same.
WAIT = random.uniform(0.05, 0.2)


def place(url, order, seconds, sleep=time.sleep):
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    end = time.monotonic() + seconds
    for attempt in range(4):
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
            if response.status_code not in (502, 503, 504):
                return response
        except requests.RequestException:
            pass
        if attempt < 3:
            sleep(max(0, min(WAIT, end - time.monotonic())))
