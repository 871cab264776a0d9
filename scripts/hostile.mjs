// npm run hostile: the mutations of test/hostile/ in their long form: at least 100,000 new inputs. npm run hostile --
// FACTOR: so many times those of .ci/run, 50 by default. Ends a run that prints nothing any more: a hang.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINUTE = 60_000;

const child = spawn(process.execPath, ['--import', 'tsx', 'test/hostile/mutations.test.ts'], {
  cwd: ROOT,
  env: { ...process.env, PROPERTY_FACTOR: process.argv[2] ?? '50' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
// Progress is printed every thousand inputs, each of which has a second at most.
const watch = setTimeout(() => {
  console.error('An input hangs: the last seed above leads to it.');
  child.kill('SIGKILL');
}, 10 * MINUTE);
child.stdout.on('data', (chunk) => {
  watch.refresh();
  process.stdout.write(chunk);
});
child.on('exit', (status) => {
  clearTimeout(watch);
  process.exitCode = status ?? 1;
});
