"""aioauth behind FastAPI, everything in memory.

Endpoints and answers are those of aioauth's own FastAPI example:
GET /oauth/authorize -> 307 /login -> form -> 303 /approve -> form -> 302 to the redirect URI; POST /oauth/tokenize.
As there, a parameter that aioauth does not know is answered by a 500 in plain text (LENIENT=1 drops it instead),
and a denied request comes back without `state` (DENY_STATE=1 adds it). Unlike there, the password is checked.
TOKEN_TTL (300) and REFRESH_TTL (900) are seconds.
"""
import dataclasses
import html
import json
import os
import secrets
import time

import uvicorn
from aioauth.collections import HTTPHeaderDict
from aioauth.config import Settings
from aioauth.errors import AccessDeniedError, OAuth2Error
from aioauth.models import AuthorizationCode, Client, Token
from aioauth.requests import Post, Query
from aioauth.requests import Request as OAuthRequest
from aioauth.server import AuthorizationServer
from aioauth.storage import BaseStorage
from aioauth.utils import build_error_response
from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from announce import ACCOUNTS, BASE, PORT, REDIRECT_URIS, announce

LENIENT = os.environ.get("LENIENT") == "1"
DENY_STATE = os.environ.get("DENY_STATE") == "1"
TOKEN_TTL = int(os.environ.get("TOKEN_TTL", "300"))
REFRESH_TTL = int(os.environ.get("REFRESH_TTL", "900"))
SETTINGS = Settings(INSECURE_TRANSPORT=True, TOKEN_EXPIRES_IN=TOKEN_TTL, REFRESH_TOKEN_EXPIRES_IN=REFRESH_TTL)
USER = ACCOUNTS["user"]


def client(account):
    return Client(client_id=account["client_id"], client_secret=account.get("client_secret", ""),
                  grant_types=["authorization_code", "refresh_token"], response_types=["code"],
                  redirect_uris=REDIRECT_URIS, scope="email profile")


CLIENTS = {account["client_id"]: client(account) for account in ACCOUNTS["clients"].values()}


class Store(BaseStorage):
    def __init__(self):
        self.codes, self.by_refresh, self.by_access = {}, {}, {}

    async def get_client(self, *, request, client_id, client_secret=None):
        found = CLIENTS.get(client_id)
        wrong = found and found.client_secret and client_secret is not None and client_secret != found.client_secret
        return None if wrong else found

    async def create_authorization_code(self, *, request, code, client_id, **asked):
        issued = AuthorizationCode(code=code, client_id=client_id, auth_time=int(time.time()), expires_in=300, **asked)
        self.codes[(client_id, code)] = issued
        return issued

    async def get_authorization_code(self, *, request, client_id, code):
        return self.codes.get((client_id, code))

    async def delete_authorization_code(self, *, request, client_id, code):
        self.codes.pop((client_id, code), None)

    async def create_token(self, *, request, client_id, scope, access_token, refresh_token=None):
        token = Token(client_id=client_id, access_token=access_token, refresh_token=refresh_token, scope=scope,
                      issued_at=int(time.time()), expires_in=TOKEN_TTL, refresh_token_expires_in=REFRESH_TTL)
        self.by_access[access_token] = token
        if refresh_token:
            self.by_refresh[refresh_token] = token
        return token

    async def get_token(self, *, request, client_id, token_type=None, access_token=None, refresh_token=None):
        return self.by_refresh.get(refresh_token) or self.by_access.get(access_token)

    async def revoke_token(self, *, request, client_id, refresh_token=None, token_type=None, access_token=None):
        token = self.by_refresh.get(refresh_token) or self.by_access.get(access_token)
        if token:
            self.by_refresh.pop(token.refresh_token, None)
            self.by_access.pop(token.access_token, None)


STORE = Store()
SERVER = AuthorizationServer(STORE)
SESSIONS = {}
app = FastAPI()


def known(cls, params):
    if LENIENT:
        names = {field.name for field in dataclasses.fields(cls)}
        params = {name: value for name, value in params.items() if name in names}
    return cls(**params)


async def oauth_request(request: Request) -> OAuthRequest:
    return OAuthRequest(headers=HTTPHeaderDict(**request.headers), method=request.method, url=str(request.url),
                        post=known(Post, dict(await request.form())), query=known(Query, dict(request.query_params)),
                        settings=SETTINGS)


def answer(response) -> Response:
    return Response(json.dumps(response.content), int(response.status_code), dict(response.headers))


def session(request: Request):
    sid = request.cookies.get("SESSION")
    if sid not in SESSIONS:
        sid = secrets.token_urlsafe(24)
        SESSIONS[sid] = {}
    return sid, SESSIONS[sid]


def with_cookie(response, sid):
    response.set_cookie("SESSION", sid, httponly=True, samesite="lax", path="/")
    return response


def page(body, status=200):
    return HTMLResponse(f"<!doctype html><html><body>{body}</body></html>", status)


@app.get("/oauth/authorize")
async def authorize(request: Request):
    sid, data = session(request)
    asked = await oauth_request(request)
    try:
        data["oauth"] = await SERVER.validate_authorization_request(asked)
    except OAuth2Error as error:
        return answer(build_error_response(exc=error, request=asked))
    return with_cookie(RedirectResponse("/approve" if "user" in data else "/login"), sid)


@app.post("/oauth/tokenize")
async def tokenize(request: Request):
    return answer(await SERVER.create_token_response(await oauth_request(request)))


@app.post("/oauth/revoke")
async def revoke(request: Request):
    return answer(await SERVER.revoke_token(await oauth_request(request)))


@app.post("/oauth/introspect")
async def introspect(request: Request):
    return answer(await SERVER.create_token_introspection_response(await oauth_request(request)))


@app.get("/api/me")
async def me(request: Request):
    scheme, _, access_token = request.headers.get("authorization", "").partition(" ")
    token = STORE.by_access.get(access_token)
    if scheme.lower() != "bearer" or token is None or token.is_expired:
        return Response(status_code=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return {"client_id": token.client_id, "scope": token.scope}


@app.get("/login")
async def login(request: Request, error: str = ""):
    sid, data = session(request)
    error = error or ("" if "oauth" in data else "no authorization request is open")
    return with_cookie(page(f'<h3>Login</h3><p>{html.escape(error)}</p><form method="POST" action="/login">'
                            '<input name="username"><input name="password" type="password">'
                            '<button id="login">Login</button></form>', 400 if error else 200), sid)


@app.post("/login")
async def login_submit(request: Request, username: str = Form(), password: str = Form()):
    if {"username": username, "password": password} != USER:
        return await login(request, error="wrong name or password")
    sid, data = session(request)
    data["user"] = username
    return with_cookie(RedirectResponse("/approve", 303), sid)


@app.get("/approve")
async def approve(request: Request):
    _, data = session(request)
    if "user" not in data or "oauth" not in data:
        return RedirectResponse("/login")
    name = html.escape(data["oauth"].request.query.client_id)
    return page(f'<h3>{name} asks for access.</h3><form method="POST" action="/approve">'
                '<button id="deny" name="approval" value="0">Deny</button>'
                '<button id="approve" name="approval" value="1">Approve</button></form>')


@app.post("/approve")
async def approve_submit(request: Request, approval: int = Form()):
    _, data = session(request)
    if "oauth" not in data:
        return RedirectResponse("/login", 303)
    open_request = data.pop("oauth")
    if approval:
        return answer(await SERVER.finalize_authorization_response(open_request))
    denied = AccessDeniedError(open_request.request, "denied by the user")
    if DENY_STATE:
        denied.state = open_request.request.query.state
    return answer(build_error_response(denied, open_request.request, skip_redirect_on_exc=()))


class Server(uvicorn.Server):
    """Announces itself once the socket listens."""

    async def startup(self, sockets=None):
        await super().startup(sockets)
        announce(server="aioauth", authorize_url=f"{BASE}/oauth/authorize", token_url=f"{BASE}/oauth/tokenize",
                 revoke_url=f"{BASE}/oauth/revoke", introspect_url=f"{BASE}/oauth/introspect", api_url=f"{BASE}/api/me",
                 scope="email", authorize_params={})


if __name__ == "__main__":
    Server(uvicorn.Config(app, host="127.0.0.1", port=PORT, log_level=os.environ.get("LOG", "error"), access_log=False)).run()
