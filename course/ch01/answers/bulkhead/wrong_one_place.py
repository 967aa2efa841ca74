# change of: solution
# feedback: 1 y sont entrés | exactement 2
-    free[name] = threading.Semaphore(2)
+    free[name] = threading.Semaphore(1)
