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

test('the documentation names the version of package.json, and no other', async () => {
  for (const file of ['README.md', 'docs/ci.md']) {
    const text = await readFile(join(ROOT, file), 'utf8');
    const named =
      text.match(
        /(?<=(?:@|rev: |--branch |#|download\/)v|--version )\d+\.\d+\.\d+|(?<=lightrun-cert-)\d+\.\d+\.\d+/g,
      ) ?? [];
    assert.ok(named.length > 0, file);
    for (const each of named) assert.is(each, npmPackage.version, file);
  }
});

test('CHANGELOG.md is in the form of Keep a Changelog, and has the version or says what is unreleased', async () => {
  const text = await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const sections = text.match(/^## .*$/gm) ?? [];
  assert.ok(sections.length > 0);
  for (const section of sections)
    assert.match(section, /^## \[(Unreleased|\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2})/);
  assert.ok(
    sections.some((each) => each.includes('[Unreleased]') || each.includes(`[${npmPackage.version}]`)),
  );
  for (const part of text.match(/^### .*$/gm) ?? [])
    assert.match(part, /^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/);
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
