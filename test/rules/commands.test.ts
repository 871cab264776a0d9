import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { textsOf } from '../../src/rules/documentation.ts';
import { RULES } from '../../src/rules/index.ts';
import type { LiveSecret } from '../../src/values/live-secret.ts';
import { lintOptions, lintText } from '../support/lint.ts';
import { PAIRS } from '../support/pairs.ts';
import { pemBlock } from '../support/pki.ts';
import { ROOT } from '../support/plugin.ts';
import { sampled } from '../support/property.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const test = suite('commands that are printed');

/** What users have: the files of Lightrun's page, and what such files are called elsewhere. */
const OWN = [
  ...[
    'my-cert.crt',
    'intermediate.crt',
    'root.crt',
    'full-chain.crt',
    'my-cert.key',
    'my-tls.crt',
    'my-tls.key',
  ],
  ...['leaf.crt', 'leaf.key', 'fullchain.crt', 'chain.pem', 'FILE', 'FIXED_FILE', 'CLEAN_FILE'],
];

/** Where a command writes: a redirection, an option of OpenSSL or keytool, or what `cp` makes. */
const WRITES =
  /(?:(?<=[^-=])>|-out|-keyout|-destkeystore|\bcp [\w./-]+) *(?<name>[\w-]+(?:\.[\w-]+)*\.[\w-]+|[A-Z]+_?FILE\b|\("[^)]*"\))/g;

/** Where a command writes: the name, and the rest of its line with the lines above. */
function writtenBy(text: string): { name: string; before: string }[] {
  return [...text.matchAll(WRITES)].map(({ index, 0: all, groups }) => {
    const given = groups?.name ?? '';
    const end = text.indexOf('\n', index + all.length);
    const rest = text.slice(index + all.length, end === -1 ? undefined : end);
    // awk's ("full-chain." n ".crt") is full-chain.N.crt.
    const name = given.replace('" n "', 'N').replace(/[("\s)]/g, '');
    return { name, before: text.slice(0, index) + all.slice(0, -given.length) + rest };
  });
}

/** What is wrong with where a command writes. */
function mistakesOf(text: string): string[] {
  return writtenBy(text).flatMap(({ name, before }) => {
    if (OWN.includes(name)) return [`writes over ${name}: ${text}`];
    const words: string[] = before.match(/[\w.-]+/g) ?? [];
    return words.includes(name) ? [`reads and writes ${name}: ${text}`] : [];
  });
}

test('the check finds every form of writing over a file', () => {
  for (const text of [
    'openssl pkey -in FILE -out leaf.key',
    'iconv -f UTF-16 x.txt > leaf.crt',
    'cat a.crt b.crt >a.crt',
    "sed 's/x/y/' < new.key > new.key",
    'openssl req -new -keyout my-cert.key -out a.csr',
    'keytool -srckeystore a.p12 -destkeystore a.p12',
    'cp my-tls.key my-cert.key',
    'base64 < new.crt\nawk 1 x.crt > new.crt',
  ]) {
    assert.is(mistakesOf(text).length, 1, text);
  }
  assert.equal(mistakesOf('awk 1 a.crt > b.crt\nbase64 < b.crt'), []);
});

test('the page of a rule writes over no file', () => {
  for (const rule of RULES)
    for (const part of ['fix', 'good', 'bad'] as const)
      assert.equal(mistakesOf(textsOf(rule)[part]), [], `${rule.id}: ${part}`);
});

const FOREIGN = [
  Buffer.from('3082010030', 'hex'),
  Buffer.from('feedfeed00000002', 'hex'),
  Buffer.from('ssh-rsa AAAA'),
  pemBlock('TRUSTED CERTIFICATE', Buffer.from('x')),
  pemBlock('PKCS7', Buffer.from('x')),
];

test('the help of a finding writes over no file, for values and for a Secret in the cluster', async () => {
  const examples = [
    ...PAIRS.map(({ crt, key, options, more = '' }) => ({ crt, key, options, more })),
    ...FOREIGN.map((bytes) => ({ crt: base64(bytes), key: base64(bytes), options: {}, more: '' })),
  ];
  for (const { crt, key, options, more } of sampled(examples, 3)) {
    const found = {
      type: 'kubernetes.io/tls',
      keys: ['tls.crt', 'tls.key'],
      crt,
      key,
      ca: null,
      isImmutable: false,
      owner: null,
      release: null,
    };
    const secret: LiveSecret = {
      name: 'x',
      namespace: 'y',
      found,
      going: null,
      isRendered: false,
      isNamespaceMissing: false,
    };
    const outcomes = [
      await lintText(inlineYaml(crt, key) + more, options),
      await lintText(
        'certificate: {existing_cert: x}\n',
        lintOptions({ ...options, readSecret: async () => secret }),
      ),
    ];
    for (const { findings } of outcomes)
      for (const { rule, help } of findings) {
        assert.equal(mistakesOf(help), [], rule);
      }
  }
});

test('nor does any line of the sources and of the documentation', () => {
  for (const folder of ['src', 'docs', '.']) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: folder !== '.' }) as string[]) {
      if (!/\.(?:ts|md)$/.test(name)) continue;
      for (const line of readFileSync(join(ROOT, folder, name), 'utf8').split(/\n|\\n/)) {
        assert.equal(mistakesOf(line), [], join(folder, name));
      }
    }
  }
});

/** Options that both OpenSSL 3 and LibreSSL, which macOS has, document: openssl(1) of OpenBSD. */
const OPENSSL: Readonly<Record<string, string>> = {
  crl2pkcs7: '-certfile -in -inform -nocrl -out -outform',
  dgst: '-hex -out -r -sha256 -sign -verify',
  ecparam: '-genkey -in -name -noout -out',
  genrsa: '-out',
  pkcs7: '-in -inform -noout -out -outform -print_certs -text',
  pkcs8: '-in -inform -nocrypt -out -outform -passin -passout -topk8 -v2',
  pkcs12:
    '-cacerts -certfile -clcerts -export -in -inkey -info -name -nocerts -nodes -nokeys -noout -out -passin',
  pkey: '-in -inform -noout -out -outform -passin -passout -pubin -pubout -text',
  req: '-addext -config -days -extensions -in -inform -key -keyout -new -newkey -nodes -noout -out -outform -pkeyopt -reqexts -subj -subject -text -verify -x509',
  s_client: '-connect -servername -showcerts -verify_return_error',
  s_server: '-accept -cert -key',
  verify: '-CAfile -untrusted',
  x509: '-checkend -dates -enddate -fingerprint -in -inform -issuer -noout -out -outform -pubkey -serial -sha256 -startdate -subject -text -trustout',
};

/** Options of OpenSSL in a line that LibreSSL does not have; a line that says that it is for OpenSSL 3 may have them. */
function unportable(line: string): string[] {
  if (line.includes('OpenSSL 3')) return [];
  return [...line.matchAll(/\bopenssl ([a-z][a-z0-9_]+)((?: [^|;&>`'"…]*)?)/g)].flatMap(
    ([, command = '', rest = '']) => {
      const known = OPENSSL[command];
      const options = rest.match(/(?<=\s)-[a-z]\w*/g) ?? [];
      if (known === undefined) return options.length > 0 ? [`openssl ${command}`] : [];
      return options
        .filter((option) => !known.split(' ').includes(option))
        .map((option) => `openssl ${command} ${option}`);
    },
  );
}

test('options that only OpenSSL 3 has are recognised', () => {
  assert.equal(unportable('openssl x509 -in a.crt -noout -ext subjectAltName'), ['openssl x509 -ext']);
  assert.equal(unportable('cat a | openssl pkcs12 -legacy -in b'), ['openssl pkcs12 -legacy']);
  assert.equal(unportable('openssl storeutl -certs a'), ['openssl storeutl']);
  assert.equal(unportable('openssl x509 -in a.crt -noout -subject | openssl pkey -pubin'), []);
});

test('every openssl line of messages and of the documentation works with LibreSSL too', () => {
  for (const folder of ['src', 'docs', '.']) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: folder !== '.' }) as string[]) {
      if (!/\.(?:ts|md)$/.test(name) || name === 'conformance.md') continue;
      const lines = readFileSync(join(ROOT, folder, name), 'utf8').split(/\n|\\n/);
      for (const [index, line] of lines.entries()) {
        // The sentence before a command may say it.
        if (lines.slice(Math.max(0, index - 3), index).some((each) => each.includes('OpenSSL 3'))) continue;
        assert.equal(unportable(line), [], join(folder, name));
      }
    }
  }
});

test.run();
