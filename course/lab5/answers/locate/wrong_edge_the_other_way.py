# change of: solution
# feedback: « products » échoue
-            return service, (caller["service"] if caller else "client", service)
+            return service, (service, caller["service"] if caller else "client")
