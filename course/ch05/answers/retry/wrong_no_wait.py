# change of: solution
# feedback: 0,00 s | rappelé aussitôt
-            sleep(max(0, min(wait, end - time.monotonic())))
+            wait = 0
