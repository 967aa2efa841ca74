# change of: solution
# feedback: POST 422, POST 422
-        return Response(answer.content, answer.status_code, content_type="application/json")
+        if not answer.ok and request.method == "POST":
+            answer = send()
+        return Response(answer.content, answer.status_code, content_type="application/json")
