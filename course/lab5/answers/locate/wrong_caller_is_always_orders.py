# change of: solution
# feedback: « orders » échoue de lui-même
-            return service, (caller["service"] if caller else "client", service)
+            return service, ("orders", service)
