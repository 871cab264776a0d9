import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { issue, key, pkcs8 } from '../support/pki.ts';
import { pemYaml } from '../support/values-yaml.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'previous-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const other = issue({ key: key('p256', 90) });
const OLD = file('old.yaml', inline(CHAIN));
const NEW = file('new.yaml', pemYaml(other.pem, pkcs8(other.privateKey)));
const SECRET = file('secret.yaml', 'certificate:\n  existing_cert: my-tls\n');

/** Reports wrap their lines. */
const unwrapped = (text: string) => text.replace(/\n +/g, ' ');

test('--previous: what changes with the upgrade, with the names of the release', async () => {
  const { status, stdout } = await command(['lint', NEW, '--previous', OLD, '--release', 'prod']);
  assert.is(status, 0);
  assert.match(stdout, 'warning  pin-changes');
  assert.match(stdout, 'info  no-rollout');
  assert.match(stdout, /kubectl rollout restart deployment\/prod-backend deployment\/prod-crons\n/);
  assert.is((await command(['lint', NEW, '--previous', OLD, '--strict'])).status, 1);
  assert.is((await command(['lint', NEW, '--previous', OLD, '--rule', 'pin-changes=error'])).status, 1);
});

test('without the name of the release the line has a word in its place, and says so', async () => {
  const { stdout } = await command(['lint', NEW, '--previous', OLD]);
  assert.match(stdout, 'kubectl rollout restart deployment/RELEASE-backend deployment/RELEASE-crons');
  assert.match(unwrapped(stdout), 'RELEASE stands for the name of the release, which --release NAME gives.');
});

test('either of the two may be standard input, not both', async () => {
  const stdin = inline(CHAIN);
  assert.match((await command(['lint', NEW, '--previous', '-'], { stdin })).stdout, 'than that of <stdin>');
  const piped = await command(['lint', '-', '--previous', OLD], { stdin });
  assert.is(piped.status, 0);
  assert.not.match(piped.stdout, /pin-changes|no-rollout/);
  assert.is((await command(['lint', '-', '--previous', '-'], { stdin })).status, 2);
});

test('other values that differ are pointed out, for they may restart pods', async () => {
  const more = file(
    'more.yaml',
    `${pemYaml(other.pem, pkcs8(other.privateKey))}general:\n  db_local: false\n`,
  );
  const same = await command(['lint', NEW, '--previous', OLD]);
  const { stdout } = await command(['lint', more, '--previous', OLD]);
  assert.not.match(unwrapped(same.stdout), 'Other values differ too');
  assert.match(unwrapped(stdout), 'Other values differ too, and may restart some of them.');
});

test('what could not be compared is said, in text and in JSON', async () => {
  for (const [now, old, why] of [
    [NEW, SECRET, 'that is in a Secret, which was not read'],
    [SECRET, OLD, 'it is in a Secret, which was not read'],
    [NEW, file('empty.yaml', '{}\n'), 'none can be read there'],
    [NEW, file('null.yaml', 'USER-SUPPLIED VALUES:\nnull\n'), 'none can be read there'],
  ] as const) {
    const text = await command(['lint', now, '--previous', old]);
    assert.is(text.status, 0, text.stderr);
    assert.match(unwrapped(text.stdout), `The certificate was not compared with that of ${old}: ${why}.`);
    const json = await command(['lint', now, '--previous', old, '--format', 'json']);
    assert.match(json.stdout, why);
  }
  const { stdout } = await command(['lint', SECRET, '--previous', SECRET]);
  assert.not.match(stdout, 'not compared');
});

test('the values of a subchart are compared with those at the same place', async () => {
  const indented = (yaml: string) => `lightrun:\n${yaml.replace(/^(?=.)/gm, '  ')}`;
  const now = file('umbrella.yaml', indented(pemYaml(other.pem, pkcs8(other.privateKey))));
  const old = file('old-umbrella.yaml', indented(inline(CHAIN)));
  const { stdout } = await command(['lint', now, '--root', 'lightrun', '--previous', old]);
  assert.match(stdout, 'warning  pin-changes');
});

test('wrong usage, and values before that cannot be read, end with 2', async () => {
  const manifest = file(
    'manifest.yaml',
    'apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata: { name: a }\ndata: { tls.crt: "", tls.key: "" }\n',
  );
  for (const args of [
    [NEW, SECRET, '--previous', OLD],
    [NEW, '--previous', join(FOLDER, 'none.yaml')],
    [NEW, '--previous', file('broken.yaml', 'certificate: [\n')],
    [NEW, '--previous', OLD, '--release', 'Prod'],
    [manifest, '--previous', OLD],
    [NEW, '--previous', OLD, '--output', OLD],
  ]) {
    const { status, stderr } = await command(['lint', ...args]);
    assert.is(status, 2, args.join(' '));
    assert.ok(stderr.length > 0);
  }
});

test('with --rule off nothing is said of it', async () => {
  const rules = ['--rule', 'pin-changes=off', '--rule', 'no-rollout=off'];
  const { stdout } = await command(['lint', NEW, '--previous', OLD, ...rules]);
  assert.not.match(stdout, /pin-changes|no-rollout|kubectl/);
});

test.run();
