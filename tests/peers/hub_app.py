"""A WebSub hub (`flask-websub`), run by the Python of its own virtual environment: as a web server by itself,
as its worker by celery. The environment says where its store is, and at which port it listens."""

import os

from celery import Celery
from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage

app = Flask(__name__)
app.config["PUBLISH_SUPPORTED"] = True
worker = Celery(broker=os.environ["HUB_BROKER"])
hub = Hub(SQLite3HubStorage(os.environ["HUB_STORE"]), worker, **app.config)
app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))

if __name__ == "__main__":
    app.run("127.0.0.1", int(os.environ["HUB_PORT"]), threaded=True)
