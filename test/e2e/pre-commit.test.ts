import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { CACHE } from '../support/npm-package.ts';
import { ROOT } from '../support/plugin.ts';
import { isWhole } from '../support/property.ts';
import { publishedSchema } from '../support/published-schemas.ts';
import { CLEAN_ENV, releasedClone, withoutRegistry } from '../support/released.ts';
import { type Outcome, run } from '../support/run.ts';

const test = suite('the pre-commit hook');

const [hook] = parse(await readFile(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
test('is described as pre-commit wants it', async () => {
  const validate = await publishedSchema('pre-commit-hooks');
  const isValid: boolean = validate([hook]);
  assert.ok(isValid, JSON.stringify(validate.errors));
});

test('takes every YAML file, and finds those of Lightrun by content, whatever args the user gives', () => {
  assert.equal([hook.types, hook.files], [['yaml'], undefined]);
  assert.match(hook.entry, / --detect$/);
});

/** The plugin's repository: with a commit that builds itself, and with a release. */
const top = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
const plugin = join(top, 'plugin');
const TAG = await releasedClone(plugin);
const { stdout: head } = await run('git', ['rev-parse', 'HEAD'], { cwd: plugin });
const COMMIT = head.trim();
test.after(() => rm(top, { recursive: true, force: true }));

/** A repository that uses the hook, with calls in parallel, as pre-commit makes them. */
async function inRepository(
  program: string,
  rev: string,
  use: (git: (...args: string[]) => Promise<Outcome>, folder: string) => Promise<void>,
) {
  const work = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    const folder = join(work, 'a repository');
    await mkdir(folder);
    const env: NodeJS.ProcessEnv = {
      ...CLEAN_ENV,
      PRE_COMMIT_HOME: join(work, 'cache'),
      PRE_COMMIT_COLOR: 'never',
      ...(rev === TAG ? withoutRegistry(work) : { npm_config_prefer_offline: 'true' }),
    };
    const git = (...args: string[]) => run('git', args, { cwd: folder, env });
    await git('init', '--quiet');
    const config = { repos: [{ repo: plugin, rev, hooks: [{ id: 'lightrun-cert' }] }] };
    await writeFile(join(folder, '.pre-commit-config.yaml'), JSON.stringify(config));
    const installed = await run(program, ['install'], { cwd: folder, env });
    assert.is(installed.status, 0, installed.stderr);
    await use(git, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** pre-commit's own version where it runs, else null. */
async function versionOf(program: string): Promise<string | null> {
  const { status, stdout } = await run(program, ['--version']).catch(() => ({ status: 1, stdout: '' }));
  return status === 0 ? stdout.trim() : null;
}

/**
 * A pre-commit of PyPI, in a virtual environment in `.cache`; where PyPI is out of reach, the one there already. In
 * `npm test` that is new enough.
 * @param requirement as pip has it
 */
async function fromPyPI(requirement: string): Promise<string> {
  const environment = join(CACHE, requirement.replace('==', '-'));
  const programs = join(environment, 'bin');
  if (!isWhole && existsSync(join(programs, 'pre-commit'))) return join(programs, 'pre-commit');
  const quiet = ['--quiet', '--disable-pip-version-check', '--retries=0', '--timeout=15'];
  await run('python3', ['-m', 'venv', environment]).catch(() => null);
  await run(join(programs, 'pip'), ['install', '--upgrade', ...quiet, requirement]).catch(() => null);
  return join(programs, 'pre-commit');
}

/** A good commit passes, and one with a misordered chain is stopped. */
function testHook(program: string, version: string, rev: string) {
  const what = rev === TAG ? 'of a release, with no registry in reach' : 'that builds itself';
  test(`${version} lets a good commit pass and stops a misordered chain, with a hook ${what}`, () =>
    inRepository(program, rev, async (git, folder) => {
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

/** Checks the plugin's repository out at a revision, for what follows of pre-commit's own steps. */
async function checkOut(rev: string, folder: string): Promise<void> {
  const { status, stderr } = await run('git', ['clone', '--quiet', plugin, folder]);
  assert.is(status, 0, stderr);
  await run('git', ['checkout', '--quiet', rev], { cwd: folder });
}

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

/** Takes the steps of a pre-commit with npm alone, for a release and for a commit that builds itself. */
function testSteps(
  name: string,
  install: (folder: string, prefix: string, npm: (...args: string[]) => Promise<Outcome>) => Promise<Outcome>,
) {
  for (const rev of isWhole ? [TAG, COMMIT] : [TAG]) {
    test(`the steps of pre-commit ${name} install ${rev === TAG ? 'a release' : 'another commit'}`, async () => {
      const work = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
      try {
        const [folder, prefix] = [join(work, 'clone'), join(work, 'prefix')];
        await checkOut(rev, folder);
        const env = {
          ...CLEAN_ENV,
          ...(rev === TAG ? withoutRegistry(work) : {}),
          npm_config_prefix: prefix,
        };
        const installed = await install(folder, prefix, (...args) => run('npm', args, { cwd: folder, env }));
        assert.is(installed.status, 0, installed.stderr);
        await assertInstalled(prefix);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    });
  }
}

/** How many versions are tried: in `npm test` the newest alone. */
const LEAST = isWhole ? 2 : 1;
const versions: string[] = [];
for (const program of [await fromPyPI('pre-commit'), await fromPyPI('pre-commit==4.6.0'), 'pre-commit']) {
  const version = await versionOf(program);
  if (version === null || versions.includes(version)) continue;
  if (versions.length >= LEAST && !isWhole) continue;
  versions.push(version);
  testHook(program, version, TAG);
  if (isWhole && versions.length <= 2) testHook(program, version, COMMIT);
}

if (process.env.REQUIRE_PRE_COMMIT) {
  test('PyPI is in reach, so two versions of the real pre-commit are here', () => {
    assert.ok(versions.length >= 2, versions.join());
  });
}
if (versions.length < LEAST) {
  const have = versions.join() || 'none';
  console.log(
    `skipped: PyPI gave no two versions of pre-commit (${have} here); its steps are taken with npm alone`,
  );
  testSteps('4.6.1 and newer', (folder, _, npm) =>
    npm('install', '--allow-git=root', '--install-links', '-g', `git+file://${folder}`),
  );
  // What npm pack prints is the name of the file.
  testSteps('4.6.0 and older', async (folder, prefix, npm) => {
    const own = ['--include=dev', '--include=prod', '--ignore-prepublish', '--no-audit', '--prefer-offline'];
    const installed = await npm('install', ...own);
    assert.is(installed.status, 0, installed.stderr);
    const packed = await npm('pack');
    return npm('install', '-g', '--prefix', prefix, join(folder, packed.stdout.trim()));
  });
}

test.run();
