# change of: solution
# feedback: La porte a rendu 200 | 201
-        return Response(answer.content, answer.status_code, content_type="application/json")
+        return Response(answer.content, content_type="application/json")
