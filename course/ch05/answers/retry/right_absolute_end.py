PASSING = {502, 503, 504}


def place(url, order, seconds, sleep=time.sleep):
    key, end = uuid.uuid4().hex, time.time() + seconds
    n = 0
    while n < 4 and time.time() < end:
        if n:
            pause = random.random() * 0.1 * 2**n
            if time.time() + pause >= end:
                return None
            sleep(pause)
            if time.time() >= end:
                return None
        n += 1
        try:
            r = requests.request(
                "POST",
                url,
                json=order,
                headers={"idempotency-key": key},
                timeout=max(0.001, min(1.0, end - time.time())),
            )
            if r.status_code not in PASSING:
                return r
        except requests.exceptions.RequestException:
            continue
    return None
