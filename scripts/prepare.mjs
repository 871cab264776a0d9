// npm's `prepare`: builds dist/ where it is stale. `npm install --global git+file://…`, by which pre-commit 4.6.1 and
// newer install a hook, runs it without devDependencies; then they are installed first.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Whether what the build imports is installed. */
function hasBuildTools() {
  try {
    import.meta.resolve('esbuild');
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs what package-lock.json names into this folder, whatever the environment says to the npm around it.
 *
 * @returns whether npm could
 */
function installBuildTools() {
  const npm = process.env.npm_execpath;
  const [program, ...before] = npm ? [process.execPath, npm] : ['npm'];
  // Without --ignore-scripts it would run `prepare` again.
  const args = ['ci', '--global=false', '--location=project', '--include=dev', '--ignore-scripts'];
  const quiet = ['--dry-run=false', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(program, [...before, ...args, ...quiet], {
    cwd: ROOT,
    // Standard output may be what `npm pack` prints, which pre-commit 4.6.0 and older take as a file name.
    stdio: ['ignore', 2, 2],
  });
  return status === 0;
}

if (!hasBuildTools() && !installBuildTools()) {
  console.error(
    'lightrun-cert: this commit is not built, and npm could not install what its build needs. Take a release, whose tag holds what is built, or run npm ci where a registry is in reach.',
  );
  process.exit(1);
}
const { buildIfStale } = await import('./build.mjs');
await buildIfStale();
