# change of: right_two_views
# feedback: multiplierait la charge
-    try:
-        answer = requests.get(till(), timeout=2)
-    except requests.RequestException:
-        try:
-            answer = requests.get(till(), timeout=2)
-        except requests.RequestException:
-            abort(502)
-    return answer.json(), answer.status_code
+    while True:
+        try:
+            answer = requests.get(till(), timeout=2)
+        except requests.RequestException:
+            continue
+        return answer.json(), answer.status_code
