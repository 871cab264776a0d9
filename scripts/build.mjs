// npm run build: src/bin.ts, src/library/library.ts and all they need become dist/.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { builtFiles } from './built-files.mjs';
import { bundleProgram } from './chunks.mjs';
import { generateShape } from './generate.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const SOURCES = ['package.json', 'schema', 'scripts', 'src'];

/** @satisfies {import('esbuild').BuildOptions} */
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  charset: 'ascii',
  // Names stay: a stack trace in a bug report should say something. Space and comments only cost reading time.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
};

/** Bundles the program, the library, and the globs of the Action, in memory. */
export async function bundleAll() {
  const program = bundleProgram(COMMON, ROOT, DIST);
  const glob = bundle({
    ...COMMON,
    entryPoints: [join(ROOT, 'src', 'files', 'glob.ts')],
    outfile: join(DIST, 'glob.cjs'),
    format: 'cjs',
  });
  const library = bundle({
    ...COMMON,
    entryPoints: [join(ROOT, 'src', 'library', 'library.ts')],
    outfile: join(DIST, 'library.mjs'),
    // Libraries that are CommonJS ask for Node's modules so.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    // How the program around it was started says nothing about how this one is.
    define: { 'process.env': '{}' },
  });
  return { program: await program, library: await library, glob: await glob };
}

/** The files whose exported types use no types of others, in the order of what each uses. */
const DECLARED = ['src/report/json-report.ts', 'src/library/library.ts'];

/** The declarations of the library, in one file that imports nothing. */
async function declarations() {
  const out = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    const tsc = fileURLToPath(new URL('./bin/tsc', import.meta.resolve('typescript/package.json')));
    const what = ['--declaration', '--emitDeclarationOnly', '--outDir', out, '--rootDir', ROOT];
    // `npm run check` has the types of all files checked; here each is taken by itself.
    const how = ['--ignoreConfig', '--noCheck', '--noResolve', '--target', 'es2023', '--module', 'esnext'];
    execFileSync(process.execPath, [tsc, ...what, ...how, ...DECLARED], { cwd: ROOT, stdio: [0, 2, 2] });
    const texts = DECLARED.map((file) => readFile(join(out, file.replace(/\.ts$/, '.d.ts')), 'utf8'));
    return (await Promise.all(texts)).join('').replace(/^(import|export) type .* from '\.\.?\/.*';\n/gm, '');
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/**
 * Makes dist/: `lightrun-cert.cjs` (the loader), `main.cjs` and the others that hold the program (chunks.mjs), `library.mjs`
 * with `library.d.mts`, `glob.cjs` for the Action, and `….LEGAL.txt` (the licences of the libraries in each): the same bytes from the same sources.
 * Each file is replaced whole, and what else is in dist/ goes. Then the program is run, which makes its code caches for
 * this Node, in `dist/cache`.
 *
 * @throws Error when the sources do not build, or what was built cannot lint an example
 */
export async function build() {
  await generateShape();
  await mkdir(DIST, { recursive: true });
  const [{ program, library, glob }, types] = await Promise.all([bundleAll(), declarations()]);
  const files = [...program.files, ...library.outputFiles, ...glob.outputFiles];
  for (const { path, contents } of files) {
    await replace(path, path.endsWith('.cjs') ? marked(contents) : contents);
  }
  await replace(join(DIST, 'library.d.mts'), types);
  const command = join(DIST, 'lightrun-cert.cjs');
  await replace(command, await loader(), 0o755);
  const made = [...files.map(({ path }) => path), join(DIST, 'library.d.mts')];
  for (const name of await builtFiles(DIST)) {
    const path = join(DIST, name);
    if (path !== command && !made.includes(path)) await rm(path);
  }
  await warmUp(command).catch(async (error) => {
    // Nothing may take it for built.
    await rm(command);
    throw error;
  });
}

/** Builds where dist/ is missing or older than one of its sources. */
export async function buildIfStale() {
  const built = await stat(join(DIST, 'lightrun-cert.cjs')).catch(() => undefined);
  if (!built || (await newest(SOURCES.map((name) => join(ROOT, name)))) > built.mtimeMs) await build();
}

/** Lints examples in a process of its own, which keeps what V8 has compiled. The key goes by a pipe only. */
async function warmUp(/** @type {string} */ command) {
  const { EXISTING_CERT_VALUES, exampleChain, inlineValues } = await import('./example.mjs');
  const { certificates, key } = exampleChain();
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    const existing = join(folder, 'existing.yaml');
    await writeFile(existing, EXISTING_CERT_VALUES);
    // An alias takes the parser, which plain values do not load.
    const parsed = join(folder, 'parsed.yaml');
    await writeFile(parsed, `${EXISTING_CERT_VALUES}x: &x [a, "\\x62"]\ny: *x\n`);
    const { status, stderr } = spawnSync(process.execPath, [command, 'lint', '-', existing, parsed], {
      input: inlineValues(certificates, key),
      encoding: 'utf8',
    });
    if (status !== 0)
      throw new Error(`the built command cannot lint an example (status ${status}): ${stderr}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts a line in front by which a code cache knows the code that it was made of. */
function marked(/** @type {string | Uint8Array} */ code) {
  return Buffer.concat([
    Buffer.from(`// ${createHash('sha256').update(code).digest('hex')}\n`),
    Buffer.from(code),
  ]);
}

async function replace(
  /** @type {string} */ file,
  /** @type {string | Uint8Array} */ contents,
  /** @type {number} */ mode = 0o644,
) {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, contents);
  await chmod(unfinished, mode);
  await rename(unfinished, file);
}

/** The loader, with the version. */
async function loader() {
  const [text = '', manifest = ''] = await Promise.all(
    ['scripts/loader.cjs', 'package.json'].map((name) => readFile(join(ROOT, name), 'utf8')),
  );
  const { version } = JSON.parse(manifest);
  return text.replace("const VERSION = '';", () => `const VERSION = ${JSON.stringify(version)};`);
}

/** The latest time of change among these files and all that is in these folders, in milliseconds. */
async function newest(/** @type {string[]} */ paths) {
  let latest = 0;
  for (const path of paths) {
    const found = await stat(path);
    const inside = found.isDirectory() ? await readdir(path) : [];
    // What the build itself generates says nothing about the sources' age.
    const names = inside.filter((name) => name !== 'generated').map((name) => join(path, name));
    latest = Math.max(latest, found.isDirectory() ? await newest(names) : found.mtimeMs);
  }
  return latest;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
