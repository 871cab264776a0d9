import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { commitAll, copyCheckout, ROOT } from '../support/plugin.ts';
import { publishedSchema } from '../support/published-schemas.ts';
import { type Outcome, run } from '../support/run.ts';

const test = suite('the pre-commit hook');

const [hook] = parse(await readFile(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
test('is described as pre-commit wants it', async () => {
  const validate = await publishedSchema('pre-commit-hooks');
  const isValid: boolean = validate([hook]);
  assert.ok(isValid, JSON.stringify(validate.errors));
});

test('takes files of values, and no others', () => {
  const pattern = new RegExp(hook.files);
  for (const file of ['values.yaml', 'a/prod-values.yml', 'values/x.values.yaml', 'a b/values prod.yaml'])
    assert.ok(pattern.test(file), file);
  for (const file of ['values.yaml.bak', 'values/other.yaml', 'Chart.yaml', 'values.json'])
    assert.not.ok(pattern.test(file), file);
});

/** A repository that uses the hook from a clone of this one, with calls in parallel, as pre-commit makes them. */
async function inRepository(
  use: (git: (...args: string[]) => Promise<Outcome>, folder: string) => Promise<void>,
) {
  const top = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    const plugin = join(top, 'plugin');
    await copyCheckout(plugin, 'sources');
    await commitAll(plugin);
    const folder = join(top, 'a repository');
    await mkdir(folder);
    const env: NodeJS.ProcessEnv = {
      PRE_COMMIT_HOME: join(top, 'cache'),
      PRE_COMMIT_COLOR: 'never',
      npm_config_prefer_offline: 'true',
    };
    for (const [name, value] of Object.entries(process.env)) if (!/^npm_/i.test(name)) env[name] ??= value;
    const person = [
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.com',
      '-c',
      'commit.gpgsign=false',
    ];
    const git = (...args: string[]) => run('git', [...person, ...args], { cwd: folder, env });
    await git('init', '--quiet');
    const { stdout: rev } = await run('git', ['rev-parse', 'HEAD'], { cwd: plugin });
    const config = { repos: [{ repo: plugin, rev: rev.trim(), hooks: [{ id: 'lightrun-cert' }] }] };
    await writeFile(join(folder, '.pre-commit-config.yaml'), JSON.stringify(config));
    const installed = await run('pre-commit', ['install'], { cwd: folder, env });
    assert.is(installed.status, 0, installed.stderr);
    await use(git, folder);
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

const present = await run('pre-commit', ['--version']).catch(() => null);

if (present?.status === 0) {
  test('the real pre-commit lets a good commit pass and stops a misordered chain', () =>
    inRepository(async (git, folder) => {
      for (const name of ['values.yaml', 'prod values.yaml', 'overlay-values.yaml']) {
        await writeFile(join(folder, name), name.startsWith('overlay') ? 'general: {}\n' : inline(CHAIN));
      }
      await mkdir(join(folder, 'many'));
      for (let n = 0; n < 40; n += 1)
        await writeFile(join(folder, 'many', `values-${n}.yaml`), inline(CHAIN));
      await git('add', '--all');
      const good = await git('commit', '--message', 'Good');
      assert.is(good.status, 0, good.stdout + good.stderr);
      assert.match(good.stderr, /Lightrun's Helm values\.+Passed/);

      await writeFile(join(folder, 'prod values.yaml'), inline(MISORDERED));
      await git('add', '--all');
      const bad = await git('commit', '--message', 'Bad');
      assert.is(bad.status, 1);
      assert.match(bad.stderr, 'Failed');
      assert.match(bad.stderr, 'prod values.yaml:3:10  error  chain-order');
      const { stdout } = await git('log', '--oneline');
      assert.is(stdout.trim().split('\n').length, 1);
    }));
} else {
  // What pre-commit does with npm, where there is no pre-commit; the whole of it runs where there is one.
  test('the steps of pre-commit: npm install in a clone, npm pack, and what npm pack prints is the file', async () => {
    const top = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
    try {
      const plugin = join(top, 'plugin');
      await copyCheckout(plugin, 'sources');
      const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
      const npm = (...args: string[]) => run('npm', args, { cwd: plugin, env });
      const installed = await npm(
        'install',
        '--include=dev',
        '--include=prod',
        '--ignore-prepublish',
        '--no-audit',
        '--prefer-offline',
      );
      assert.is(installed.status, 0, installed.stderr);
      const packed = await npm('pack');
      const prefix = join(top, 'prefix');
      const global = await npm('install', '-g', '--prefix', prefix, join(plugin, packed.stdout.trim()));
      assert.is(global.status, 0, global.stderr);
      await writeFile(join(top, 'values.yaml'), inline(MISORDERED));
      const checked = await run(join(prefix, 'bin', 'lightrun-cert'), [
        'lint',
        '--partial',
        join(top, 'values.yaml'),
      ]);
      assert.is(checked.status, 1, checked.stderr);
      assert.match(checked.stdout, 'chain-order');
    } finally {
      await rm(top, { recursive: true, force: true });
    }
  });
}

test.run();
