def place(url, order, seconds, sleep=time.sleep, key=None, tries=4):
    key = key or f"{time.time_ns()}-{random.getrandbits(64)}"
    start = time.monotonic()
    try:
        answer = requests.post(
            url, json=order, headers={"Idempotency-Key": key}, timeout=min(1, seconds)
        )
    except requests.RequestException:
        answer = None
    if answer is not None and not 502 <= answer.status_code <= 504:
        return answer
    wait = random.uniform(0, 0.2 * 2 ** (4 - tries))
    left = seconds - (time.monotonic() - start)
    if tries == 1 or wait >= left:
        return None
    sleep(wait)
    left = seconds - (time.monotonic() - start)
    return place(url, order, left, sleep, key, tries - 1) if left > 0 else None
