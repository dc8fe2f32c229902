"""What every Python server here shares with the node ones: who may sign in, and the line that says how to reach it."""
import json
import os
import pathlib

ACCOUNTS = json.loads(pathlib.Path(__file__).with_name("accounts.json").read_text())
PORT = int(os.environ["PORT"])
BASE = f"http://127.0.0.1:{PORT}"
REDIRECT_URIS = os.environ["REDIRECT_URI"].split()


def announce(**server):
    print(json.dumps({"origin": BASE, "issuer": BASE, "redirect_uri": REDIRECT_URIS[0], **ACCOUNTS, **server}), "ready", sep="\n", flush=True)
