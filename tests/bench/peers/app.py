"""A login with Authlib and requests on the HTTP server of Python's library."""
import json
import os
import secrets
import sys
import threading
import time
from http import cookies
from http.server import BaseHTTPRequestHandler, HTTPServer

from authlib.integrations.requests_client import OAuth2Session

CONFIG = json.loads(os.environ["CONFIG"])
LIFETIME = 600
PENDING, KEPT = {}, {}


def session():
    # One for each request, as Authlib's own integrations of web frameworks do.
    return OAuth2Session(
        CONFIG["client_id"], CONFIG["client_secret"], scope=" ".join(CONFIG["scopes"]), redirect_uri=CONFIG["redirect_uri"],
        token_endpoint_auth_method="client_secret_basic", code_challenge_method="S256")


class Application(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.cookies = cookies.SimpleCookie(self.headers.get("cookie", ""))
        {"/login": self.login, "/callback": self.callback, "/me": self.me}[path](query)

    def login(self, _):
        verifier = secrets.token_urlsafe(32)
        with session() as client:
            url, state = client.create_authorization_url(CONFIG["authorization_endpoint"], code_verifier=verifier)
        PENDING[state] = verifier, time.time() + LIFETIME
        self.away(url, f"__Host-oauth={state}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure")

    def callback(self, query):
        state = self.cookies["__Host-oauth"].value
        verifier, until = PENDING.pop(state)
        if until < time.time():
            return self.page(400, "too late")
        with session() as client:
            token = client.fetch_token(CONFIG["token_endpoint"], state=state, code_verifier=verifier,
                                       authorization_response=f"{CONFIG['redirect_uri']}?{query}")
        KEPT[self.cookies["user"].value] = token
        return self.away("/me")

    def me(self, _):
        token = KEPT.get(self.cookies["user"].value)
        if token is None or token.is_expired(60):
            return self.page(401, "sign in")
        return self.page(200, str(len(token["access_token"])))

    def away(self, location, cookie=None):
        self.send_response(303)
        self.send_header("location", location)
        if cookie:
            self.send_header("set-cookie", cookie)
        self.send_header("content-length", "0")
        self.end_headers()

    def page(self, status, text):
        self.send_response(status)
        self.send_header("content-type", "text/plain")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def end_with_input():
    sys.stdin.read()
    os._exit(0)


server = HTTPServer(("127.0.0.1", 0), Application)
threading.Thread(target=end_with_input, daemon=True).start()
print("ready", server.server_address[1], flush=True)
server.serve_forever()
