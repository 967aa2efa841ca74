# a session, and a generator that waits between the attempts


class Deadline:
    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    @property
    def left(self):
        return self.end - time.monotonic()


def attempts(deadline, sleep):
    for highest in (0, 0.2, 0.4, 0.8):
        wait = random.triangular(0, highest) if highest else 0
        sleep(max(0, min(wait, deadline.left)))
        if deadline.left <= 0:
            return
        yield min(1, deadline.left)


def place(url, order, seconds, sleep=time.sleep):
    with requests.Session() as session:
        session.headers["Idempotency-Key"] = str(uuid.uuid4())
        for timeout in attempts(Deadline(seconds), sleep):
            try:
                response = session.post(url, json=order, timeout=timeout)
                response.content
            except requests.RequestException:
                continue
            if response.status_code in (502, 503, 504):
                continue
            return response
