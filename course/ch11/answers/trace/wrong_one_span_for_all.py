# change of: solution
# feedback: segment neuf par message
-def on_message(channel, headers, order):
+SPAN_ID = secrets.token_hex(8)
+
+
+def on_message(channel, headers, order):

-    start, span_id = time.time(), secrets.token_hex(8)
+    start, span_id = time.time(), SPAN_ID
