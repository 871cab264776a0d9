/**
 * What the chart's own programs make of the cases of `cert-backend-name` and `keystore-password`: nginx in the router,
 * keytool and openssl in the backend's init containers. A machine without one of them leaves its tests out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readValues } from '../../src/values/read.ts';
import { fullnameOf, passwordText, readSettings } from '../../src/values/settings.ts';
import { BACKEND_CA, BACKENDS } from '../support/backend-names.ts';
import { helms } from '../support/helms.ts';
import { PASSWORDS } from '../support/keystore-passwords.ts';
import { issue, pkcs8 } from '../support/pki.ts';
import { sampled } from '../support/property.ts';
import { run } from '../support/run.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'internal-tls-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const has = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const withNginx = has('nginx', '-v') ? test : test.skip;
const withKeytool = has('keytool', '-help') && has('openssl', 'version') ? test : test.skip;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What the chart writes for `/api/` with verified internal TLS (router/configmap.yaml), and for a place without it. */
const config = (router: number, backend: number) => `daemon off; pid nginx.pid; error_log stderr;
events {}
http {
  access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
  upstream prod-backend { server 127.0.0.1:${backend}; }
  server {
    listen 127.0.0.1:${router};
    proxy_ssl_session_reuse on;
    proxy_ssl_protocols TLSv1.2 TLSv1.3;
    location ^~ /api/ {
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate ca.crt;
      proxy_pass https://prod-backend;
    }
    location / { proxy_pass https://prod-backend; }
  }
}
`;

/** The status of `/api/` and of `/` through nginx. */
async function statusesOf(pem: string, key: string): Promise<number[]> {
  const backend = createHttpsServer({ cert: pem, key }, (_, response) => response.end()).listen(
    0,
    '127.0.0.1',
  );
  await new Promise((resolve) => backend.once('listening', resolve));
  const port = await freePort();
  writeFileSync(join(FOLDER, 'nginx.conf'), config(port, (backend.address() as AddressInfo).port));
  writeFileSync(join(FOLDER, 'ca.crt'), BACKEND_CA.pem);
  const program = 'nginx';
  const nginx = spawn(program, ['-p', FOLDER, '-c', 'nginx.conf'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => nginx.once('exit', resolve));
  const statusOf = async (path: string): Promise<number> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
      } catch (error) {
        if (tries === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  try {
    return [await statusOf('/api/x'), await statusOf('/x')];
  } finally {
    nginx.kill();
    await ended;
    backend.closeAllConnections();
    await new Promise((resolve) => backend.close(resolve));
  }
}

for (const { name, leaf, isTaken } of BACKENDS) {
  withNginx(`nginx, ${name}: ${isTaken ? 200 : 502} on /api/`, async () => {
    const statuses = await statusesOf(leaf.pem, pkcs8(leaf.privateKey));
    assert.equal(statuses, [isTaken ? 200 : 502, 200]);
  });
}

/** The commands of the init containers p12-creator and root-ca-creator, word for word but for the paths. */
const PKCS12 =
  'openssl pkcs12 -export -out lightrun.p12 -inkey key.pem -in crt.pem -passin pass:$KEYSTORE_PASSWORD -passout pass:$KEYSTORE_PASSWORD';
const KEYTOOL =
  'keytool -import -trustcacerts -alias internalCa -keystore internalca -file crt.pem -noprompt -storepass $KEYSTORE_PASSWORD';

for (const [yaml, written, refusedBy] of sampled(PASSWORDS, 2)) {
  withKeytool(`the init containers, ${yaml}: ${refusedBy ?? 'neither'} refuses`, async () => {
    const folder = mkdtempSync(join(FOLDER, 'keystore-'));
    const { pem, privateKey } = issue({ key: 'p256' });
    writeFileSync(join(folder, 'crt.pem'), pem);
    writeFileSync(join(folder, 'key.pem'), pkcs8(privateKey));
    const env = { PATH: process.env.PATH, KEYSTORE_PASSWORD: written };
    const refuses = (line: string) => spawnSync('sh', ['-c', line], { cwd: folder, env }).status !== 0;
    assert.is(refuses(PKCS12), refusedBy === 'pkcs12');
    if (refusedBy !== 'pkcs12') assert.is(refuses(KEYTOOL), refusedBy === 'keytool');
  });
}

const NAMES: readonly (readonly [nameOverride: string, fullname: string])[] = [
  ['""', 'prod'],
  ['lightrun', 'lightrun'],
  ['lightrun-', 'lightrun'],
  ['lightrun--', 'lightrun-'],
  ['a'.repeat(63), 'a'.repeat(63)],
  ['b'.repeat(64), 'b'.repeat(63)],
  [`${'c'.repeat(62)}-d`, 'c'.repeat(62)],
];

test('both Helms write the passwords, and the names of everything, as this program has them', async () => {
  const chart = join(FOLDER, 'chart');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: a\nversion: 0.1.0\n');
  writeFileSync(
    join(chart, 'templates', 'a.yaml'),
    [
      '{{- range .Values.passwords }}',
      'password: {{ . | quote }}',
      '---',
      '{{- end }}',
      '{{- range .Values.names }}',
      'name: {{ default $.Release.Name . | trunc 63 | trimSuffix "-" }}',
      '---',
      '{{- end }}',
      '',
    ].join('\n'),
  );
  const values = [
    'passwords:',
    ...PASSWORDS.map(([yaml]) => `  - ${yaml}`),
    'names:',
    ...NAMES.map(([name]) => `  - ${name}`),
  ];
  writeFileSync(join(FOLDER, 'values.yaml'), `${values.join('\n')}\n`);
  for (const { bin } of await helms()) {
    const { stdout, stderr } = await run(bin, ['template', 'prod', chart, '-f', 'values.yaml'], {
      cwd: FOLDER,
    });
    const found = Array.from(stdout.matchAll(/^password: (.*)$/gm), ([, text = '']) => JSON.parse(text));
    assert.equal(
      found,
      PASSWORDS.map(([, written]) => written),
      stderr,
    );
    const names = Array.from(stdout.matchAll(/^name: (.*)$/gm), ([, text]) => text);
    assert.equal(
      names,
      NAMES.map(([, fullname]) => fullname),
    );
  }
  for (const [yaml, written] of PASSWORDS) {
    const read = await readValues(Buffer.from(`p: ${yaml}\n`), 'a');
    assert.is(read.ok && passwordText(read.values.get(['p']).value), written, yaml);
  }
  for (const [yaml, fullname] of NAMES) {
    const read = await readValues(Buffer.from(`general:\n  nameOverride: ${yaml}\n`), 'a');
    assert.is(read.ok && fullnameOf(readSettings(read.values, []), 'prod'), fullname, yaml);
  }
});

test('a name that is not known is none', async () => {
  for (const yaml of [
    'general: {}',
    'general: { nameOverride: "${NAME}" }',
    'general: { nameOverride: 5 }',
  ]) {
    const read = await readValues(Buffer.from(yaml), 'a');
    assert.is(read.ok && fullnameOf(readSettings(read.values, []), null), null, yaml);
  }
});

test.run();
