# change of: solution
# feedback: pendant que d’autres requêtes arrivaient | les secondes de cette requête-là
-    g.began = time.perf_counter()
+    global began
+    began = time.perf_counter()

-    seconds = time.perf_counter() - g.began
+    seconds = time.perf_counter() - began
