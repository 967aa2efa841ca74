# feedback: après son départ | aucun essai une fois
# mistake: laisse(nt) un essai vivre après le départ du client
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate


def place(url, order, seconds, sleep=time.sleep):
    """Stops waiting for the thread that tries; the thread itself goes on."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}

    def try_again():
        for attempt in range(4):
            try:
                limit = min(1, seconds)
                response = requests.post(url, json=order, headers=headers, timeout=limit)
                if response.status_code not in (502, 503, 504):
                    return response
            except requests.RequestException:
                pass
            if attempt < 3:
                sleep(random.uniform(0, 0.2 * 2**attempt))
        return None

    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(try_again).result(timeout=seconds)
    except TooLate:
        return None
    finally:
        pool.shutdown(wait=False)
