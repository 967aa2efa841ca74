# change of: right_generator_on_a_quorum_queue
# feedback: 10 messages en file
# mistake: ne traite(nt) qu’un message
         channel.basic_ack(method.delivery_tag)
+        break
+    while True:
+        connection.process_data_events(1)
