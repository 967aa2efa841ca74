# change of: solution
# feedback: notifications.returns | entre autres
-    channel.queue_declare("notifications.returns", durable=True)

-    channel.queue_bind("notifications.returns", "shop.events", "return.*")
