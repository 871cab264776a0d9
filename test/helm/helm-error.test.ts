import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answer } from '../../src/helm/helm.ts';
import { helmError, helmFailed } from '../../src/helm/helm-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'helm-error-'));
test.after(() => rmSync(folder, { recursive: true }));

const SECRET = 'abcdefghijklmnopqrstuvwxyz';

test('Helm’s own error is given, without the lines around it', () => {
  for (const [stderr, words] of [
    ['Error: no such file\n', 'no such file'],
    ['WARNING: old\nError: no such file\n', 'no such file'],
    ['Error: first\nError: second\n', 'second'],
    ['\nError: no such file', 'no such file'],
    ['It says Error: nothing', 'It says Error: nothing'],
    ['Error: a\n\nUse --debug flag to render out invalid YAML\n', 'a'],
    ['Error: a\nUse --debug flag', 'a'],
    [
      'Error: template: x/y.yaml:1:2: executing error calling lookup: forbidden',
      'error calling lookup: forbidden',
    ],
    ['Error: template: error calling lookup: forbidden', 'error calling lookup: forbidden'],
    ['Error: in template: x error calling lookup: y', 'in template: x error calling lookup: y'],
    ['', ''],
    ['\n', ''],
  ] as const) {
    assert.is(helmError(stderr, []), words);
  }
});

test('the value of a flag that Helm cannot read is left out, over several lines too', () => {
  for (const flag of ['--set', '--set-string', '--set-json', '--set-literal']) {
    for (const rest of ['', ': key "x" has no value', '\na\nb']) {
      assert.is(
        helmError(`Error: failed parsing ${flag} data${rest}`, []),
        `failed parsing ${flag} data: the value of ${flag} is not in the form that Helm reads`,
      );
    }
  }
});

test('12 characters of a secret are redacted with all that they are joined to; 11 are not a piece of it', () => {
  const [eleven, twelve] = [SECRET.slice(5, 16), SECRET.slice(5, 17)];
  for (const [said, shown] of [
    [eleven, eleven],
    [twelve, '(redacted)'],
    [`${twelve}, ${eleven}`, `(redacted), ${eleven}`],
    [`${twelve.slice(0, 6)}:${twelve.slice(6)}`, '(redacted)'],
    [`${twelve.slice(0, 4)}-${twelve.slice(4, 9)}.${twelve.slice(9)}`, '(redacted)'],
    [`_/+=-${twelve}0`, '(redacted)'],
    [`0${eleven}0`, `0${eleven}0`],
    [SECRET.slice(0, 12), '(redacted)'],
    [SECRET.slice(-12), '(redacted)'],
    [SECRET.toUpperCase().slice(0, 15), SECRET.toUpperCase().slice(0, 15)],
  ] as const) {
    assert.is(helmError(`Error: at ${said}.`, ['another', SECRET]), `at ${shown}.`);
  }
  assert.is(helmError(`Error: at ${twelve}`, []), `at ${twelve}`);
});

test('what could be 16 characters of a private key is redacted, whoever knows it', () => {
  const run = 'Ab1+/cD2'.repeat(2);
  for (const [said, shown] of [
    [run.slice(1), run.slice(1)],
    [run, '(redacted)'],
    [`"${run}"`, '"(redacted)"'],
    [`${run.slice(0, 8)}-${run.slice(8)}`, '(redacted)'],
    ['3a:4b:5c:6d:7e:8f:90', '3a:4b:5c:6d:7e:8f:90'],
    ['3a:4b:5c:6d:7e:8f:90:a1', '(redacted)'],
    ['-----BEGIN', '(redacted)'],
    ['-----BEGIN-----', '(redacted)'],
  ] as const) {
    assert.is(helmError(`Error: at ${said}, no`, []), `at ${shown}, no`);
  }
});

test('Helm’s own words, file paths and templates are shown', () => {
  const file = join(folder, 'aB3dE5fG7hJ9kL2mN4', 'values.yaml');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  for (const words of [
    'open /Users/JohnDoe/Documents/GitHub/infrastructure/values.yaml: no such file or directory',
    'open /Users/JohnDoe/aB3dE5fG7hJ9kL2mN4/values.yaml: no such file or directory',
    `failed to parse ${file}: error converting YAML to JSON: yaml: line 3: did not find expected key`,
    `open ${dirname(file)}: permission denied`,
    'execution error at (lightrun/templates/router-deployment.yaml:12:24): certificate.tls is missing',
    'unable to build kubernetes objects from release manifest: resource mapping not found',
    'looks like "https://charts.example.com/Zx8Yw7Vu6Ts5Rq4Po3" is not a valid chart repository',
  ]) {
    assert.is(helmError(`Error: ${words}`, [`# ${file}`]), words);
  }
});

test('a private key that was given as a file’s name, and a password in a URL, are not shown', () => {
  const run = 'Ab1+/cD2'.repeat(8);
  assert.is(
    helmError(`Error: open ${run}: file name too long`, []),
    'open (redacted: it could be part of a private key): file name too long',
  );
  assert.is(
    helmError('Error: Get "https://admin:correct-horse@charts.example.com/index.yaml": EOF', []),
    'Get "https://***@charts.example.com/index.yaml": EOF',
  );
  assert.is(
    helmError('Error: parse "https://admin:correct/horse@host/": invalid port ":correct" after host', []),
    'parse "https://***@host/": invalid port after host',
  );
  const words = 'word '.repeat(294);
  assert.is(
    helmError(`Error: ${words}https://admin:${'x'.repeat(100)}@host`, []),
    `${words}https://***@host`,
  );
});

test('an error is cut after 1,500 characters, and safe to show', () => {
  const words = 'word '.repeat(300).trimEnd();
  assert.is(helmError(`Error: ${words}!`, []), `${words}!`);
  assert.is(helmError(`Error: ${words}!!`, []), `${words}…`);
  assert.is(helmError('Error: \x1b[31m\nred', []), '\\x1b[31m\nred');
});

const FAILED: Answer = {
  status: 1,
  stdout: Buffer.alloc(0),
  stderr: 'Error: no\n',
  isTimedOut: false,
  pluginSaid: '',
};

/** What is said of a failure of a Helm that tells this version. */
async function failed(version: string, answer: Partial<Answer> = {}, status = 0) {
  const bin = join(folder, 'helm');
  writeFileSync(bin, `#!/bin/sh\nprintf '%s\\n' '${version}'\nexit ${status}\n`);
  chmodSync(bin, 0o755);
  const helm = { bin, isNamed: true, connection: [], timeout: 90_500, logIn: null, terminal: null };
  const { message, help } = await helmFailed(helm, { ...FAILED, ...answer }, 'Helm could not', []);
  return { message, help };
}

test('3.13 is the oldest Helm', async () => {
  for (const [version, isOld] of [
    ['v2.99.0', true],
    ['v3.12.3+g1', true],
    ['v3.13.0+g1', false],
    ['v3.100.0', false],
    ['v4.0.0', false],
    ['v10.2.0', false],
  ] as const) {
    const { message } = await failed(version);
    assert.is(/is too old: 3\.13 or newer is needed/.test(message), isOld, version);
    if (!isOld) assert.is(message, 'Helm could not: no');
  }
});

test('what prints no version is not Helm', async () => {
  for (const [version, status] of [
    ['v3.17.0', 1],
    ['', 0],
    ['v3', 0],
    ['v.1.', 0],
    ['v3..', 0],
    ['hello', 0],
  ] as const) {
    const { message } = await failed(version, {}, status);
    assert.match(message, /is not Helm/);
  }
});

test('a Helm that ends silently, or does not end', async () => {
  assert.match(
    (await failed('v4.0.0', { stderr: '\n' })).message,
    /^Helm could not: it ended with status 1 and no message$/,
  );
  assert.match((await failed('v4.0.0', { stderr: '', status: null })).message, /status none/);
  assert.match((await failed('v4.0.0', { isTimedOut: true })).message, /did not answer within 91 seconds/);
});

test('dependencies that are missing are fetched by Helm, not by this command', async () => {
  const missing = await failed('v4.0.0', {
    stderr: 'Error: found in Chart.yaml, but missing in charts/ directory: a',
  });
  assert.match(missing.help ?? '', /helm dependency update CHART$/);
  assert.not.match((await failed('v4.0.0')).help ?? '', /dependency/);
});

test.run();
