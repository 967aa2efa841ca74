# change of: solution
# feedback: 0 appel(s) | rappelé aussitôt
-            sleep(max(0, min(wait, end - time.monotonic())))
+            wait = 0
