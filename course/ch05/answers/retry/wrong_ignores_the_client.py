# change of: solution
# feedback: Le client attend 0,5 s | 4 essais
-    end = time.monotonic() + seconds
+    end = time.monotonic() + 60
