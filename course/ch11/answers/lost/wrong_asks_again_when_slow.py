# change of: solution
# feedback: /products/CHAIR, /products/CHAIR | une fois chacun
-    return requests.get(found["instances"][0]["url"] + path, timeout=5).json()
+    url = found["instances"][0]["url"] + path
+    try:
+        return requests.get(url, timeout=0.5).json()
+    except requests.Timeout:
+        return requests.get(url, timeout=5).json()
