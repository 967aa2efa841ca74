# change of: solution
# feedback: KeyError
-        self.ends.pop((service, url), None)
+        del self.ends[service, url]
