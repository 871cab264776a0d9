import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { CACHE } from '../support/npm-package.ts';
import { commitAll, copyCheckout, ROOT } from '../support/plugin.ts';
import { isWhole } from '../support/property.ts';
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
  program: string,
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
    const installed = await run(program, ['install'], { cwd: folder, env });
    assert.is(installed.status, 0, installed.stderr);
    await use(git, folder);
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

/** pre-commit's own version where it runs, else null. */
async function versionOf(program: string): Promise<string | null> {
  const { status, stdout } = await run(program, ['--version']).catch(() => ({ status: 1, stdout: '' }));
  return status === 0 ? stdout.trim() : null;
}

/**
 * The newest one of PyPI, in a virtual environment in `.cache`; where PyPI is out of reach, the one there already. In
 * `npm test` that is new enough.
 */
async function newestPreCommit(): Promise<string> {
  const environment = join(CACHE, 'pre-commit');
  const programs = join(environment, 'bin');
  if (!isWhole && existsSync(join(programs, 'pre-commit'))) return join(programs, 'pre-commit');
  const quiet = ['--quiet', '--disable-pip-version-check', '--retries=0', '--timeout=15'];
  await run('python3', ['-m', 'venv', environment]).catch(() => null);
  await run(join(programs, 'pip'), ['install', '--upgrade', ...quiet, 'pre-commit']).catch(() => null);
  return join(programs, 'pre-commit');
}

/** A good commit passes, and one with a misordered chain is stopped. */
function testHook(program: string, version: string) {
  test(`${version} lets a good commit pass and stops a misordered chain`, () =>
    inRepository(program, async (git, folder) => {
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
}

const npmEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

/** What is installed below a prefix finds a misordered chain. */
async function assertInstalled(prefix: string) {
  const values = join(prefix, 'values.yaml');
  await writeFile(values, inline(MISORDERED));
  const { status, stdout, stderr } = await run(join(prefix, 'bin', 'lightrun-cert'), [
    'lint',
    '--partial',
    values,
  ]);
  assert.is(status, 1, stderr);
  assert.match(stdout, 'chain-order');
}

const newest = await newestPreCommit();
const newestVersion = await versionOf(newest);
if (newestVersion !== null) {
  testHook(newest, newestVersion);
} else {
  console.log(
    'PyPI has no pre-commit for this machine: the steps of 4.6.1 and newer are taken with npm alone',
  );
  test('the steps of pre-commit 4.6.1 and newer: npm install -g of a clone, without devDependencies', async () => {
    const top = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
    try {
      const plugin = join(top, 'plugin');
      await copyCheckout(plugin, 'sources');
      await commitAll(plugin);
      const args = ['install', '--allow-git=root', '--install-links', '-g', `git+file://${plugin}`];
      const prefix = join(top, 'prefix');
      const installed = await run('npm', args, {
        cwd: plugin,
        env: { ...npmEnv, npm_config_prefix: prefix },
      });
      assert.is(installed.status, 0, installed.stderr);
      await assertInstalled(prefix);
    } finally {
      await rm(top, { recursive: true, force: true });
    }
  });
}

const ownVersion = await versionOf('pre-commit');
if (ownVersion !== null && ownVersion !== newestVersion) {
  // It installs as the newest one did until 4.6.0, which takes as long again.
  if (isWhole) testHook('pre-commit', ownVersion);
} else if (isWhole || newestVersion === null) {
  test('the steps of pre-commit 4.6.0 and older: npm install in a clone, npm pack, and what that prints is the file', async () => {
    const top = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
    try {
      const plugin = join(top, 'plugin');
      await copyCheckout(plugin, 'sources');
      const npm = (...args: string[]) => run('npm', args, { cwd: plugin, env: npmEnv });
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
      await assertInstalled(prefix);
    } finally {
      await rm(top, { recursive: true, force: true });
    }
  });
}

test.run();
