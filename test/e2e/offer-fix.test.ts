/** `lint --fix` is offered for a merged set where fixing one file by itself leaves the finding gone. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { helms, withHelmHome } from '../support/helms.ts';
import { CHAIN, KEY, MISORDERED } from '../support/inline.ts';
import { run } from '../support/run.ts';
import { base64 } from '../support/values-yaml.ts';

const crt = (value: string): string => `certificate:\n  tls:\n    crt: ${value}\n`;
const key = (value: string): string => `certificate:\n  tls:\n    key: ${value}\n`;
const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
const wrapped = (text: string): string => `"${text.replace(/.{76}/g, '$& ')}"`;

type Offers = Record<string, string[]>;

async function offersOf(files: Record<string, string>, ...more: string[]): Promise<Offers> {
  const [{ bin = '' } = {}] = await helms();
  return withHelmHome(async ({ folder, env }) => {
    const paths = Object.keys(files).map((name) => join(folder, name));
    for (const path of paths) await writeFile(path, files[path.slice(folder.length + 1)] ?? '');
    const args = ['lint', '--format', 'json', ...paths.flatMap((path) => ['-f', path]), ...more];
    const linted = async () => {
      const { stdout } = await command(args, { env: { ...(env as Record<string, string>), HELM_BIN: bin } });
      const { findings } = JSON.parse(stdout).targets[0];
      return findings as { rule: string; commands: string[] }[];
    };
    const before = await linted();
    const offered = before.flatMap(({ rule, commands }) =>
      commands[0]?.includes('lint --fix') ? [[rule, commands] as const] : [],
    );
    // What is offered is run, as it is printed.
    for (const line of new Set(offered.flatMap(([, commands]) => commands))) {
      assert.is((await command(line.split(' ').slice(1), {})).stderr.includes(': fixed'), true, line);
    }
    const rulesAfter = (await linted()).map(({ rule }) => rule);
    for (const [rule] of offered) assert.not.ok(rulesAfter.includes(rule), rule);
    const shown = offered.map(([rule, commands]) => [
      rule,
      commands.map((line) => line.replaceAll(`${folder}/`, '')),
    ]);
    return Object.fromEntries(shown);
  });
}

test('the file that holds the value is named, whichever it is', async () => {
  assert.equal(await offersOf({ 'a.yaml': crt(wrapped(base64(CHAIN))), 'b.yaml': key(base64(KEY)) }), {
    'base64-wrapped': ['lightrun-cert lint --fix a.yaml'],
    'base64-twice': ['lightrun-cert lint --fix b.yaml'],
  });
});

test('below --root', async () => {
  const files = {
    'a.yaml': `lr:\n${indented(crt(base64(MISORDERED)))}`,
    'b.yaml': `lr:\n${indented(key(KEY))}`,
  };
  assert.equal(await offersOf(files, '--root', 'lr'), {
    'chain-order': ['lightrun-cert lint --fix --root lr a.yaml'],
  });
});

test('a file that Helm cannot read because of what was pasted into it', async () => {
  const pasted = base64(CHAIN).replace(/.{76}(?=.)/g, '$&\n');
  assert.equal(await offersOf({ 'a.yaml': crt(pasted), 'b.yaml': key(KEY) }), {
    'values-syntax': ['lightrun-cert lint --fix a.yaml'],
  });
});

test('not where the value does not count, comes from a flag, or cannot be fixed without the other file', async () => {
  const twice = base64(base64(CHAIN));
  const right = `${crt(base64(CHAIN))}    key: ${KEY}\n`;
  assert.equal(await offersOf({ 'a.yaml': crt(twice), 'b.yaml': right }), {});
  assert.equal(await offersOf({ 'a.yaml': right }, '--set', `certificate.tls.crt=${twice}`), {});
  const swapped = { 'a.yaml': crt(KEY), 'b.yaml': key(base64(CHAIN)) };
  assert.equal(await offersOf(swapped), {});
});

test('in the gate too', async () => {
  const [{ bin = '' } = {}] = await helms();
  await withHelmHome(async ({ folder, env }) => {
    const file = join(folder, 'values.yaml');
    const chart = join(folder, 'chart');
    await run(bin, ['create', chart], { env });
    await writeFile(file, `${crt(base64(MISORDERED))}    key: ${KEY}\n`);
    const before = await readFile(file, 'utf8');
    const { stderr, status } = await command(['template', 'x', chart, '-f', file], {
      env: { ...(env as Record<string, string>), HELM_BIN: bin },
    });
    assert.is(status, 1);
    assert.ok(stderr.includes(`fix: lightrun-cert lint --fix ${file}\n`), stderr);
    assert.is(await readFile(file, 'utf8'), before);
  });
});

test.run();
