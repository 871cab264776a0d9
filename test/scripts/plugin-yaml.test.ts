import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { ROOT } from '../support/plugin.ts';
import { run } from '../support/run.ts';

const manifest = parse(await readFile(join(ROOT, 'plugin.yaml'), 'utf8'));
const npmPackage = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

const postRenderer = parse(await readFile(join(ROOT, 'post-renderer', 'plugin.yaml'), 'utf8'));

test('both plugin.yaml have the version of package.json', () => {
  assert.is(manifest.version, npmPackage.version);
  assert.is(postRenderer.version, npmPackage.version);
});

test('every system has a command of its own, as Helm 3 needs it', () => {
  const systems = manifest.platformCommand.map((entry: { os: string }) => entry.os);
  assert.equal(systems, ['linux', 'darwin', 'windows']);
});

test('package-lock.json names no host of a registry', async () => {
  assert.not.match(await readFile(join(ROOT, 'package-lock.json'), 'utf8'), '"resolved"');
});

test('sh can read every script', async () => {
  const scripts = (await readdir(join(ROOT, 'scripts'))).filter((name) => name.endsWith('.sh'));
  assert.ok(scripts.length > 0);
  for (const script of scripts) {
    const { status, stderr } = await run('sh', ['-n', join(ROOT, 'scripts', script)]);
    assert.is(status, 0, stderr);
  }
});

test('the wrapper follows symbolic links to itself', async () => {
  const { stdout } = await run('sh', ['-c', LINKED, 'sh', join(ROOT, 'scripts', 'lightrun-cert.sh')]);
  assert.match(stdout, npmPackage.version);
});

/** A relative link to an absolute one, in a folder with a space. */
const LINKED = `
  folder=$(mktemp -d) && mkdir "$folder/a b" && ln -s "$1" "$folder/a b/absolute" && ln -s "a b/absolute" "$folder/relative"
  "$folder/relative" --version
  rm -r "$folder"
`;

test.run();
