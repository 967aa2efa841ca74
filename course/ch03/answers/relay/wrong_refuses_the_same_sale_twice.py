# change of: right_two_views
# feedback: La porte a rendu 409
-app = Flask(__name__)
+app = Flask(__name__)
+sold = []

-    try:
-        answer = requests.post(till(), json=request.get_json(), timeout=2)
+    if request.get_json() in sold:
+        abort(409)
+    sold.append(request.get_json())
+    try:
+        answer = requests.post(till(), json=request.get_json(), timeout=2)
