// What every node server here shares with the Python ones: who may sign in, and the line that says how to reach it.
import { readFileSync } from 'node:fs';

export const ACCOUNTS = JSON.parse(readFileSync(new URL('accounts.json', import.meta.url), 'utf8'));
export const PORT = Number(process.env.PORT);
export const BASE = `http://127.0.0.1:${PORT}`;
export const ISSUER = process.env.ISSUER ?? BASE;
export const REDIRECT_URIS = process.env.REDIRECT_URI.split(' ');

export function announce(server) {
  const line = { origin: BASE, issuer: ISSUER, redirect_uri: REDIRECT_URIS[0], ...ACCOUNTS, ...server };
  process.stdout.write(`${JSON.stringify(line)}\nready\n`);
}
