# feedback: essai 2 | perdre des ventes
# mistake: ne réessaie(nt) jamais
def place(url, order, seconds, sleep=time.sleep):
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    try:
        response = requests.post(url, json=order, headers=headers, timeout=min(1, seconds))
    except requests.RequestException:
        return None
    return None if response.status_code in (502, 503, 504) else response
