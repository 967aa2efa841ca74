# change of: solution
# feedback: n’a aucun segment
-        return (service if below else peer), (service, peer)
+        return service, (service, peer)
