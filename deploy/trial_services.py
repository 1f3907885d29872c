"""What the trial cluster has in place of a council's own services: S3 storage and a sign-in. Neither is for production.

``python deploy/trial_services.py s3 PORT FOLDER`` serves one bucket, ``uploads``. It is kept in memory: read from FOLDER at
the start and written there when it is told to stop.

``python deploy/trial_services.py sign-in PORT`` is an OpenID provider that signs in whoever presses a button, as ``officer``,
``administrator`` or ``viewer``.
"""

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from urllib.parse import quote, unquote

HOST, BUCKET = "127.0.0.1", "uploads"


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    if arguments[0] == "s3":
        serve_s3(int(arguments[1]), Path(arguments[2]), told)
    else:
        serve_sign_in(int(arguments[1]), told)
    return 0


def serve_s3(port: int, folder: Path, told: threading.Event) -> None:
    """Moto's S3 server, with what the bucket holds kept in a folder while it is stopped."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address=HOST, port=port, verbose=False)
    server.start()
    client = boto3.client(
        "s3", endpoint_url=f"http://{HOST}:{port}", region_name="us-east-1",
        aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip
    client.create_bucket(Bucket=BUCKET)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in folder.iterdir():
        client.put_object(Bucket=BUCKET, Key=unquote(file.name), Body=file.read_bytes())
    told.wait()
    kept = set()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for each in page.get("Contents", []):
            file = folder / quote(each["Key"], safe="")
            kept.add(file)
            file.write_bytes(client.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read())
    for file in set(folder.iterdir()) - kept:
        file.unlink()
    server.stop()


def serve_sign_in(port: int, told: threading.Event) -> None:
    """A provider with three people, whose pages ask no other machine for anything."""
    import jinja2
    import oidc_provider_mock
    import werkzeug.serving

    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    people = {"officer": "Olu Officer", "administrator": "Ada Administrator", "viewer": "Vic Viewer"}
    users = [oidc_provider_mock.User(sub=subject, claims={"name": name}) for subject, name in people.items()]
    app = oidc_provider_mock.app(user_claims=users)
    # Its own frame fetches a style sheet from elsewhere.
    frame = jinja2.DictLoader({"_base.html": "<!doctype html><main>{% block content %}{% endblock %}</main>"})
    app.jinja_loader = jinja2.ChoiceLoader([frame, app.jinja_loader])
    server = werkzeug.serving.make_server(HOST, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    told.wait()
    server.shutdown()
    thread.join()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
