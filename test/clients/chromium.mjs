// Chromium without a window as a TLS client, over its DevTools protocol. It trusts the root in CHROMIUM_ROOT (a PEM file),
// which goes into a database of NSS of its own: that needs certutil (libnss3-tools).
//
//     CHROMIUM=/path/to/chromium CHROMIUM_ROOT=root.pem node --experimental-websocket chromium.mjs
//
// Reads lines `id TAB port TAB host TAB …`, opens https://host:port at 127.0.0.1, and writes
// `id TAB accepts|refuses TAB net::ERR_…`.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PATIENCE = 20_000;
/** What the end of a connection looks like that the server closes after the handshake; the latter is tried again. */
const ACCEPTED = ['', 'net::ERR_ABORTED', 'net::ERR_EMPTY_RESPONSE', 'net::ERR_SOCKET_NOT_CONNECTED'];
const LOST = ['net::ERR_SOCKET_NOT_CONNECTED', 'net::ERR_CONNECTION_CLOSED', 'net::ERR_CONNECTION_RESET'];
const TRIES = 8;

const home = mkdtempSync(join(tmpdir(), 'lightrun-cert-chromium-'));
const database = `sql:${join(home, '.pki', 'nssdb')}`;
mkdirSync(join(home, '.pki', 'nssdb'), { recursive: true });
const certutil = process.env.CERTUTIL ?? 'certutil';
execFileSync(certutil, ['-N', '-d', database, '--empty-password']);
execFileSync(certutil, [
  '-A',
  '-d',
  database,
  '-n',
  'root',
  '-t',
  'CT,,',
  '-i',
  process.env.CHROMIUM_ROOT ?? '',
]);

const child = spawn(
  process.env.CHROMIUM ?? 'chromium',
  [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-proxy-server',
    '--host-resolver-rules=MAP * 127.0.0.1',
    '--remote-debugging-port=0',
    `--user-data-dir=${join(home, 'profile')}`,
  ],
  { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: home } },
);
const address = await new Promise((resolve, reject) => {
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
    const found = /DevTools listening on (ws:\S+)/.exec(said);
    if (found) resolve(found[1]);
  });
  child.once('error', reject);
  child.once('close', () => reject(new Error(said)));
});

const socket = new WebSocket(address);
await new Promise((resolve) => socket.addEventListener('open', resolve));
const waiting = new Map();
socket.addEventListener('message', ({ data }) => {
  const message = JSON.parse(data);
  waiting.get(message.id)?.(message.result ?? {});
  waiting.delete(message.id);
});
let calls = 0;
/** @param {string} method @param {object} params @param {string} [sessionId] @returns {Promise<any>} */
function call(method, params, sessionId) {
  calls += 1;
  const id = calls;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params, sessionId }));
  });
}

const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
const { product } = await call('Browser.getVersion', {});
process.stdout.write(`version\t${product}\n`);

/** @param {string} line */
async function answer(line) {
  const [id, port, host] = line.split('\t');
  let error = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const late = new Promise((resolve) => {
      setTimeout(() => resolve({ errorText: 'no answer' }), PATIENCE).unref();
    });
    const url = `https://${host || 'localhost'}:${port}/`;
    const { errorText = '' } = await Promise.race([call('Page.navigate', { url }, sessionId), late]);
    error = errorText;
    if (!LOST.includes(error)) break;
  }
  process.stdout.write(`${id}\t${ACCEPTED.includes(error) ? 'accepts' : 'refuses'}\t${error}\n`);
}

let last = Promise.resolve();
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  last = last.then(() => answer(line));
});
input.on('close', async () => {
  await last;
  await call('Browser.close', {});
  rmSync(home, { recursive: true, force: true });
  process.exit(0);
});
