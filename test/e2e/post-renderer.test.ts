import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { writeChart } from '../support/chart.ts';
import { helms, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { ROOT } from '../support/plugin.ts';
import { COMMAND, run } from '../support/run.ts';

const test = suite('a post-renderer of the real Helm');

/** How each Helm names it: a path, or an installed plugin of its own. */
const NAMES = {
  'Helm 3': join(ROOT, 'scripts', 'post-renderer.sh'),
  'Helm 4': 'lightrun-cert-post-renderer',
};

/** The plugin that changes nothing; Helm 3 takes the command of that name. */
const CAT = `apiVersion: v1
type: postrenderer/v1
name: cat
version: 0.1.0
runtime: subprocess
runtimeConfig:
  platformCommand:
    - command: cat
`;

for (const { name, bin } of await helms()) {
  test(`${name}: good manifests pass, broken ones are stopped and the report is seen`, () =>
    withHelmHome(async ({ folder, env }) => {
      const helm = (...args: string[]) => run(bin, args, { cwd: folder, env });
      // As in a shell, standard error is a pipe, which others may open; Node would make it a socket.
      const template = (file: string, ...more: string[]) => {
        const words = ['template', 'x', 'chart', '-f', file, '--post-renderer', NAMES[name], ...more];
        const script =
          'rm -f failed; { { "$@" || echo >failed; } 2>&1 >&3 | cat >&2; } 3>&1; test ! -e failed';
        return run('sh', ['-c', script, 'sh', bin, ...words], { cwd: folder, env });
      };
      const intoFile = async (file: string) => {
        const words = ['template', 'x', 'chart', '-f', file, '--post-renderer', NAMES[name]];
        const ended = await run('sh', ['-c', '"$@" 2>stderr.txt', 'sh', bin, ...words], { cwd: folder, env });
        return { ...ended, stderr: await readFile(join(folder, 'stderr.txt'), 'utf8') };
      };
      await writeChart(join(folder, 'chart'));
      await writeFile(join(folder, 'good.yaml'), inline(CHAIN));
      await writeFile(join(folder, 'bad.yaml'), inline(MISORDERED));
      await writeFile(join(folder, 'secret.yaml'), 'certificate:\n  existing_cert: my-tls\n');
      if (name === 'Helm 4') {
        const installed = await helm('plugin', 'install', join(ROOT, 'post-renderer'));
        assert.is(installed.status, 0, installed.stderr);
        await mkdir(join(folder, 'cat'));
        await writeFile(join(folder, 'cat', 'plugin.yaml'), CAT);
        await helm('plugin', 'install', join(folder, 'cat'));
      }

      const good = await template('good.yaml');
      assert.is(good.status, 0, good.stderr);
      const plain = await helm('template', 'x', 'chart', '-f', 'good.yaml');
      assert.equal(documentsOf(good.stdout), documentsOf(plain.stdout));
      const cat = await helm('template', 'x', 'chart', '-f', 'good.yaml', '--post-renderer', 'cat');
      assert.is(good.stdout, cat.stdout, 'byte for byte what a post-renderer gives that changes nothing');
      // Helm 3 shows what a post-renderer says only where it fails.
      if (name === 'Helm 4') assert.match(good.stderr, 'Secret x-certificate  ok');

      for (const bad of [
        await template('bad.yaml'),
        await helm('template', 'x', 'chart', '-f', 'bad.yaml', '--post-renderer', NAMES[name]),
        await intoFile('bad.yaml'),
      ]) {
        assert.is(bad.status, 1);
        assert.is(bad.stdout, '');
        assert.match(bad.stderr, 'chain-order');
        assert.match(bad.stderr, '1. leaf          CN=lightrun.example.com');
        assert.match(bad.stderr, 'the manifests were not passed on to Helm');
      }

      const existing = await template('secret.yaml');
      assert.is(existing.status, 0, existing.stderr);
      if (name === 'Helm 4') assert.match(existing.stderr, 'no certificate was checked');
      assert.match(existing.stdout, 'secretName: my-tls');

      const args = [
        '--secret=x-certificate',
        '--output=report.txt',
        '--rule=chain-order=warning',
        '--rule=pair-refused=off',
      ];
      const loose = await template('bad.yaml', ...args.flatMap((arg) => ['--post-renderer-args', arg]));
      assert.is(loose.status, 0, loose.stderr);
      assert.match(await readFile(join(folder, 'report.txt'), 'utf8'), 'chain-order');

      const none = await template('good.yaml', '--post-renderer-args', '--secret=other');
      assert.is(none.status, 1);
      assert.match(none.stderr, 'the manifests hold no Secret other');
    }));
}

test('the post-renderer of Helm 4 finds the plugin beside it, or says that there is none', () =>
  withHelmHome(async ({ folder, env }) => {
    const plugins = join(folder, 'plugins');
    const own = join(plugins, 'lightrun-cert-post-renderer');
    await mkdir(own, { recursive: true });
    const script = await readFile(join(ROOT, 'post-renderer', 'post-renderer.sh'));
    await writeFile(join(own, 'post-renderer.sh'), script, { mode: 0o755 });
    const call = (more: NodeJS.ProcessEnv = {}) =>
      run(join(own, 'post-renderer.sh'), [], {
        env: { ...env, HELM_PLUGIN_DIR: own, ...more },
        stdin: 'kind: b\n',
      });
    const alone = await call();
    assert.is(alone.status, 2);
    assert.match(alone.stderr, 'is not installed beside it');
    const link = join(plugins, 'whatever its folder is called');
    await symlink(ROOT, link);
    const found = await call();
    assert.is(found.status, 0, found.stderr);
    assert.is(found.stdout, 'kind: b\n');

    await rm(link);
    const path = join(folder, 'bin');
    await mkdir(path);
    await symlink(COMMAND, join(path, 'lightrun-cert'));
    const fromNpm = await call({ PATH: `${path}:${process.env.PATH}` });
    assert.is(fromNpm.stdout, 'kind: b\n', fromNpm.stderr);
  }));

/** Helm itself may sort what comes back and write it again; what the documents hold stays. */
function documentsOf(manifests: string): string[] {
  return parseAllDocuments(manifests)
    .map((document) => JSON.stringify(document.toJS()))
    .filter((text) => text !== 'null')
    .sort();
}

test.run();
