# change of: solution
# feedback: on n’y arrive pas par « devis » | le client appelant lui-même
-from flask import Flask
+from flask import Flask, request

-def ask(service, path):
+def ask(service, path, trace):

-    return requests.get(found["instances"][0]["url"] + path, timeout=5).json()
+    headers = {"traceparent": trace}
+    return requests.get(found["instances"][0]["url"] + path, headers=headers, timeout=5).json()

-    return pool.submit(contextvars.copy_context().run, *task)
+    return pool.submit(*task, request.headers["traceparent"])
