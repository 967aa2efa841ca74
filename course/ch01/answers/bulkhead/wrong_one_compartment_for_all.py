# change of: solution
# feedback: est figé | ses places à elle
-    free[name] = threading.Semaphore(2)
+    free[name] = free.get("products") or threading.Semaphore(2)
