# change of: right_python_dict_with_swagger_files
# feedback: ne parle pas du document
-  <script>SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui"});</script>
+  <script>SwaggerUIBundle({url: "petstore.json", dom_id: "#swagger-ui"});</script>
