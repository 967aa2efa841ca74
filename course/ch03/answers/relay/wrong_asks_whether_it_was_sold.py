# change of: right_two_views
# feedback: a reçu 201
-        answer = requests.post(till(), json=request.get_json(), timeout=2)
-    except requests.RequestException:
-        abort(502)
-    return answer.json(), answer.status_code
+        answer = requests.post(till(), json=request.get_json(), timeout=2)
+    except requests.RequestException:
+        sold = request.get_json() in requests.get(till(), timeout=2).json()["sales"]
+        return request.get_json(), 201 if sold else 502
+    return answer.json(), answer.status_code
