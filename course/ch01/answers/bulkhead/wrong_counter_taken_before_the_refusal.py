# change of: right_counter_under_lock
# feedback: ses places à elle
-        full = inside[part] >= 2
-        if not full:
-            inside[part] += 1
+        full = inside[part] >= 2
+        inside[part] += 1
