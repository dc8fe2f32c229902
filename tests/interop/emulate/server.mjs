// One provider of the `emulate` package, with our clients and user.
// Environment: SERVICE. Nobody signs in with a password: the page lists the users, and each is a button.
import net from 'node:net';
import { pathToFileURL } from 'node:url';
import { ACCOUNTS, announce, BASE, PORT, REDIRECT_URIS } from '../lib/announce.mjs';

const MAIL = 'alice@example.test';
const { confidential, public: native } = ACCOUNTS.clients;
const app = { ...confidential, name: 'interop', redirect_uris: REDIRECT_URIS };
const SEEDS = {
  github: { users: [{ login: 'alice', name: 'Alice L.', email: MAIL }], oauth_apps: [app] },
  google: { users: [{ email: MAIL, name: 'Alice L.' }], oauth_clients: [app] },
  slack: {
    team: { name: 'Interop', domain: 'interop' },
    users: [{ name: 'alice', real_name: 'Alice L.', email: MAIL }],
    oauth_apps: [{ ...app, scopes: ['chat:write', 'channels:read'] }],
  },
  microsoft: { users: [{ email: MAIL, name: 'Alice L.' }], oauth_clients: [app] },
  apple: {
    users: [{ email: MAIL, name: 'Alice L.' }],
    oauth_clients: [{ client_id: app.client_id, name: app.name, redirect_uris: REDIRECT_URIS, team_id: 'DEF123GHIJ' }],
  },
  okta: {
    users: [{ login: MAIL, email: MAIL, first_name: 'Alice', last_name: 'L.' }],
    authorization_servers: [{ id: 'default', name: 'default', audiences: ['api://default'] }],
    oauth_clients: [
      { ...app, auth_server_id: 'default', token_endpoint_auth_method: 'client_secret_basic' },
      { ...native, name: 'native', redirect_uris: REDIRECT_URIS, auth_server_id: 'default', token_endpoint_auth_method: 'none' },
    ],
  },
  linear: {
    organization: { name: 'Interop', url_key: 'interop' },
    users: [{ email: MAIL, name: 'Alice L.', admin: true }],
    oauth_apps: [{ ...app, scopes: ['read', 'write'] }],
  },
  clerk: { users: [{ first_name: 'Alice', last_name: 'L.', email_addresses: [MAIL], password: ACCOUNTS.user.password }], oauth_applications: [app] },
  vercel: { users: [{ username: 'alice', name: 'Alice L.', email: MAIL }], integrations: [app] },
};

// createEmulator listens on every interface: nobody else is to reach it.
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function onLoopback(port, ...rest) {
  if (typeof port !== 'number') return listen.call(this, port, ...rest);
  return listen.call(this, port, '127.0.0.1', ...rest.filter((each) => typeof each === 'function'));
};

// It resolves before its socket listens.
async function listening() {
  for (;;) {
    const open = await new Promise((done) => {
      const socket = net.connect(PORT, '127.0.0.1', () => { socket.end(); done(true); }).on('error', () => done(false));
    });
    if (open) return;
    await new Promise((done) => { setTimeout(done, 10); });
  }
}

const service = process.env.SERVICE ?? 'github';
// Exported to `import` alone, which looks beside this file.
const { createEmulator } = await import(pathToFileURL(`${process.env.NODE_PACKAGES}/node_modules/emulate/dist/api.js`));
await createEmulator({ service, port: PORT, baseUrl: BASE, seed: { [service]: SEEDS[service] } });
await listening();
announce({ server: `emulate: ${service}` });
process.on('SIGTERM', () => process.exit(0));
