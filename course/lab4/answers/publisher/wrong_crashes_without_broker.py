# change of: solution
# feedback: 500 | 503
-    except pika.exceptions.AMQPError:
+    except (pika.exceptions.UnroutableError, pika.exceptions.NackError):
