// npm run release: makes a commit that adds to HEAD what is built of it, and the tag vX.Y.Z on that commit. Neither the
// branch nor the folder changes, and nothing is pushed. npm run release -- --check [TAG]: builds again what the tag says
// that it was built of, and compares all its files byte for byte.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtFiles } from './built-files.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What stops a release, in words for who makes it. */
class ReleaseError extends Error {}

/**
 * The output of git, without the line break at its end.
 *
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: string }} [surroundings]
 */
function git(args, { cwd = ROOT, env, input = '' } = {}) {
  const options = { cwd, env: { ...process.env, ...env }, input };
  return execFileSync('git', args, { ...options, stdio: ['pipe', 'pipe', 2], encoding: 'utf8' }).trimEnd();
}

/** What git can find under this name, or nothing. */
function find(/** @type {string} */ name) {
  return git(['for-each-ref', '--format=%(objectname)', `refs/tags/${name}`]);
}

/** package.json of a commit. */
function manifestOf(/** @type {string} */ commit) {
  return JSON.parse(git(['show', `${commit}:package.json`]));
}

/**
 * The tree of the release of a commit: its files, and what is built of them in a folder of its own, of the libraries that
 * its package-lock.json names. npm runs the scripts of a package that it takes from Git, and first installs what they
 * need; pre-commit 4.6.0 and older have it install devDependencies. So a release has neither.
 *
 * @param {string} commit
 * @returns {Promise<string>} the name of the tree, whose objects are in this repository
 * @throws Error when npm or the build fails
 */
async function releaseTree(commit) {
  const work = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  const folder = join(work, 'sources');
  try {
    git(['worktree', 'add', '--quiet', '--detach', folder, commit]);
    const env = npmEnvironment();
    const npm = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', npm, { cwd: folder, env, stdio: ['ignore', 2, 2] });
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, env, stdio: ['ignore', 2, 2] });

    const inIndex = { cwd: folder, env: { GIT_INDEX_FILE: join(work, 'index') } };
    const add = (/** @type {string} */ mode, /** @type {string} */ object, /** @type {string} */ path) =>
      git(['update-index', '--add', '--cacheinfo', `${mode},${object},${path}`], inIndex);
    const write = (/** @type {unknown} */ value) =>
      git(['hash-object', '-w', '--stdin'], { ...inIndex, input: `${JSON.stringify(value, null, 2)}\n` });
    git(['read-tree', commit], inIndex);
    for (const name of await builtFiles(join(folder, 'dist'))) {
      const object = git(['hash-object', '-w', '--no-filters', join(folder, 'dist', name)], inIndex);
      add(name === 'lightrun-cert.cjs' ? '100755' : '100644', object, `dist/${name}`);
    }
    const { scripts: _, devDependencies: __, allowScripts: ___, ...manifest } = manifestOf(commit);
    add('100644', write(manifest), 'package.json');
    const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
    const { devDependencies: ____, ...own } = lock.packages[''];
    add('100644', write({ ...lock, packages: { '': own } }), 'package-lock.json');
    return git(['write-tree'], inIndex);
  } finally {
    await rm(work, { recursive: true, force: true });
    git(['worktree', 'prune']);
  }
}

/** The environment, without what the npm around this program says of its own package. */
function npmEnvironment() {
  const ours = /^npm_(package|lifecycle|command|config_local_prefix)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/** @throws ReleaseError where there is something that would not be in the release, or it exists already */
async function release() {
  if (git(['status', '--porcelain'])) {
    throw new ReleaseError('There are changes that are not committed. Commit them, or stash them.');
  }
  const { version, scripts } = manifestOf('HEAD');
  const tag = `v${version}`;
  if (!scripts)
    throw new ReleaseError('This commit is a release itself. Check out the branch: git switch main');
  if (find(tag)) {
    throw new ReleaseError(
      `There is a tag ${tag} already. Raise the version: npm version --no-git-tag-version X.Y.Z`,
    );
  }
  if (!git(['show', 'HEAD:CHANGELOG.md']).includes(`\n## [${version}] - `)) {
    throw new ReleaseError(
      `CHANGELOG.md has no section [${version}] - DATE. Make [Unreleased] that section.`,
    );
  }
  const head = git(['rev-parse', 'HEAD']);
  const tree = await releaseTree(head);
  const message = `Release ${tag}\n\nWhat npm run build makes of ${head}, for installation without a build.`;
  const commit = git(['commit-tree', tree, '-p', head], { input: message });
  git(['tag', '--annotate', '--message', `Release ${tag}`, tag, commit]);
  console.log(`${tag} is the commit ${commit}. To publish it: git push origin ${tag}`);
}

/** @throws ReleaseError where a tag holds anything else than what is built of its parent */
async function check(/** @type {string} */ tag) {
  if (!find(tag)) throw new ReleaseError(`There is no tag ${tag}. Make it: npm run release`);
  const [commit = '', parent, ...others] = git(['rev-list', '--parents', '--max-count=1', tag]).split(' ');
  if (!parent || others.length > 0) throw new ReleaseError(`${tag} is not a release: it has not one parent.`);
  const { version } = manifestOf(parent);
  if (tag !== `v${version}`) throw new ReleaseError(`${tag} is made of sources whose version is ${version}.`);
  const differences = git(['diff', '--no-renames', '--name-status', await releaseTree(parent), commit]);
  if (differences) throw new ReleaseError(`${tag} is not what its sources make:\n${differences}`);
  console.log(`${tag} holds the sources of ${parent}, and what they make, byte for byte.`);
}

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' } },
  allowPositionals: true,
});
try {
  if (values.check) await check(positionals[0] ?? `v${manifestOf('HEAD').version}`);
  else await release();
} catch (error) {
  // git, npm and the build have said themselves what is wrong.
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
