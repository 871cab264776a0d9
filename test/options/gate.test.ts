/** The gate's own flags, as options. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import { gateOptions } from '../../src/options/gate.ts';
import { fakeIo } from '../support/command.ts';
import { chain } from '../support/pki.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'lightrun-cert-test-'));
test.after(() => rmSync(FOLDER, { recursive: true }));

const CONFIG = join(FOLDER, '.lightrun-cert.yaml');
writeFileSync(
  CONFIG,
  'root: up\npartial: true\nstrict: true\nfiles: [a]\nexclude: [b]\nca-file: ca.crt\nrules: {cert-expiring: error}\n',
);
writeFileSync(join(FOLDER, 'ca.crt'), chain().root.pem);

async function optionsOf(...args: string[]) {
  const options = await gateOptions('template', ['lightrun', './chart', ...args], fakeIo());
  assert.not.equal(options, 'help');
  return options as Exclude<typeof options, 'help'>;
}

test('a configuration file counts only where --lint-config names it', async () => {
  const before = process.cwd();
  process.chdir(FOLDER);
  try {
    const { lint, configuration } = await optionsOf();
    assert.equal([lint.root, configuration], [[], null]);
  } finally {
    process.chdir(before);
  }
});

test('of it never partial, files and exclude; the rest as in lint, and it is named', async () => {
  const { lint, strict, configuration, otherInputs, helmArgs } = await optionsOf('--lint-config', CONFIG);
  assert.equal([lint.root, lint.partial, strict], [['up'], false, true]);
  assert.is(lint.severities.get('cert-expiring'), 'error');
  assert.equal(lint.invocation.caFiles, [join(FOLDER, 'ca.crt')]);
  assert.equal(configuration, {
    name: CONFIG,
    changes: ['root=up', 'strict', `ca-file=${join(FOLDER, 'ca.crt')}`, 'cert-expiring=error'],
    excluded: [],
  });
  assert.ok(otherInputs.includes(CONFIG));
  assert.equal(helmArgs, ['template', 'lightrun', './chart']);
});

test('comments count only with --allow-ignore', async () => {
  assert.is((await optionsOf()).lint.allowsIgnore, false);
  const { lint, helmArgs } = await optionsOf('--allow-ignore');
  assert.equal([lint.allowsIgnore, helmArgs], [true, ['template', 'lightrun', './chart']]);
});

test('flags win', async () => {
  const ca = join(FOLDER, 'own.crt');
  writeFileSync(ca, chain().root.pem);
  const flags = ['--root', 'other', '--rule', 'cert-expiring=off', '--lint-ca-file', ca];
  const { lint, configuration } = await optionsOf('--lint-config', CONFIG, ...flags);
  assert.equal([lint.root, lint.invocation.caFiles], [['other'], [ca]]);
  assert.is(lint.severities.get('cert-expiring'), 'off');
  assert.equal(configuration?.changes, ['strict']);
});

test('one that is not there is an error', async () => {
  try {
    await optionsOf('--lint-config', join(FOLDER, 'none.yaml'));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, LintError);
  }
});

test.run();
