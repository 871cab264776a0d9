import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

/** The folder of this checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const PARTS = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'completion.yaml',
  'docs',
  'plugin.complete',
  'post-renderer',
  '.gitignore',
  '.npmrc',
  '.pre-commit-hooks.yaml',
  'action.yml',
  'package.json',
  'package-lock.json',
  'plugin.yaml',
  'schema',
  'scripts',
  'src',
  'test',
];

/**
 * Copies what the plugin needs of this checkout to `folder`, which is made.
 *
 * @param what `sources`: as git would clone it; `built`: with dist/ too. Never with node_modules: a link
 *   to this checkout's would let npm, which a hook may run, empty it
 */
export async function copyCheckout(folder: string, what: 'sources' | 'built'): Promise<void> {
  const filter = (path: string): boolean => what === 'built' || !path.endsWith('generated');
  for (const part of what === 'built' ? [...PARTS, 'dist'] : PARTS) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true, preserveTimestamps: true, filter });
  }
}

/** Commits all that `folder` holds to the git repository there, which is made; the user's own settings do not matter. */
export async function commitAll(folder: string): Promise<void> {
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  await git(['init', '--quiet']);
  await git(['add', '--all']);
  await git([...person, 'commit', '--quiet', '--no-verify', '--message', 'All']);

  async function git(args: string[]): Promise<void> {
    const { status, stderr } = await run('git', args, { cwd: folder });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }
}

/**
 * Makes a folder to be the whole PATH: the tools that the plugin's scripts use, git, and no Node; or a Node that
 * says it is version 18.20.8.
 */
export async function pathWith(folder: string, node: 'no Node' | 'an old Node'): Promise<string> {
  await mkdir(folder, { recursive: true });
  const tools = [
    'basename',
    'cat',
    'dirname',
    'find',
    'git',
    'mktemp',
    'readlink',
    'rm',
    'sed',
    'sh',
    'uname',
  ];
  for (const tool of tools) {
    const { stdout } = await run('sh', ['-c', `command -v ${tool}`]);
    await symlink(stdout.trim(), join(folder, tool));
  }
  if (node === 'an old Node') {
    const pretence = join(folder, 'old.cjs');
    const versions = `{ ...process.versions, node: '18.20.8' }`;
    await writeFile(pretence, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
    const script = `#!/bin/sh\nexec '${process.execPath}' --require '${pretence}' "$@"\n`;
    await writeFile(join(folder, 'node'), script, { mode: 0o755 });
  }
  return folder;
}
