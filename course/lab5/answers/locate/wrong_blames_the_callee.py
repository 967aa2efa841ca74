# change of: solution
# feedback: est vert
-        return (service if below else peer), (service, peer)
+        return peer, (service, peer)
