// A login with openid-client on Node's own server, or with grant on express.
import { createServer } from 'node:http';
import { load } from '../../interop/lib/packages.mjs';

const CONFIG = JSON.parse(process.env.CONFIG);
const LIFETIME = 600_000;

const cookie = (request, name) => (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=')).find(([key]) => key === name)?.[1];
const user = (request) => cookie(request, 'user') ?? '';
const away = (response, location, headers = {}) => response.writeHead(303, { location, 'content-length': 0, ...headers }).end();
const page = (response, status, text) => response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) }).end(text);

async function openidClient() {
  const oidc = await load('openid-client');
  const metadata = { issuer: new URL(CONFIG.authorization_endpoint).origin, authorization_endpoint: CONFIG.authorization_endpoint, token_endpoint: CONFIG.token_endpoint };
  const client = new oidc.Configuration(metadata, CONFIG.client_id, undefined, oidc.ClientSecretBasic(CONFIG.client_secret));
  oidc.allowInsecureRequests(client);
  const pending = new Map();
  const kept = new Map();
  const pages = {
    async '/login'(request, response) {
      const verifier = oidc.randomPKCECodeVerifier();
      const state = oidc.randomState();
      const url = oidc.buildAuthorizationUrl(client, {
        redirect_uri: CONFIG.redirect_uri,
        scope: CONFIG.scopes.join(' '),
        state,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      pending.set(state, { verifier, until: Date.now() + LIFETIME });
      away(response, url.href, { 'set-cookie': `__Host-oauth=${state}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure` });
    },
    async '/callback'(request, response) {
      const url = new URL(CONFIG.redirect_uri + request.url.slice('/callback'.length));
      const expectedState = cookie(request, '__Host-oauth');
      const begun = pending.get(expectedState);
      pending.delete(expectedState);
      if (!begun || begun.until < Date.now()) return page(response, 400, 'unknown state');
      const tokens = await oidc.authorizationCodeGrant(client, url, { pkceCodeVerifier: begun.verifier, expectedState });
      kept.set(user(request), { tokens, until: Date.now() + (tokens.expiresIn() ?? 0) * 1000 });
      return away(response, '/me');
    },
    '/me'(request, response) {
      const found = kept.get(user(request));
      if (!found || found.until < Date.now() + 60_000) return page(response, 401, 'sign in');
      return page(response, 200, String(found.tokens.access_token.length));
    },
  };
  return createServer(async (request, response) => {
    try {
      await pages[request.url.split('?')[0]](request, response);
    } catch (error) {
      page(response, 500, String(error));
    }
  });
}

async function grantOnExpress() {
  const [{ default: express }, { default: session }, { default: grant }] = await Promise.all(['express', 'express-session', 'grant'].map(load));
  const application = express();
  application.use(session({ secret: 'bench', saveUninitialized: true, resave: false }));
  // grant has pages of its own: the paths of the contest lead to them without another redirect.
  application.use((request, response, next) => {
    request.originalUrl = request.url.replace(/^\/login/, '/connect/bench').replace(/^\/callback/, '/connect/bench/callback');
    next();
  });
  application.use(grant.express({
    defaults: { origin: 'http://127.0.0.1', transport: 'session', state: true, pkce: true },
    bench: {
      authorize_url: CONFIG.authorization_endpoint, access_url: CONFIG.token_endpoint, oauth: 2,
      key: CONFIG.client_id, secret: CONFIG.client_secret, scope: CONFIG.scopes, scope_delimiter: ' ',
      redirect_uri: CONFIG.redirect_uri, callback: '/me', token_endpoint_auth_method: 'client_secret_basic', response: ['tokens'],
    },
  }));
  application.get('/me', (request, response) => {
    const token = request.session.grant?.response?.access_token ?? '';
    response.status(token ? 200 : 401).type('text').send(String(token.length));
  });
  return createServer(application);
}

const server = await { 'openid-client': openidClient, grant: grantOnExpress }[process.argv[2]]();
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
process.stdin.resume().on('end', () => process.exit(0));
