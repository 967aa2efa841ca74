# change of: solution
# feedback: porte est encore fermée | quoi qu’il arrive
-    finally:
-        facade.post("/facade/release")
+    finally:
+        pass
