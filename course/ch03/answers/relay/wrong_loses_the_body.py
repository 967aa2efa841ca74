# change of: solution
# feedback: La porte a rendu
-    return requests.request(request.method, url, data=request.get_data(), headers=headers, timeout=2)
+    return requests.request(request.method, url, headers=headers, timeout=2)
