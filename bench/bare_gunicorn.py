"""The bare page under the settings that our own server has, without what our server starts."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 1
threads = 8
worker_class = "gthread"
control_socket_disable = True
accesslog = None
loglevel = "warning"
keepalive = 15
