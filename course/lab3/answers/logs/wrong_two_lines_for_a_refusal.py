# change of: solution
# feedback: 2 lignes | une seule
-    if response.status_code != 200:
+    if response.status_code != 200:
+        line = {"event": "order.refused", "request_id": g.request_id, "status": 502}
+        if response.status_code == 500:
+            print(json.dumps(line) + "\n", end="", flush=True)
