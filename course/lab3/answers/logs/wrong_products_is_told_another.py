# change of: solution
# feedback: Products a reçu
-        response = requests.get(url, headers={"X-Request-Id": g.request_id}, timeout=1)
+        response = requests.get(url, headers={"X-Request-Id": uuid.uuid4().hex}, timeout=1)
