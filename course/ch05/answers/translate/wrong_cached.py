# change of: right_urllib
# feedback: répond 200, puis 503
# mistake: garde(nt) la première réponse au lieu de redemander
-def find_user(url):
+import functools
+
+
+@functools.lru_cache
+def find_user(url):
