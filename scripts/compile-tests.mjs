// Compiles test files for `npm test`, together with all of this project that they import.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Another run in the same checkout has its own. */
const OUT = join(ROOT, '.cache', `tests-${process.pid}`);

/**
 * Compiles test files into a folder in `.cache`, which goes with this process; what several import is compiled once.
 *
 * @param {readonly string[]} files relative to the root
 * @returns what gives the path of a file once it is compiled
 * @throws Error when one does not compile
 */
export async function compileTests(files) {
  process.on('exit', () => rmSync(OUT, { recursive: true, force: true }));
  await build({
    entryPoints: files.map((file) => join(ROOT, file)),
    absWorkingDir: ROOT,
    outbase: ROOT,
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
    plugins: [{ name: 'import.meta.url of the source', setup: keepUrls }],
  });
  return (/** @type {string} */ file) => join(OUT, file.replace(/\.ts$/, '.mjs'));
}

/** Files find others by their place in the checkout. */
function keepUrls(/** @type {import('esbuild').PluginBuild} */ compiler) {
  compiler.onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
    if (path.includes('node_modules')) return undefined;
    const text = await readFile(path, 'utf8');
    const url = JSON.stringify(pathToFileURL(path).href);
    return {
      contents: text.replaceAll('import.meta.url', url),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    };
  });
}
