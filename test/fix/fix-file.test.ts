import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';
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

test('wrong usage: nothing changes, and the message says what to write', async () => {
  const before = file(inline(MISORDERED));
  for (const [args, message] of [
    [['--dry-run', FILE], /--dry-run needs --fix/],
    [['--fix', '-f', FILE], /--fix fixes single files/],
    [['--fix', '-'], /standard input \(-\) is not/],
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
