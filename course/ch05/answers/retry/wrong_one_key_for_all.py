# feedback: clé nouvelle | qu'une
# mistake: (prend|prennent) une seule clé pour toutes les commandes
KEY = str(uuid.uuid4())


def place(url, order, seconds, sleep=time.sleep):
    headers = {"Idempotency-Key": KEY}
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
            sleep(max(0, min(random.uniform(0, 0.2), end - time.monotonic())))
