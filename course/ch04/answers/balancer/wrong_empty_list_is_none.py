# change of: solution
# feedback: NoInstance | le service est absent
-        error, left = NoInstance(), set(urls)
+        if not urls:
+            return None
+        error, left = NoInstance(), set(urls)
