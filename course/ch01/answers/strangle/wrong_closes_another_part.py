# change of: solution
# feedback: juste avant | unité
-    facade.post("/facade/hold?part=stock")
+    facade.post("/facade/hold?part=orders")
