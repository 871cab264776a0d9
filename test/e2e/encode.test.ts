import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { writeChart } from '../support/chart.ts';
import { decodeAsKubernetes, handshakeRefusals } from '../support/consumers.ts';
import { type Helm, helms, withHelmHome } from '../support/helms.ts';
import { openssl, opensslChain } from '../support/openssl.ts';
import { sampled } from '../support/property.ts';
import { COMMAND, run } from '../support/run.ts';

/** What people are handed, each made by openssl, and how it is given to `encode`. */
const HANDED: [what: string, kind: 'rsa' | 'ec', make: string[][], args: string[]][] = [
  [
    'PEM files in any order',
    'rsa',
    [],
    ['--cert', 'root.pem', 'leaf.pem', 'intermediate.pem', '--key', 'leaf.key'],
  ],
  [
    'DER certificates, and a key in SEC1',
    'ec',
    [
      ['x509', '-in', 'leaf.pem', '-outform', 'DER', '-out', 'leaf.der'],
      ['x509', '-in', 'intermediate.pem', '-outform', 'DER', '-out', 'intermediate.der'],
      ['ec', '-in', 'leaf.key', '-out', 'sec1.key'],
    ],
    ['--cert', 'intermediate.der', 'leaf.der', 'root.pem', '--key', 'sec1.key'],
  ],
  [
    'PKCS#7, and an encrypted key',
    'rsa',
    [
      [
        'crl2pkcs7',
        '-nocrl',
        '-certfile',
        'root.pem',
        '-certfile',
        'intermediate.pem',
        '-certfile',
        'leaf.pem',
        '-outform',
        'DER',
        '-out',
        'chain.p7b',
      ],
      ['pkcs8', '-topk8', '-in', 'leaf.key', '-passout', 'pass:secret', '-out', 'encrypted.key'],
    ],
    ['--cert', 'chain.p7b', '--key', 'encrypted.key', '--passphrase-file', 'passphrase'],
  ],
  [
    'PKCS#12 by AES',
    'rsa',
    [
      [
        'pkcs12',
        '-export',
        '-in',
        'leaf.pem',
        '-inkey',
        'leaf.key',
        '-certfile',
        'chain.pem',
        '-passout',
        'pass:secret',
        '-out',
        'aes.p12',
      ],
    ],
    ['--p12', 'aes.p12', '--passphrase-file', 'passphrase'],
  ],
  [
    'PKCS#12 by 3DES',
    'ec',
    [
      [
        'pkcs12',
        '-export',
        '-certpbe',
        'PBE-SHA1-3DES',
        '-keypbe',
        'PBE-SHA1-3DES',
        '-macalg',
        'SHA1',
        '-in',
        'leaf.pem',
        '-inkey',
        'leaf.key',
        '-certfile',
        'chain.pem',
        '-passout',
        'pass:',
        '-out',
        '3des.p12',
      ],
    ],
    ['--p12', '3des.p12'],
  ],
];

const all = await helms();

for (const [at, [what, kind, make, args]] of HANDED.entries()) {
  test(`${what}: encoded, rendered by Helm, and trusted in a handshake`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'encode-'));
    try {
      await opensslChain(folder, kind);
      const read = async (name: string) => readFile(join(folder, name), 'utf8');
      await writeFile(join(folder, 'chain.pem'), (await read('root.pem')) + (await read('intermediate.pem')));
      await writeFile(join(folder, 'passphrase'), 'secret\n');
      for (const words of make) await openssl(folder, ...words);
      const values = join(folder, 'values.yaml');
      await writeFile(values, '# of the operator\ncertificate:\n  existing_cert: before\n');

      const encoded = await run(COMMAND, ['encode', ...args, '--write', values], { cwd: folder });
      assert.is(encoded.status, 0, encoded.stderr);
      await assertServed(folder, values, await read('root.pem'), sampled(all, 2, at));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function assertServed(
  folder: string,
  values: string,
  root: string,
  helms: readonly Helm[],
): Promise<void> {
  const chart = join(folder, 'chart');
  await writeChart(chart);
  await withHelmHome(async ({ env }) => {
    for (const { name, bin } of helms) {
      const { status, stdout, stderr } = await run(bin, ['template', 'lightrun', chart, '-f', values], {
        env,
      });
      assert.is(status, 0, `${name}: ${stderr}`);
      const secret = parseAllDocuments(stdout)
        .map((document) => document.toJS())
        .find((each) => each?.kind === 'Secret');
      const [crt, key] = ['tls.crt', 'tls.key'].map((entry) => decodeAsKubernetes(secret.data[entry]));
      assert.ok(crt && key);
      const refusals = await handshakeRefusals(crt as Buffer, key as Buffer, root, 'lightrun.example.com', [
        'TLSv1.2',
        'TLSv1.3',
      ]);
      assert.equal(refusals, [null, null], name);
    }
  });
}

test.run();
