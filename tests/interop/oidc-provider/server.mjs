// oidc-provider with a login form and a consent form, and everything else as it comes.
// Environment: TOKEN_TTL (300) and REFRESH_TTL (3600) in seconds; ISSUER, where it calls itself by another name than its
// address; ROTATE=0 keeps refresh tokens; LOG=1 says why it refused.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { ACCOUNTS, announce, BASE, ISSUER, PORT, REDIRECT_URIS } from '../lib/announce.mjs';
import { load } from '../lib/packages.mjs';

const { default: Provider } = await load('oidc-provider');
const seconds = (name, otherwise) => Number(process.env[name] ?? otherwise);
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const SCOPES = ['openid', 'offline_access', 'profile', 'email'];

const client = (account) => ({
  ...account,
  redirect_uris: REDIRECT_URIS,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  scope: SCOPES.join(' '),
  ...(account.client_secret ? { token_endpoint_auth_method: 'client_secret_basic' } : { token_endpoint_auth_method: 'none', application_type: 'native' }),
});

const provider = new Provider(ISSUER, {
  clients: Object.values(ACCOUNTS.clients).map(client),
  jwks: { keys: [{ ...signing, kid: 'server-1', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  scopes: SCOPES,
  claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Alice L.', email: `${id}@example.test` }) }),
  interactions: { url: (ctx, { uid }) => `/interaction/${uid}` },
  pkce: { required: () => true },
  rotateRefreshToken: () => process.env.ROTATE !== '0',
  ttl: { AccessToken: seconds('TOKEN_TTL', 300), RefreshToken: seconds('REFRESH_TTL', 3600), AuthorizationCode: 60, IdToken: 3600, Interaction: 600, Session: 3600, Grant: 3600 },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true }, introspection: { enabled: true } },
});
provider.on('server_error', (ctx, error) => console.error(error));
if (process.env.LOG) {
  for (const what of ['authorization', 'grant', 'revocation', 'introspection', 'userinfo']) {
    provider.on(`${what}.error`, (ctx, error) => console.error(what, error.error, error.error_description, error.error_detail ?? ''));
  }
}

async function form(req) {
  let text = '';
  for await (const chunk of req) text += chunk;
  return new URLSearchParams(text);
}

function page(res, content, status = 200) {
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  res.end(`<!doctype html><html><body>${content}</body></html>`);
}

async function grantAll({ params, session, prompt, grantId }) {
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
  if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
  return { consent: { grantId: await grant.save() } };
}

const LOGIN = '<form method="post"><input name="username"><input name="password" type="password"><button id="login">Login</button></form>';
const CONSENT = '<form method="post"><button id="approve" name="decision" value="allow">Allow</button><button id="deny" name="decision" value="deny">Deny</button></form>';

async function login(req, res) {
  if (req.method === 'GET') return page(res, LOGIN);
  const { username, password } = Object.fromEntries(await form(req));
  if (username !== ACCOUNTS.user.username || password !== ACCOUNTS.user.password) return page(res, 'wrong name or password', 401);
  return provider.interactionFinished(req, res, { login: { accountId: username } });
}

async function consent(req, res, details) {
  if (req.method === 'GET') return page(res, CONSENT);
  const allowed = (await form(req)).get('decision') === 'allow';
  const result = allowed ? await grantAll(details) : { error: 'access_denied', error_description: 'End-User aborted interaction' };
  return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: allowed });
}

async function interaction(req, res) {
  const details = await provider.interactionDetails(req, res);
  return details.prompt.name === 'login' ? login(req, res) : consent(req, res, details);
}

const protocol = provider.callback();
const server = createServer((req, res) => {
  if (!req.url.startsWith('/interaction/')) return protocol(req, res);
  return interaction(req, res).catch((error) => { console.error(error); page(res, 'this interaction failed', 500); });
});
server.listen(PORT, '127.0.0.1', () => announce({
  server: 'oidc-provider',
  authorize_url: `${BASE}/auth`,
  token_url: `${BASE}/token`,
  revoke_url: `${BASE}/token/revocation`,
  introspect_url: `${BASE}/token/introspection`,
  api_url: `${BASE}/me`,
  metadata_url: `${BASE}/.well-known/openid-configuration`,
  scope: 'openid email offline_access',
  authorize_params: { prompt: 'consent' },
}));
