# change of: solution
# feedback: 3 y sont entrés | exactement 2
-    free[name] = threading.Semaphore(2)
+    free[name] = threading.Semaphore(3)
