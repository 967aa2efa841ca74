# change of: solution
# feedback: même clé à chaque essai | débité deux fois
# mistake: change(nt) de clé à chaque essai
-            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
+            headers = {"Idempotency-Key": str(uuid.uuid4())}
+            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
