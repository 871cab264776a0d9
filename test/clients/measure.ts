// Asks real clients about the cases of this folder and writes what they say to measured.ts.
//
//     CHROMIUM=/path/to/chromium node --import tsx test/clients/measure.ts [WORD of a case's name]
//
// With a word it only prints. Needs all that `npm run consumers` needs, and Chromium with certutil.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '../../src/clients/refusal.ts';
import { type Answer, type AskedPair, askAll, startOracles } from '../conformance/oracles/index.ts';
import { Loopback } from '../conformance/oracles/loopback.ts';
import { Worker } from '../conformance/oracles/worker.ts';
import { pkcs8 } from '../support/pki.ts';
import { type ClientCase, HOST, ROOT } from './cases.ts';
import { DER_CASES } from './der-cases.ts';
import { KEY_CASES } from './key-cases.ts';

/** The client of each oracle. BoringSSL verifies for itself as VS Code does, whoever's ClientHello it sends. */
const CLIENTS: Readonly<Record<string, Client>> = {
  curl: 'curl',
  node: 'openssl',
  go: 'go',
  'java-8': 'java8',
  'java-11': 'java11',
  'java-17': 'java17',
  'java-21': 'java21',
  'java-25': 'java25',
  chromium: 'chrome',
  chrome: 'vscode',
  firefox: 'firefox',
  safari: 'safari',
};
/** A ClientHello decides about the leaf's key alone: a server has nothing for it. */
const HELLO_ONLY: readonly Client[] = ['firefox', 'safari'];
const ABOUT_LEAF_KEYS = /^leaf (key|of)/;
const NOTHING_TO_OFFER = /HANDSHAKE_FAILURE/;

/** The host is not covered. Where the certificate does name it, that says that its names cannot be parsed. */
const FOR_THE_NAME =
  /COMMON_NAME_INVALID|obtain common name|not valid for any names|match certificate's altnames/;

const word = process.argv[2];
const rootFile = join(mkdtempSync(join(tmpdir(), 'lightrun-cert-root-')), 'root.pem');
writeFileSync(rootFile, ROOT.pem);
const chromium = await Worker.start(
  [process.execPath, '--experimental-websocket', fileURLToPath(new URL('chromium.mjs', import.meta.url))],
  { CHROMIUM_ROOT: rootFile },
);
const { running } = await startOracles();
const asked = running.filter(({ id }) => id in CLIENTS);
const loopback = new Loopback();

function pairOf({ leaf, intermediates, root }: ClientCase): AskedPair {
  const crt = [leaf, ...intermediates, root].map(({ pem }) => pem).join('');
  return { crt: Buffer.from(crt), key: Buffer.from(pkcs8(leaf.privateKey)), roots: root.pem, host: HOST };
}

async function refusing(made: ClientCase): Promise<[Client[], string[]]> {
  const pair = pairOf(made);
  const answers: [string, Answer][] = [...(await askAll(asked, pair))];
  if (made.root === ROOT) {
    const said = await loopback.tried(pair, (port) => chromium.ask(port, HOST));
    answers.push(['chromium', said]);
  }
  const { name, leaf } = made;
  const isNamed = leaf.der.includes(`\x82${String.fromCharCode(HOST.length)}${HOST}`, 0, 'latin1');
  const found = answers.filter(([id, { accepts, because }]) => {
    if (accepts !== false) return false;
    if (HELLO_ONLY.includes(CLIENTS[id] as Client)) {
      return ABOUT_LEAF_KEYS.test(name) && NOTHING_TO_OFFER.test(because);
    }
    return isNamed || !FOR_THE_NAME.test(because);
  });
  return [
    found.map(([id]) => CLIENTS[id] as Client),
    found.map(([id, { because }]) => `    ${id}: ${because}`),
  ];
}

const lines: string[] = [];
for (const make of [...DER_CASES, ...KEY_CASES]) {
  const made = make();
  if (word && !made.name.includes(word)) continue;
  const [clients, reasons] = await refusing(made);
  lines.push(`  ${JSON.stringify(made.name)}: ${JSON.stringify(clients.sort().join(' '))},`);
  console.log(lines.at(-1));
  if (word) console.log(reasons.join('\n'));
}
const versions = [...asked, { id: 'chromium', version: chromium.version }]
  .map(({ id, version }) => ` * ${id} (${version})`)
  .join('\n');
if (!word) {
  const head = `/**\n * Who refuses each case, as measured by measure.ts with\n${versions}\n */\n`;
  const text = `${head}export const MEASURED: Readonly<Record<string, string>> = {\n${lines.join('\n')}\n};\n`;
  writeFileSync(fileURLToPath(new URL('measured.ts', import.meta.url)), text);
}
await Promise.all([...running, chromium].map((each) => each.stop()));
process.exit(0);
