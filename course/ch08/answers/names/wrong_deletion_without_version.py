# change of: right_names_and_tombstones
# feedback: suppression | Zoé
-        if version <= self.seen[customer]:
-            return
-        self.seen[customer] = version
-        if event["type"] == "CUSTOMER_DELETED":
-            self.names.pop(customer, None)
-        else:
+        if event["type"] == "CUSTOMER_DELETED":
+            self.names.pop(customer, None)
+            self.seen[customer] = max(version, self.seen[customer])
+        elif version > self.seen[customer]:
+            self.seen[customer] = version
