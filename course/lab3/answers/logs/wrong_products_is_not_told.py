# change of: solution
# feedback: Products a reçu [None]
-        response = requests.get(url, headers={"X-Request-Id": g.request_id}, timeout=1)
+        response = requests.get(url, timeout=1)
