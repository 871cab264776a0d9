import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasCredentialPlugin, pluginWords } from '../../src/helm/credential-plugin.ts';

test('a line of a credential plugin is shown as it comes; those of Helm are not', () => {
  for (const [stderr, shown] of [
    ['open https://x\n', 'open https://x\n'],
    ['one\ntwo\n', 'one\ntwo\n'],
    ['WARNING: Kubernetes configuration file is group-readable\nhello\n', 'hello\n'],
    ['E1126 10:00:00.1 7 memcache.go:265] "Unhandled"\n', ''],
    ['walk.go:75: found symbolic link in path\n', ''],
    ['coalesce.go:286: warning: skipped value for a: Not a table.\n', ''],
    ['2026/11/26 10:00:00 x\n', ''],
    ['time=2026 level=WARN msg=x\nlevel=WARN msg=x\n', ''],
    ['hello\nError: no\nof the same error\n', 'hello\n'],
    ['no Error: of Helm\n', 'no Error: of Helm\n'],
  ] as const) {
    let text = '';
    const words = pluginWords((each) => {
      text += each;
    });
    for (const piece of stderr.match(/.{1,7}|\n/gs) ?? []) words.take(piece);
    assert.is(words.end(), shown);
    assert.is(text, shown);
  }
});

test('a prompt is shown after a pause, and what may become an error of Helm is not', async () => {
  const shown: string[] = [];
  const words = pluginWords((text) => shown.push(text));
  words.take('Code? ');
  assert.equal(shown, []);
  await sleep(300);
  assert.equal(shown, ['Code? ']);
  words.take('Err');
  await sleep(300);
  words.take('or: secret\n');
  assert.is(words.end(), 'Code? ');
});

test('only the last 2,000 characters are kept for the message', () => {
  const words = pluginWords(() => undefined);
  words.take(`${'x'.repeat(1_999)}\n`);
  words.take('y\n');
  const said = words.end();
  assert.is(said.length, 2_000);
  assert.ok(said.endsWith('x\ny\n'));
});

test('whether a kubeconfig names a program to log in, in any of its forms and files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
  try {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const none = file('none', 'users:\n- name: a\n  user:\n    token: my-exec\n');
    const yaml = file('yaml', 'users:\n- name: a\n  user:\n    exec:\n      command: aws\n');
    const json = file('json', '{"users":[{"name":"a","user":{"exec":{"command":"aws"}}}]}');
    for (const [value, isThere] of [
      [none, false],
      [yaml, true],
      [json, true],
      [[none, json].join(delimiter), true],
      [join(folder, 'missing'), false],
    ] as const) {
      assert.is(hasCredentialPlugin({ KUBECONFIG: value }, []), isThere);
      assert.is(hasCredentialPlugin({ KUBECONFIG: none }, [`--kubeconfig=${value}`]), isThere);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
