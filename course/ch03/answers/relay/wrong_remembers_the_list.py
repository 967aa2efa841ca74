# change of: right_two_views
# feedback: celui de la caisse
-app = Flask(__name__)
+app = Flask(__name__)
+remembered = []

-    try:
-        answer = requests.get(till(), timeout=2)
-    except requests.RequestException:
-        try:
-            answer = requests.get(till(), timeout=2)
-        except requests.RequestException:
-            abort(502)
-    return answer.json(), answer.status_code
+    if not remembered:
+        remembered.append(requests.get(till(), timeout=2).json())
+    return remembered[0]
