# change of: right_python_dict_with_swagger_files
# feedback: application/yaml | en JSON
# mistake: (sert|servent) le document en YAML
 import flask_openapi3_swagger
+import yaml

-    return DOCUMENT
+    return app.response_class(yaml.safe_dump(DOCUMENT, allow_unicode=True, sort_keys=False), mimetype="application/yaml")
