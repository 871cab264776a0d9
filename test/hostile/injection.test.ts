/** Names in certificates, keys in YAML and file names break out of no output, of no command, in no format. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command, type Ended } from '../support/command.ts';
import { type Issued, issue, key, pkcs8 } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { readCommand } from '../support/runner.ts';
import { base64 } from '../support/values-yaml.ts';
import { assertHarmless, commandsIn, withoutColors } from './checked.ts';

const test = suite('injection');
const FOLDER = mkdtempSync(join(tmpdir(), 'lightrun-cert-injection-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const HOSTILE = [
  '\x1b[2J\x1b[31m',
  '\x1b]8;;http://x.example\x07',
  '\x9b1A',
  '\r\n',
  '\n::error file=x::y',
  '::stop-commands::x',
  '\u2003::add-mask::a',
  '##[error]x',
  '##vso[task.complete]',
  '##VSO[task.setvariable variable=NODE_OPTIONS]--require=/x.js',
  '#\ufe0f#vso[task.complete]',
  "##teamcity[message text='x']",
  '\x1b[0Ksection_start:1560896352:a[collapsed=true]\r\x1b[0K',
  'section_end:1560896352:a',
  '%0A::warning::z',
  ']]><x a="',
  '&amp;<!--',
  '"},{"rule":"x',
  '\\u001b\\n',
  '\u202egpj.exe\u2066',
  '\u200b\ufeff',
  '\0',
  '\ud800',
  '`$(id)`\'"',
  '*/ # {{ x }} ${y}',
];
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const text = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));

/** A file's name can hold neither a folder's separator nor NUL. */
const fileName = (hostile: string): string => hostile.replace(/[/\0]/g, '_').slice(0, 60);

function assertSafe(format: string, ended: Ended): void {
  assertHarmless(ended);
  const { stdout, stderr } = ended;
  assert.equal(commandsIn(stderr), []);
  if (format === 'github') {
    const names = commandsIn(stdout).map((line) => readCommand(line)?.name ?? '');
    // Each line is a finding, but the last, which sums up.
    assert.is(names.length, stdout.trimEnd().split('\n').length - 1);
    assert.ok(
      names.every((name) => ['error', 'warning', 'notice'].includes(name)),
      names.join(),
    );
    return;
  }
  assert.equal(commandsIn(stdout), []);
  if (['json', 'sarif', 'gitlab'].includes(format)) JSON.parse(stdout);
  if (format === 'junit') assert.is(XMLValidator.validate(stdout), true);
}

function certificates(names: readonly [string, string, string]): Issued[] {
  // UTF-8 has no half of a surrogate pair.
  const [subject, organization, host] = names.map((name) => Buffer.from(name).toString()) as [
    string,
    string,
    string,
  ];
  const ca = issue({ subject: [[['CN', organization]], [['O', subject]]], key: key('p256', 1), ca: true });
  const other = issue({ subject: [[['emailAddress', host]]], key: key('p256', 2), ca: true });
  const leaf = issue({
    subject: [[['CN', subject]], [['OU', organization, 'bmp']]],
    issuer: ca,
    key: key('p256', 3),
    san: [`dns:${host}`, `email:${subject}`, `uri:${organization}`],
    notAfter: new Date(0),
  });
  return [other, leaf, ca];
}

test('names in certificates, keys in YAML and file names', async () => {
  const property = fc.asyncProperty(
    fc.tuple(text, text, text),
    text,
    text,
    async (names, yamlKey, called) => {
      const all = certificates(names);
      const crt = all.map(({ pem }) => pem).join('');
      const tls = {
        crt: base64(crt),
        key: base64(pkcs8(key('p256', 3))),
        [yamlKey]: 1,
        [`crt${yamlKey}`]: yamlKey,
      };
      const values = { certificate: { tls, [yamlKey]: [] }, general: { lightrun_endpoint: names[2] } };
      const [file, pem, keyFile] = [`v${called}`, `p${called}`, `k${called}`].map((name) =>
        join(FOLDER, fileName(name)),
      );
      writeFileSync(file as string, JSON.stringify(values));
      writeFileSync(pem as string, crt);
      writeFileSync(keyFile as string, pkcs8(key('p256', 3)));
      try {
        for (const format of ['text', 'json', 'sarif', 'github', 'gitlab', 'junit']) {
          assertSafe(format, await command(['lint', '--format', format, file as string]));
        }
        for (const args of [
          ['lint', '--fix', '--dry-run', file],
          ['lint', '--ca-file', keyFile, file],
          ['lint', `${file}absent`],
          ['lint', '--root', called, file],
          ['inspect', file],
          ['inspect', pem],
          ['encode', '--cert', pem, '--key', keyFile, '--at', '1970-01-01'],
          ['encode', '--cert', keyFile, '--key', pem],
          ['encode', '--cert', pem, '--key', `${file}absent`],
          ['generate', '--host', called, '--print'],
          ['generate', '--host', 'a.example', '--key', 'ec256', '--out-dir', pem],
          ['explain', called],
          [called],
          ['lint', `--${called}`],
          ['post-render', '--secret', called],
        ] as string[][]) {
          assertSafe('text', await command(args));
        }
        const inspected = await command(['inspect', '--format', 'json', file as string]);
        // Of what is no YAML there is nothing to show.
        assertSafe(inspected.stdout === '' ? 'text' : 'json', inspected);
        assertSafe('text', withoutColors(await command(['lint', '--color', 'always', file as string])));
        const data = { 'tls.crt': tls.crt, 'tls.key': tls.key };
        const secret = {
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/tls',
          metadata: { name: `${called}-certificate` },
          data,
        };
        const rendered = await command(['post-render'], { stdin: JSON.stringify(secret) });
        assertSafe('text', rendered.status === 0 ? { ...rendered, stdout: '' } : rendered);
      } finally {
        for (const path of [file, pem, keyFile]) rmSync(path as string, { force: true });
      }
    },
  );
  await fc.assert(property, { ...tries(12), includeErrorInReport: true });
});

test.run();
