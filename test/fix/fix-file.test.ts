import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fixInput } from '../../src/fix/fix-file.ts';
import { lint } from '../../src/lint/lint.ts';
import { publicRoots } from '../../src/x509/roots.ts';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';
import { lintOptions } from '../support/lint.ts';
import { tries } from '../support/property.ts';
import { base64 } from '../support/values-yaml.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'fix-'));
const FILE = join(FOLDER, 'values.yaml');
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

function file(text: string): string {
  writeFileSync(FILE, text);
  return text;
}
const now = (): string => readFileSync(FILE, 'utf8');

test('a misordered chain is fixed in place, with a note, and then linted', async () => {
  file(`# mine\n${inline(MISORDERED)}`);
  const { status, stdout, stderr } = await command(['lint', '--fix', FILE]);
  assert.is(now(), `# mine\n${inline(CHAIN)}`);
  assert.is(
    stderr,
    `${FILE}: fixed\n  certificate.tls.crt (line 4): put the certificates in order: leaf, intermediate, root\n`,
  );
  assert.match(stdout, /values\.yaml {2}ok/);
  assert.is(status, 0);
});

test('a second run changes nothing and notes nothing', async () => {
  const before = file(inline(CHAIN));
  const { stderr, status } = await command(['lint', '--fix', FILE]);
  assert.equal([now(), stderr, status], [before, '', 0]);
});

test('--dry-run notes the same, and lints the file unchanged', async () => {
  const before = file(inline(MISORDERED));
  const { status, stdout, stderr } = await command(['lint', '--fix', '--dry-run', FILE]);
  assert.is(now(), before);
  assert.match(stderr, /would be fixed\n {2}certificate\.tls\.crt \(line 3\): put the certificates in order/);
  assert.match(stdout, /chain-order/);
  assert.is(status, 1);
});

test('what has no one right answer stays a finding, and the file stays unchanged', async () => {
  for (const [text, rule] of [
    [`certificate:\n  existing_cert: a\n  tls: {crt: ${base64(CHAIN)}, key: ${KEY}}\n`, 'source-conflict'],
    [`certificate:\n  tls: {crt: "<crt>", key: ${KEY}}\n`, 'placeholder'],
    ['a: [\n', 'values-syntax'],
  ] as const) {
    file(text);
    const { status, stdout, stderr } = await command(['lint', '--fix', FILE]);
    assert.equal([now(), status, stderr], [text, 1, '']);
    assert.match(stdout, new RegExp(rule));
  }
});

test('a value that others share through an anchor is not fixed, with what to do', async () => {
  const text = file(`a: &a ${base64(MISORDERED)}\n${inline(CHAIN).replace(/crt: \S+/, 'crt: *a')}`);
  const direct = await command(['lint', '--fix', FILE]);
  assert.is(direct.status, 0, 'the alias itself is replaced');
  assert.ok(now().startsWith(text.slice(0, text.indexOf('\n'))));

  const shared = file(
    `certificate:\n  tls: &tls\n    crt: ${base64(MISORDERED)}\n    key: ${KEY}\nother: *tls\n`,
  );
  const { status, stderr } = await command(['lint', '--fix', FILE]);
  assert.equal([now(), status], [shared, 1]);
  assert.match(
    stderr,
    /certificate\.tls\.crt was not fixed: other values share it.*\n {2}Write the value there/,
  );
});

test('a value that cannot be edited keeps the other from being fixed only where the two are swapped', async () => {
  const shared = (crt: string, key: string): string =>
    file(`certificate:\n  tls:\n    crt: &a ${crt}\n    key: ${key}\nother: *a\n`);
  const key = KEY.replace(/^.{40}/, '$& ');
  shared(base64(MISORDERED), key);
  const { stderr } = await command(['lint', '--fix', FILE]);
  assert.match(
    stderr,
    /fixed\n {2}certificate\.tls\.key \(line 4\): joined.*\n.*certificate\.tls\.crt was not fixed/,
  );
  assert.is(now(), `certificate:\n  tls:\n    crt: &a ${base64(MISORDERED)}\n    key: ${KEY}\nother: *a\n`);

  const before = shared(KEY, base64(CHAIN));
  const swapped = await command(['lint', '--fix', FILE]);
  assert.match(swapped.stderr, /tls\.crt was not fixed[\s\S]*tls\.key was not fixed/);
  assert.is(now(), before);
});

test('below --root; several files; a link is followed; the mode is kept', async () => {
  const link = join(FOLDER, 'link.yaml');
  rmSync(link, { force: true });
  symlinkSync('values.yaml', link);
  file(`lightrun:\n${inline(MISORDERED).replace(/^/gm, '  ')}`);
  chmodSync(FILE, 0o640);
  const other = join(FOLDER, 'other.yaml');
  writeFileSync(other, `lightrun:\n${inline(CHAIN).replace(/^/gm, '  ')}`);
  const { status, stderr } = await command(['lint', '--fix', '--root', 'lightrun', link, other]);
  assert.is(status, 0);
  assert.match(stderr, /^\S+link\.yaml: fixed\n {2}lightrun\.certificate\.tls\.crt \(line 4\)[^\n]*\n$/);
  assert.is(now(), `lightrun:\n${inline(CHAIN).replace(/^/gm, '  ')}`);
  assert.is(statSync(FILE).mode & 0o777, 0o640);
});

test('data formats stay data: the note goes to standard error', async () => {
  file(inline(MISORDERED));
  const { stdout, stderr } = await command(['lint', '--fix', '--format', 'json', FILE]);
  assert.is(JSON.parse(stdout).summary.errors, 0);
  assert.match(stderr, /values\.yaml: fixed/);
});

test('no byte of the private key is shown, whatever is fixed in it', async () => {
  const pem = Buffer.from(KEY, 'base64').toString();
  file(`certificate:\n  tls:\n    crt: ${base64(CHAIN)}\n    key: |\n${pem.replace(/^(?=.)/gm, '      ')}`);
  const { stdout, stderr, status } = await command(['lint', '--fix', FILE]);
  assert.is(status, 0);
  const body = pem.split('\n')[1] ?? '';
  for (const text of [stdout, stderr]) assert.not.ok(text.includes(body.slice(0, 12)));
});

test('lint offers --fix where it leaves the finding gone, and nowhere else', async () => {
  file(inline(MISORDERED));
  const commandsOf = async (...args: string[]) => {
    const { stdout } = await command(['lint', '--format', 'json', ...args]);
    return JSON.parse(stdout).targets[0].findings.map(({ commands }: { commands: string[] }) => commands);
  };
  assert.equal(await commandsOf(FILE), [[`lightrun-cert lint --fix ${FILE}`]]);
  assert.match((await command(['lint', FILE])).stdout, new RegExp(`fix: lightrun-cert lint --fix ${FILE}\n`));
  assert.equal(await commandsOf('--fix', '--dry-run', FILE), [[`lightrun-cert lint --fix ${FILE}`]]);
  assert.equal(await commandsOf('--fix', FILE), []);

  file(`certificate:\n  tls: {crt: "<crt>", key: ${KEY}}\n`);
  assert.not.match((await command(['lint', FILE])).stdout, /lint --fix/);
  assert.not.match((await command(['lint', '-'], { stdin: inline(MISORDERED) })).stdout, /lint --fix/);
});

const RULES_OF_FORM = /^(?:base64|pem|placeholder)|-unreadable$/;

/** Any mistake in a text: a piece left out, given twice, put elsewhere, or other characters in it. */
const damage = fc
  .record({
    kind: fc.constantFrom('cut', 'end', 'double', 'insert', 'replace', 'none'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.constantFrom(1, 2, 3, 4, 30, 64, 500),
    other: fc.constantFrom(
      '=',
      '\u00a0',
      ' ',
      '\n',
      '-',
      '\ufeff',
      'A',
      '%',
      '\\n',
      '\r',
      '-----',
      'me@host:~$',
      '\n\n',
    ),
  })
  .map(({ kind, at, length, other }) => (text: string): string => {
    const start = Math.floor(at * text.length);
    const [before, piece, after] = [
      text.slice(0, start),
      text.slice(start, start + length),
      text.slice(start + length),
    ];
    const damaged = {
      cut: before + after,
      end: before,
      double: before + piece + piece + after,
      insert: before + other + piece + after,
      replace: before + other + after,
      none: text,
    };
    return damaged[kind];
  });

test('whatever the damage: a value stays as it is, or holds what can be read; the rest stays byte for byte', async () => {
  let changed = 0;
  const around = (crt: string, key: string) =>
    `# before\ncertificate: # here\n  tls:\n    crt: ${JSON.stringify(crt)} # crt\n    key: ${JSON.stringify(key)}\nafter: [1,  2]\n`;
  const options = { ...lintOptions(), roots: publicRoots() };
  const findingsIn = async (bytes: Buffer) => (await lint(bytes, 'values.yaml', options)).findings;
  await fc.assert(
    fc.asyncProperty(damage, damage, damage, damage, async (inCrt, crtText, inKey, keyText) => {
      const pem = (text: string, spoil: (text: string) => string) => base64(spoil(text));
      const crt = crtText(pem(CHAIN, inCrt));
      const key = keyText(pem(Buffer.from(KEY, 'base64').toString(), inKey));
      const input = { bytes: Buffer.from(around(crt, key)), name: 'values.yaml' };
      const { bytes, fixed } = await fixInput(input, options);
      assert.is(bytes === input.bytes, fixed.length === 0);
      if (bytes === input.bytes) return;
      changed += 1;
      const [newCrt = '', newKey = ''] = [...bytes.toString().matchAll(/(?:crt|key): "([^"]*)"/g)].map(
        ([, value]) => JSON.parse(`"${value}"`),
      );
      assert.is(bytes.toString(), around(newCrt, newKey));
      const before = await findingsIn(input.bytes);
      const after = await findingsIn(bytes);
      const values = { crt: [crt, newCrt], key: [key, newKey] };
      for (const [name, [old, now]] of Object.entries(values)) {
        const left = after.filter(({ path, rule }) => path.at(-1) === name && RULES_OF_FORM.test(rule));
        if (old !== now) assert.equal(left, [], name);
      }
      const known = new Set(before.map(({ rule }) => rule));
      const added = after.filter(({ rule, severity }) => severity === 'error' && !known.has(rule));
      assert.equal(
        added.filter(({ rule }) => RULES_OF_FORM.test(rule)),
        [],
      );
      assert.is((await fixInput({ ...input, bytes }, options)).bytes.equals(bytes), true, 'a second time');
    }),
    tries(120),
  );
  assert.ok(changed > 10, `${changed} of 120 were fixed`);
});

test('wrong usage: nothing changes, and the message says what to write', async () => {
  const before = file(inline(MISORDERED));
  for (const [args, message] of [
    [['--dry-run', FILE], /--dry-run needs --fix/],
    [['--fix', '-f', FILE], /--fix fixes single files/],
    [['--fix', '-', FILE], /--fix - writes the fixed text to standard output/],
  ] as const) {
    const { status, stderr, stdout } = await command(['lint', ...args]);
    assert.equal([status, stdout, now()], [2, '', before]);
    assert.match(stderr, message);
  }
});

test('a file that cannot be read: status 2', async () => {
  const { status, stderr } = await command(['lint', '--fix', join(FOLDER, 'none.yaml')]);
  assert.is(status, 2);
  assert.match(stderr, /no such file/);
});

test.run();
