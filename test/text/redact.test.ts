import { isIP } from 'node:net';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  couldBeKey,
  holdsMaterial,
  isUrl,
  type Kind,
  maskUrls,
  privateKeysIn,
  REDACTED,
  readsAsWords,
  redact,
  redactPath,
  redactWords,
} from '../../src/text/redact.ts';
import { key, pkcs8, sec1 } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { base64 } from '../support/values-yaml.ts';

const KINDS: readonly Kind[] = ['object name', 'host', 'pin', 'YAML key', 'PEM label', 'value'];
const PEM = pkcs8(key('rsa2048'));
const DER = Buffer.from(PEM.replace(/-----[^-]*-----|\s/g, ''), 'base64');

/** The ways in which a key is written. */
const FORMS: Readonly<Record<string, string>> = {
  'base64 of DER': base64(DER).replaceAll('=', ''),
  'base64 of PEM': base64(PEM).replaceAll('=', ''),
  'URL-safe base64': DER.toString('base64url'),
  hexadecimal: DER.toString('hex'),
  'hexadecimal in capitals': DER.toString('hex').toUpperCase(),
};

const SPLITS = ['', '-', '.', ':', ' ', '_', '\n', '%3A'];

const piece = fc
  .record({
    form: fc.constantFrom(...Object.values(FORMS)),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    length: fc.integer({ min: 16, max: 80 }),
    every: fc.integer({ min: 1, max: 16 }),
    split: fc.constantFrom(...SPLITS),
  })
  .map(({ form, at, length, every, split }) => {
    const start = Math.floor(at * (form.length - length));
    return form.slice(start, start + length).replace(new RegExp(`.{${every}}(?=.)`, 'g'), `$&${split}`);
  });

test('of a private key at hand no piece of 16 characters is shown, whatever it stands for and however it is split', () => {
  for (const given of [
    PEM,
    base64(PEM),
    base64(base64(PEM)),
    DER,
    Buffer.from(PEM),
    base64(DER),
    DER.toString('hex'),
  ]) {
    const keys = privateKeysIn(() => [given]);
    fc.assert(
      fc.property(
        piece,
        fc.constantFrom(...KINDS),
        fc.constantFrom('', 'tls-', 'x.'),
        (text, kind, before) => {
          assert.is(redact(before + text, kind, keys), REDACTED);
          assert.not.ok(
            redactPath([before + text, 'tls', 'key'], keys)
              .join('.')
              .includes(text),
          );
        },
      ),
      tries(60),
    );
  }
});

test('a private key at hand may be broken: truncated, wrapped, with a stray character', () => {
  for (const given of [
    base64(PEM).slice(0, 401),
    base64(PEM).replace(/.{30}/g, '$& \n'),
    `${base64(PEM).slice(0, 60)}*${base64(PEM).slice(60)}`,
    PEM.replace(/-----END.*/s, ''),
    PEM.replaceAll('\n', ''),
    `${base64(PEM)}=`,
  ]) {
    const keys = privateKeysIn(() => [given]);
    assert.ok(
      keys.hasPieceIn(base64(PEM).slice(160, 176)) || keys.hasPieceIn(base64(DER).slice(160, 176)),
      given,
    );
  }
});

test('15 characters are not a piece of it, and 16 are', () => {
  const keys = privateKeysIn(() => [PEM]);
  const text = DER.toString('hex').slice(100);
  assert.not.ok(keys.hasPieceIn(text.slice(0, 15)));
  assert.ok(keys.hasPieceIn(text.slice(0, 16)));
  assert.ok(keys.hasPieceIn(`x${text.slice(0, 16)}`));
});

test('the certificates beside a private key, a name and a path are no private keys', () => {
  const certificate =
    '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQh7vY1Nn5n8\n-----END CERTIFICATE-----\n';
  const keys = privateKeysIn(() => [
    certificate + sec1(key('p256')),
    'lightrun-tls-certificate-of-production',
    '/Users/JohnDoe/Documents/GitHub/infrastructure/my-cert.key',
    `security_pinned_hashes: ${base64(DER)}`,
  ]);
  for (const text of [
    'MIIBszCCAVmgAwIBAgIU',
    'lightrun-tls-certificate-of-production',
    'infrastructure-my-cert',
  ])
    assert.not.ok(keys.hasPieceIn(text), text);
});

test('the strings of private keys are asked for once, and only to compare', () => {
  let asked = 0;
  const keys = privateKeysIn(() => {
    asked += 1;
    return [PEM];
  });
  redact('lightrun-tls', 'object name', keys);
  assert.is(asked, 0);
  redact('lightrun-tls-production', 'object name', keys);
  redact('lightrun-tls-production', 'object name', keys);
  assert.is(asked, 1);
});

/** What another key, which is not at hand, may look like: its base64 is no name of any kind. */
test('16 characters of any other key are redacted where they are no valid name', () => {
  fc.assert(
    fc.property(piece, fc.constantFrom(...KINDS), (text, kind) => {
      fc.pre(/[A-Z]/.test(text) && isIP(text) === 0 && !readsAsWords(text));
      assert.is(redact(text, kind), kind === 'pin' && /^[0-9A-F]{64}$/.test(text) ? text : REDACTED);
    }),
    tries(1_000),
  );
});

const RUN = 'Ab1+/cD2'.repeat(2);

test('15 characters are no piece of any other key, and 16 are', () => {
  for (const [text, isKey] of [
    [RUN.slice(1), false],
    [RUN, true],
    [`${RUN.slice(0, 8)}-${RUN.slice(8)}`, true],
    [`${RUN.slice(0, 8)}.${RUN.slice(9)}`, false],
    [`${RUN.slice(0, 8)}_${RUN.slice(9)}`, true],
    [`${RUN.slice(0, 7)}-${RUN.slice(9)}`, false],
    [RUN.replaceAll('/', '%2F').replaceAll('+', '%2b'), true],
    ['0123456789abcde', false],
    ['0123456789abcdef', true],
    ['01:23:45:67:89:ab:cd', false],
    ['01:23:45:67:89:ab:cd:ef', true],
    ['-----BEGIN', true],
    ['LS0tLS1', true],
  ] as const) {
    assert.is(couldBeKey(text), isKey, text);
  }
});

test('valid names of each kind are shown', () => {
  for (const [kind, text] of [
    ['object name', 'lightrun-tls-production-2026'],
    ['object name', 'd41d8cd98f00b204e9800998ecf8427e'.repeat(4)],
    ['object name', `a${'x1'.repeat(126)}`],
    ['host', 'a1b2c3d4e5f6a7b8c9d0.eu-west-1.elb.amazonaws.com'],
    ['host', 'https://a1b2c3d4e5f6a7b8c9d0.eu-west-1.elb.amazonaws.com:8443/app'],
    ['host', 'a1b2c3d4e5f6a7b8c9d0.eu-west-1.elb.amazonaws.com/app'],
    ['host', '2001:0db8:85a3:0000:0000:8a2e:0370:7334'],
    ['pin', 'e3b0c442'.repeat(8)],
    ['pin', 'E3B0C442'.repeat(8)],
  ] as const) {
    assert.is(redact(text, kind), text);
  }
});

test("a path of the chart's own keys that was written as one key is shown, and nothing else with them", () => {
  for (const text of ['certificate.tls.crt', 'certificate.tls.key', 'lightrun.certificate.tls.crt'])
    assert.is(redact(text, 'YAML key'), text);
  assert.is(redact('d41d8cd98f00b204e9800998ecf8427e.tls.key', 'YAML key'), REDACTED);
  assert.is(redact('tls.key.d41d8cd98f00b204e9800998ecf8427e', 'YAML key'), REDACTED);
});

test('what is no valid name of its kind is redacted, though it were one of another', () => {
  for (const [kind, text] of [
    ['object name', 'd41d8cd98f00b204e9800998ecf8427E'],
    ['host', 'd41d8cd98f00b204_9800998ecf8427e'],
    ['host', 'yjg170/K9w8NUM4I'],
    ['host', 'yjg170aa9w8NUM4/'],
    ['host', 'https://a1.example.com/d41d8cd98f00b204e9800998ecf8427e'],
    ['host', '2001:0db8:85a3:0000:0000:8a2e:0370:7334:1'],
    ['pin', 'e3b0c442'.repeat(8).slice(1)],
    ['pin', `${'e3b0c442'.repeat(8)}0`],
    ['YAML key', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['PEM label', 'D41D8CD98F00B204E9800998ECF8427E'],
    ['value', 'd41d8cd98f00b204e9800998ecf8427e'],
  ] as const) {
    assert.is(redact(text, kind), REDACTED);
  }
});

test('ordinary words are shown, whatever they stand for', () => {
  for (const text of [
    'My_TLS_Secret_of_Production',
    'https://Lightrun.example.com:443/app',
    'LIGHTRUN.EXAMPLE.COM',
    'Lightrun-Production-Intermediate-Authority-2026',
    'securityPinnedHashes',
    'existingTLSCertificate',
    'certManagerClusterIssuer2',
    'cert-manager.io/cluster-issuer',
    'SPRING_DATASOURCE_PASSWORD',
    'NEW CERTIFICATE REQUEST',
    'TRUSTED CERTIFICATE',
    'ENCRYPTED PRIVATE KEY',
    '<base64-encoded-certificate>',
    'router-deployment.yaml:12:24',
    '--namespace=production',
    'tomorrow-evening-at-noon',
    '2026-13-26T10:00:00.000+01:00',
    '2026-11-26 25:00:00Z',
    'x'.repeat(15),
    '',
  ]) {
    for (const kind of KINDS) assert.is(redact(text, kind), text);
  }
});

test('no more than one in 2,000 pieces of random base64 reads as words', () => {
  const shown = (length: number, every: number): number => {
    let count = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64').slice(0, 16);
        if (!couldBeKey(text.replace(new RegExp(`.{${every}}(?=.)`, 'g'), '$&-'))) count += 1;
      }),
      tries(4_000),
    );
    return count;
  };
  const all = [1, 2, 4, 5, 8, 16].map((every) => shown(12, every));
  assert.ok(Math.max(...all) <= 2 * Number(tries(1).numRuns), String(all));
});

test('two thirds of words is enough, and digits belong at their end', () => {
  for (const [text, isWords] of [
    ['production-ab-cd', true],
    ['production-ab-cd-ef', false],
    ['production2026', true],
    ['2026production', false],
    ['productionOff', true],
    ['productionOf', false],
    ['productionX', false],
    ['prodbcdftion', false],
    ['Production-OF-it', false],
    ['PRODUCTION-OF', true],
  ] as const) {
    assert.is(readsAsWords(text), isWords, text);
  }
});

test('longer texts than any name are compared with nothing, and shown only where they are words', () => {
  const keys = privateKeysIn(() => {
    throw new Error('compared');
  });
  const words = 'word '.repeat(205);
  assert.is(redact(words, 'value', keys), words);
  assert.throws(() => redact(words.slice(0, 1024), 'value', keys), 'compared');
  assert.is(redact('aB3'.repeat(100_000), 'YAML key', keys), REDACTED);
});

test('a private key that is spread over the keys of a path is redacted, and the names around it are not', () => {
  const pieces = ['aB3dE5fG', '7hJ9kL2m', 'N4pQ6rS8'];
  assert.equal(redactPath(['certificate', 'tls', ...pieces]), [
    'certificate',
    'tls',
    REDACTED,
    REDACTED,
    REDACTED,
  ]);
  assert.equal(redactPath(['certificate', 'tls', 'key']), ['certificate', 'tls', 'key']);
  assert.equal(redactPath(['platform', 'k8s', 'lightrun2', 'certificate']), [
    'platform',
    'k8s',
    'lightrun2',
    'certificate',
  ]);
});

test('user names and passwords in URLs are masked, percent-encoded too', () => {
  for (const [text, shown] of [
    ['https://admin:secret@host/a', 'https://***@host/a'],
    ['https://admin@host', 'https://***@host'],
    ['see "https://admin:s@cr@et@host:443/a@b", or', 'see "https://***@host:443/a@b", or'],
    ['oci://u:p@host/a https://v:q@host/b', 'oci://***@host/a https://***@host/b'],
    ['https://admin:s%40cret@host', 'https://***@host'],
    ['https://admin%3Asecret%40host/a', 'https://***@host/a'],
    ['https%3A%2F%2Fadmin%3Asecret%40host%2Fa', 'https%3A%2F%2F***@host%2Fa'],
    ['https%3a//admin:secret@host', 'https%3a//***@host'],
    ['https://admin:se/cr?et#x@host/a', 'https://***@host/a'],
    ['/srv/https:/admin:secret@host/a', '/srv/https:/***@host/a'],
    ['git+ssh://git:secret@host/a.git', 'git+ssh://***@host/a.git'],
    ['secrets://admin:secret@host', 'secrets://***@host'],
    ['https://host/a?private_token=glpat-x&ref=main', 'https://host/a?private_token=***&ref=main'],
    ['https://host/a?sig=x', 'https://host/a?sig=***'],
  ] as const) {
    assert.is(maskUrls(text), shown);
    assert.is(maskUrls(shown), shown, 'the second time');
  }
});

test('what is no user name in a URL is shown', () => {
  for (const text of [
    'https://host:8443/a@b',
    'https://host/a?b=c@d',
    'oci://ghcr.io/acme/chart@sha256:abc',
    'mail admin@host about https://host',
    '/home/me@corp/values.yaml',
    'C:/Users/me@corp/values.yaml',
    'git@host:acme/values.git',
    'https://host, or admin@host',
    'https://host?region=eu',
    'https://[2001:db8::1]:443/a',
  ]) {
    assert.is(maskUrls(text), text);
  }
});

test('no part of a user name or password is left of any URL', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9!$&*+,;=._~%-]{1,20}$/);
  fc.assert(
    fc.property(word, word, fc.boolean(), (user, password, isEncoded) => {
      const [name, secret] = [`Qq${user}qQ`, `Zz${password}zZ`];
      const url = `https://${name}:${secret}@host.example/a`;
      const masked = maskUrls(`at ${isEncoded ? encodeURIComponent(url) : url}, no`);
      assert.not.ok(masked.includes('Qq') || masked.includes('zZ'), masked);
      assert.ok(masked.includes('host.example'));
    }),
    tries(500),
  );
});

test('masking takes linear time', () => {
  for (const text of ['a://b:x'.repeat(30_000), 'a.'.repeat(200_000), `a://${'@b:'.repeat(100_000)}`]) {
    const start = performance.now();
    maskUrls(`://${text}`);
    assert.ok(performance.now() - start < 2_000);
  }
});

test('a URL has a scheme of two letters or more', () => {
  assert.ok(isUrl('ab://x'));
  assert.not.ok(isUrl('a://x'));
  assert.not.ok(isUrl('x ab://x'));
});

test('a path on disk is shown in another program’s words, whatever values hold', () => {
  const path = '/srv/aB3dE5fG7hJ9kL2mN4/values.yaml';
  assert.is(
    redactWords(`at ${path}.`, [path], (word) => word === path),
    `at ${path}.`,
  );
  assert.is(redactWords(`at ${path}.`, [path]), 'at (redacted)');
});

/** Base64 without a pattern: upper case, lower case, digits. */
const run = (length: number): string => 'aB3'.repeat(length).slice(0, length);

test('a YAML file of a million blank lines is searched in linear time', () => {
  const began = performance.now();
  assert.is(holdsMaterial(`a: b\n${'\n'.repeat(1_000_000)}c: d\n`), false);
  assert.ok(performance.now() - began < 2000);
});

test('a YAML file holds material from 48 characters of base64 on, or PEM, comments aside', () => {
  assert.not(holdsMaterial(`a: ${run(47)}\n`));
  assert.ok(holdsMaterial(`a: ${run(48)}\n`));
  assert.not(holdsMaterial(`a: ${'a'.repeat(48)}\n`));
  assert.not(holdsMaterial(`a: 1\n  # ${run(48)}\n`));
  assert.ok(holdsMaterial('# -----BEGIN PRIVATE KEY-----\n'));
  assert.ok(holdsMaterial('# LS0tLS1CRUdJTi\n'));
});

test.run();
