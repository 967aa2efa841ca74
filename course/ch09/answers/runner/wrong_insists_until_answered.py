# change of: solution
# feedback: redemande « reserve » dans le même appel | insisterait sans regarder l’heure
-def run(log, send, is_late):
-    """Mène une commande à sa fin, et dit laquelle."""
+def run(log, send_once, is_late):
+    def send(command):
+        while True:
+            try:
+                return send_once(command)
+            except Exception:
+                continue  # les participants sont idempotents
+
