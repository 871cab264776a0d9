// npm run package: makes release/lightrun-cert-VERSION.tgz and release/lightrun-cert-post-renderer-VERSION.tgz, prebuilt
// and reproducible. npm run package -- --key NAME --keyring SECRET.gpg [--passphrase-file FILE]: has Helm 4 (HELM4_BIN, else
// helm) pack the same files into release/signed and sign them, and puts
// the public key beside them, as lightrun-cert.gpg.
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { readKeys } from 'openpgp';
import { buildIfStale } from './build.mjs';
import { builtFiles } from './built-files.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RELEASE = join(ROOT, 'release');

await buildIfStale();

/** What each plugin holds: no sources, so that its hook has nothing to build. */
const PLUGINS = {
  'lightrun-cert': [
    ...[
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'completion.yaml',
      'docs',
      'plugin.complete',
      'plugin.yaml',
      'schema',
    ],
    ...(await builtFiles(join(ROOT, 'dist'))).filter(isOfProgram).map((name) => `dist/${name}`),
    ...['install-hook.sh', 'lightrun-cert.sh', 'post-renderer.sh', 'warm-values.cjs'].map(
      (name) => `scripts/${name}`,
    ),
  ],
  'lightrun-cert-post-renderer': ['post-renderer/plugin.yaml', 'post-renderer/post-renderer.sh'],
};

const { values: options } = parseArgs({
  options: { key: { type: 'string' }, keyring: { type: 'string' }, 'passphrase-file': { type: 'string' } },
});

const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const time = Number(process.env.SOURCE_DATE_EPOCH ?? commitTime());
await rm(RELEASE, { recursive: true, force: true });
await mkdir(join(RELEASE, ...(options.key ? ['signed'] : [])), { recursive: true });
const stage = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
try {
  for (const [name, parts] of Object.entries(PLUGINS)) {
    const folder = join(stage, name);
    for (const part of parts) {
      await cp(join(ROOT, part), join(folder, part.replace(/^post-renderer\//, '')), { recursive: true });
    }
    const paths = await settle(folder);
    const archive = join(RELEASE, `${name}-${version}.tgz`);
    await writeFile(archive, await pack(name, folder, paths));
    console.log(archive);
    if (options.key) sign(folder);
  }
  if (options.key && options.keyring) await publishKey(options.key, options.keyring);
} finally {
  await rm(stage, { recursive: true, force: true });
}

/** The library is for npm alone. */
function isOfProgram(/** @type {string} */ name) {
  // The Action runs in a checkout of the tag.
  return !name.startsWith('library.') && name !== 'glob.cjs';
}

/** The time of the commit, in seconds: the same files at the same commit give the same bytes. */
function commitTime() {
  return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' }).trim();
}

/**
 * Gives all in a folder the same time, and modes that depend on nothing but what each is.
 *
 * @param {string} folder
 * @returns {Promise<string[]>} the paths of its files, and of its folders with a trailing slash, sorted
 */
async function settle(folder) {
  const names = (await readdir(folder, { recursive: true })).sort();
  const paths = [];
  for (const name of names) {
    const path = join(folder, name);
    const isFolder = (await stat(path)).isDirectory();
    paths.push(isFolder ? `${name}/` : name);
    await chmod(path, isFolder || isExecutable(name) ? 0o755 : 0o644);
    await utimes(path, time, time);
  }
  await utimes(folder, time, time);
  return paths;
}

function isExecutable(/** @type {string} */ name) {
  return name.endsWith('.sh') || name === 'plugin.complete' || name === 'dist/lightrun-cert.cjs';
}

/**
 * An archive as Helm 4 wants it, everything in a folder of the plugin's name. Helm 3 wants plugin.yaml at the top, so
 * what Helm 3 reads is there too, and leads into the folder; without entries of their own for folders it fails.
 */
async function pack(
  /** @type {string} */ plugin,
  /** @type {string} */ folder,
  /** @type {string[]} */ paths,
) {
  const entries = await Promise.all(
    ['', ...paths].map(async (name) =>
      name === '' || name.endsWith('/')
        ? entry(`${plugin}/${name}`, null)
        : entry(`${plugin}/${name}`, await readFile(join(folder, name))),
    ),
  );
  const archive = gzipSync(await packTar([...(await topFor(plugin, folder)), ...entries]), { level: 9 });
  // The system on which it was packed says nothing about it (RFC 1952, section 2.3.1).
  archive[9] = 255;
  return archive;
}

/** What Helm 3 reads, and the post-renderer that its users name; the second plugin is for Helm 4 alone. */
async function topFor(/** @type {string} */ plugin, /** @type {string} */ folder) {
  if (plugin !== 'lightrun-cert') return [];
  const text = (/** @type {string} */ name) => readFile(join(folder, name), 'utf8');
  const inside = (/** @type {string} */ code) => code.replaceAll('/scripts/', `/${plugin}/scripts/`);
  const dist = (/** @type {string} */ code) => code.replaceAll('/dist/', `/${plugin}/dist/`);
  return [
    entry('plugin.yaml', Buffer.from(dist(inside(await text('plugin.yaml'))))),
    entry('completion.yaml', Buffer.from(await text('completion.yaml'))),
    entry('plugin.complete', Buffer.from(inside(await text('plugin.complete')))),
    entry('scripts/', null),
    entry(
      'scripts/post-renderer.sh',
      Buffer.from(
        (await text('scripts/post-renderer.sh')).replace(
          '/lightrun-cert.sh',
          `/../${plugin}/scripts/lightrun-cert.sh`,
        ),
      ),
    ),
  ];
}

/** One entry of an archive: a file, or a folder where it has no body. */
function entry(/** @type {string} */ name, /** @type {Buffer | null} */ body) {
  const common = { name, mtime: new Date(time * 1000), uid: 0, gid: 0 };
  if (body === null) {
    return { header: { ...common, type: /** @type {const} */ ('directory'), mode: 0o755, size: 0 } };
  }
  const mode = isExecutable(name.replace(/^lightrun-cert\//, '')) ? 0o755 : 0o644;
  const header = { ...common, type: /** @type {const} */ ('file'), mode, size: body.length };
  return { header, body: new Uint8Array(body) };
}

/** Writes the public half of the key, by which users verify. */
async function publishKey(/** @type {string} */ name, /** @type {string} */ keyring) {
  const keys = await readKeys({ binaryKeys: await readFile(keyring) });
  const own = keys.filter((key) => key.getUserIDs().some((user) => user.includes(name)));
  const file = join(RELEASE, 'signed', 'lightrun-cert.gpg');
  await writeFile(file, Buffer.concat(own.map((key) => key.toPublic().write())));
  console.log(file);
}

/** Writes the archive and its .prov. */
function sign(/** @type {string} */ folder) {
  const helm = process.env.HELM4_BIN ?? 'helm';
  const keyring = options.keyring ? ['--keyring', options.keyring] : [];
  const passphrase = options['passphrase-file'] ? ['--passphrase-file', options['passphrase-file']] : [];
  const args = [
    'plugin',
    'package',
    folder,
    '--sign',
    '--key',
    String(options.key),
    ...keyring,
    ...passphrase,
  ];
  execFileSync(helm, [...args, '--destination', join(RELEASE, 'signed')], {
    cwd: dirname(folder),
    stdio: ['inherit', 2, 2],
  });
}
