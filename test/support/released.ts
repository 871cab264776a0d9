import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commitAll, copyCheckout } from './plugin.ts';
import { type Outcome, run } from './run.ts';
import { SHARED, sharedFolder } from './shared.ts';

/** The environment without what the npm around the tests says, and with a name for git; none of it is the user's. */
export const CLEAN_ENV: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...named('AUTHOR'),
  ...named('COMMITTER'),
};

/** An npm that reaches no registry, and has fetched nothing before: what it keeps is in this folder. */
export function withoutRegistry(folder: string): NodeJS.ProcessEnv {
  return {
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_update_notifier: 'false',
  };
}

/** Makes a repository of this checkout's sources, ready to be released, in `folder`, which is made. */
async function sourcesOf(folder: string): Promise<void> {
  await copyCheckout(folder, 'sources');
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const changelog = join(folder, 'CHANGELOG.md');
  const text = await readFile(changelog, 'utf8');
  if (!text.includes(`## [${version}] - `)) {
    await writeFile(changelog, text.replace('## [Unreleased]', `$&\n\n## [${version}] - 2026-01-01`));
  }
  await commitAll(folder);
}

/** `npm run release` in a repository; needs what package-lock.json names from the registry, or npm's own cache. */
export function release(folder: string, ...args: string[]): Promise<Outcome> {
  return run(process.execPath, ['scripts/release.mjs', ...args], { cwd: folder, env: CLEAN_ENV });
}

/**
 * Makes a repository with a release of this checkout's sources; the release itself is made once in a run of all tests.
 *
 * @returns its tag
 * @throws Error when there is none in the end
 */
export async function releasedClone(folder: string): Promise<string> {
  if (SHARED) await cp(await sharedFolder(SHARED, 'release', makeRelease), folder, { recursive: true });
  else await makeRelease(folder);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return `v${version}`;
}

async function makeRelease(folder: string): Promise<void> {
  await sourcesOf(folder);
  const { status, stderr } = await release(folder);
  if (status !== 0) throw new Error(stderr);
}

function named(role: string): NodeJS.ProcessEnv {
  return { [`GIT_${role}_NAME`]: 'Test', [`GIT_${role}_EMAIL`]: 'test@example.com' };
}
