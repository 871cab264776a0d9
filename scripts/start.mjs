// npm start: with arguments, lints these files; with none, shows the lint of a good and of a misordered example.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

const COMMAND = fileURLToPath(new URL('../dist/lightrun-cert.cjs', import.meta.url));

/** Lints with this terminal as its own, in a folder, and gives the exit status. */
function lint(/** @type {readonly string[]} */ args, /** @type {string} */ cwd) {
  const { status, error } = spawnSync(process.execPath, [COMMAND, 'lint', ...args], {
    stdio: 'inherit',
    cwd,
  });
  if (error) throw error;
  return status ?? 2;
}

/** The demonstration: its keys live in memory and in one file of mode 0600 each, in a folder that is removed. */
async function demonstrate() {
  const { exampleChain, inlineValues } = await import('./example.mjs');
  const { certificates, key } = exampleChain();
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    const examples = [
      { file: 'good.yaml', order: 'leaf, intermediate, root', certificates, status: 0 },
      {
        file: 'misordered.yaml',
        order: 'root, intermediate, leaf',
        certificates: certificates.toReversed(),
        status: 1,
      },
    ];
    console.log('No values file was named, so here are two throw-away examples.');
    console.log('To lint your own: npm start -- path/to/values.yaml');
    for (const example of examples) {
      await writeFile(join(folder, example.file), inlineValues(example.certificates, key), { mode: 0o600 });
      console.log(`\n${example.file}: a chain written as ${example.order}`);
      console.log(`$ helm lightrun-cert lint ${example.file}\n`);
      const status = lint([example.file], folder);
      console.log(`\n(exit status ${status})`);
      if (status !== example.status) return 2;
    }
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await buildIfStale();
const args = process.argv.slice(2);
// npm goes to the package's folder; paths count from the folder of the user.
const here = process.env.INIT_CWD ?? process.cwd();
process.exitCode = args.length > 0 ? lint(args, here) : await demonstrate();
