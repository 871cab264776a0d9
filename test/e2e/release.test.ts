import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateKey, readKey, readPrivateKey } from 'openpgp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Helm, helms, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { commitAll, copyCheckout, pathWith, ROOT } from '../support/plugin.ts';
import { isWhole } from '../support/property.ts';
import { CLEAN_ENV, release, releasedClone, withoutRegistry } from '../support/released.ts';
import { run } from '../support/run.ts';

const test = suite('a release');

const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const ARCHIVE = `lightrun-cert-${version}.tgz`;
const [helm3, helm4] = (await helms()) as [Helm, Helm];
const VALUES = inline(CHAIN);

interface Place {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Runs npm run package in a copy of this checkout, and gives the folder of what it made. */
  pack(...args: string[]): Promise<string>;
}

function inCopy(use: (place: Place) => Promise<void>): Promise<void> {
  return withHelmHome(async ({ folder, env: own }) => {
    const copy = join(folder, 'copy');
    await copyCheckout(copy, 'built');
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await writeFile(join(folder, 'values.yaml'), VALUES);
    const env = { ...own, SOURCE_DATE_EPOCH: '1700000000', HELM4_BIN: helm4.bin };
    const pack = async (...args: string[]) => {
      const { status, stderr } = await run(process.execPath, ['scripts/package.mjs', ...args], {
        cwd: copy,
        env,
      });
      assert.is(status, 0, stderr);
      return join(copy, 'release');
    };
    await use({ folder, env, pack });
  });
}

/** As a machine for which npm need not be there, with Node alone. */
async function withoutNpm({ folder, env }: Pick<Place, 'folder' | 'env'>): Promise<NodeJS.ProcessEnv> {
  const path = await pathWith(join(folder, 'bin'), 'no Node');
  await symlink(process.execPath, join(path, 'node'));
  return { ...env, PATH: path };
}

async function lintsWith(helm: Helm, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { status, stdout, stderr } = await run(
    helm.bin,
    ['lightrun-cert', 'lint', join(folder, 'values.yaml')],
    { env },
  );
  assert.is(status, 0, stderr);
  assert.match(stdout, 'values.yaml  ok');
}

/** Nothing that V8 made on the machine of the publisher. */
async function holdsNoCache(archive: string, { hasLibrary }: { hasLibrary: boolean }): Promise<void> {
  const { stdout } = await run('tar', ['-tzf', archive]);
  const built = stdout.split('\n').filter((name) => name.includes('dist/'));
  assert.ok(built.some((name) => name.endsWith('/main.cjs')));
  for (const name of built) assert.match(name, /\/$|\.cjs$|\/library\.(d\.mts|mjs)$|\.LEGAL\.txt$/);
  assert.not.match(stdout, 'cache');
  for (const name of ['library.mjs', 'library.d.mts', 'library.mjs.LEGAL.txt'])
    assert.is(
      built.some((each) => each.endsWith(`/${name}`)),
      hasLibrary,
    );
}

test('is the same bytes each time, and both Helms install it without npm, Helm 3 from a web server', () =>
  inCopy(async (place) => {
    const first = await readFile(join(await place.pack(), ARCHIVE));
    await holdsNoCache(join(place.folder, 'copy', 'release', ARCHIVE), { hasLibrary: false });
    const second = await readFile(join(await place.pack(), ARCHIVE));
    assert.ok(first.equals(second));
    const server = createServer((request, response) => {
      response.writeHead(request.url === `/${ARCHIVE}` ? 200 : 404, { 'content-type': 'application/gzip' });
      response.end(first);
    });
    server.unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const env = await withoutNpm(place);
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${ARCHIVE}`;
      const { status, stderr } = await run(helm3.bin, ['plugin', 'install', url], { env });
      assert.is(status, 0, stderr);
      await lintsWith(helm3, place.folder, env);
      const completed = await run(helm3.bin, ['__complete', 'lightrun-cert', 'explain', 'chain-o'], { env });
      assert.match(completed.stdout, 'chain-order');
      const renderer = join(String(env.HELM_PLUGINS), 'lightrun-cert', 'scripts', 'post-renderer.sh');
      const rendered = await run(renderer, [], { env, stdin: 'kind: Pod\n' });
      assert.is(rendered.stdout, 'kind: Pod\n', rendered.stderr);
      const four = {
        ...env,
        HELM_DATA_HOME: join(place.folder, 'four'),
        HELM_PLUGINS: join(place.folder, 'four', 'plugins'),
      };
      const archive = join(place.folder, 'copy', 'release', ARCHIVE);
      const installed = await run(helm4.bin, ['plugin', 'install', archive, '--verify=false'], { env: four });
      assert.is(installed.status, 0, installed.stderr);
      await lintsWith(helm4, place.folder, four);
      const list = await run(helm3.bin, ['plugin', 'list'], { env });
      assert.match(list.stdout, new RegExp(`lightrun-cert\\s+${version.replaceAll('.', '\\.')}`));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }));

test('signed with a key, Helm 4 installs it with verification on, and says that it is signed', () =>
  inCopy(async (place) => {
    const { folder } = place;
    const { privateKey, publicKey } = await generateKey({
      type: 'rsa',
      rsaBits: 2048,
      userIDs: [{ name: 'Test', email: 'test@example.com' }],
    });
    const secret = join(folder, 'secring.gpg');
    await writeFile(secret, (await readPrivateKey({ armoredKey: privateKey })).write(), { mode: 0o600 });
    const release = await place.pack('--key', 'test@example.com', '--keyring', secret);
    const env = await withoutNpm(place);
    const install = (archive: string, keyring: string) =>
      run(helm4.bin, ['plugin', 'install', join(release, 'signed', archive), '--keyring', keyring], { env });

    const known = join(release, 'signed', 'lightrun-cert.gpg');
    const own = (await readKey({ armoredKey: publicKey })).getFingerprint();
    const published = await readKey({ binaryKey: await readFile(known) });
    assert.equal([published.isPrivate(), published.getFingerprint()], [false, own]);
    const { status, stdout, stderr } = await install(ARCHIVE, known);
    assert.is(status, 0, stdout + stderr);
    await lintsWith(helm4, folder, env);
    const second = await install(`lightrun-cert-post-renderer-${version}.tgz`, known);
    assert.is(second.status, 0, second.stderr);
    const list = await run(helm4.bin, ['plugin', 'list'], { env });
    assert.match(list.stdout, /^lightrun-cert\s.*\bsigned\b/m);
    assert.match(list.stdout, /^lightrun-cert-post-renderer\s.*\bsigned\b/m);

    const other = await generateKey({ type: 'rsa', rsaBits: 2048, userIDs: [{ name: 'Other' }] });
    const stranger = join(folder, 'stranger.gpg');
    await writeFile(stranger, (await readKey({ armoredKey: other.publicKey })).write());
    await run(helm4.bin, ['plugin', 'uninstall', 'lightrun-cert'], { env });
    assert.is.not((await install(ARCHIVE, stranger)).status, 0);
  }));

test('npm pack makes a package whose command works once it is installed', () =>
  inCopy(async ({ folder, env }) => {
    const copy = join(folder, 'copy');
    const packed = await run('npm', ['pack'], { cwd: copy, env });
    assert.is(packed.status, 0, packed.stderr);
    const prefix = join(folder, 'prefix');
    await mkdir(prefix);
    const archive = join(copy, packed.stdout.trim());
    await holdsNoCache(archive, { hasLibrary: true });
    const installed = await run('npm', ['install', '--global', '--prefix', prefix, archive], {
      cwd: folder,
      env,
    });
    assert.is(installed.status, 0, installed.stderr);
    const command = join(prefix, 'bin', 'lightrun-cert');
    const { status, stdout, stderr } = await run(command, ['lint', join(folder, 'values.yaml')], { env });
    assert.is(status, 0, stderr);
    assert.match(stdout, 'values.yaml  ok');
  }));

const tagged = suite('a release tag');

const clones = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
const clone = join(clones, 'helm-lightrun-cert');
const tag = await releasedClone(clone);
tagged.after(() => rm(clones, { recursive: true, force: true }));

async function git(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run('git', args, { cwd: clone, env: CLEAN_ENV });
  assert.is(status, 0, stderr);
  return stdout.trim();
}

/** A commit with the files of the tag, but for one. */
async function tamperedTag(name: string): Promise<void> {
  const index = { ...CLEAN_ENV, GIT_INDEX_FILE: join(clones, 'index') };
  const inIndex = async (args: string[], stdin = '') => {
    const { status, stdout, stderr } = await run('git', args, { cwd: clone, env: index, stdin });
    assert.is(status, 0, stderr);
    return stdout.trim();
  };
  await inIndex(['read-tree', tag]);
  const object = await inIndex(
    ['hash-object', '-w', '--stdin'],
    `${await git('show', `${tag}:dist/main.cjs`)};`,
  );
  await inIndex(['update-index', '--cacheinfo', `100644,${object},dist/main.cjs`]);
  const tree = await inIndex(['write-tree']);
  const commit = await inIndex(['commit-tree', tree, '-p', 'HEAD', '-m', 'Tampered']);
  await git('tag', '--force', name, commit);
}

tagged(
  'is one commit after that of the sources, with what is built of them; the branch stays as it is',
  async () => {
    assert.is(await git('rev-parse', `${tag}^{commit}^`), await git('rev-parse', 'HEAD'));
    assert.is(await git('cat-file', '-t', tag), 'tag');
    assert.is(await git('status', '--porcelain', '--ignored'), '');
    assert.is(await git('branch', '--list', '--format=%(refname)'), await git('symbolic-ref', 'HEAD'));
    assert.is(
      await git('worktree', 'list', '--porcelain').then((list) => list.match(/^worktree /gm)?.length),
      1,
    );

    const changes = (await git('diff', '--name-status', '--no-renames', 'HEAD', tag)).split('\n');
    const added = changes.filter((line) => line.startsWith('A\t')).map((line) => line.slice(2));
    assert.ok(added.includes('dist/lightrun-cert.cjs') && added.includes('dist/main.cjs'));
    assert.ok(added.includes('dist/library.mjs') && added.includes('dist/library.d.mts'));
    for (const file of added) assert.match(file, /^dist\/[\w-]+\.([cm]js|d\.mts)(\.LEGAL\.txt)?$/);
    const others = changes.filter((line) => !line.startsWith('A\t'));
    assert.equal(others, ['M\tpackage-lock.json', 'M\tpackage.json']);

    const { scripts, devDependencies, allowScripts, ...rest } = JSON.parse(
      await git('show', 'HEAD:package.json'),
    );
    assert.ok(scripts.prepare && devDependencies && allowScripts);
    assert.equal(JSON.parse(await git('show', `${tag}:package.json`)), rest);
    const { packages } = JSON.parse(await git('show', `${tag}:package-lock.json`));
    assert.equal(Object.keys(packages), ['']);
  },
);

tagged(
  'is checked by building it again; a byte more is found, and so is a tag of other sources',
  async () => {
    if (isWhole) {
      const right = await release(clone, '--check');
      assert.is(right.status, 0, right.stderr);
      assert.match(right.stdout, /byte for byte/);
    }

    await git('tag', 'kept', `${tag}^{}`);
    if (isWhole) {
      await tamperedTag(tag);
      const tampered = await release(clone, '--check', tag);
      await git('tag', '--force', tag, 'kept');
      assert.is(tampered.status, 1);
      // That nothing else is named says that all else is right.
      assert.ok(
        tampered.stderr.endsWith(`${tag} is not what its sources make:\nM\tdist/main.cjs\n`),
        tampered.stderr,
      );
    }

    for (const [name, commit] of [
      ['v99.0.0', 'kept'],
      [tag, 'HEAD'],
    ] as const) {
      await git('tag', '--force', name, commit);
      const wrong = await release(clone, '--check', name);
      await git('tag', '--force', tag, 'kept');
      assert.is(wrong.status, 1);
      assert.match(wrong.stderr, /^v[\d.]+ is /);
      assert.not.match(wrong.stderr, /\n {4}at /);
    }
  },
);

tagged('is made once, of what is committed, and of what the changelog knows', async () => {
  const refused = async (message: string) => {
    const { status, stdout, stderr } = await release(clone);
    assert.equal([status, stdout], [1, '']);
    assert.is(stderr.trim().split('\n').length, 1, stderr);
    assert.match(stderr, message);
  };
  await refused(`There is a tag ${tag} already`);
  await writeFile(join(clone, 'new.txt'), '');
  await refused('changes that are not committed');
  await rm(join(clone, 'new.txt'));
  const head = await git('rev-parse', 'HEAD');
  await git('tag', 'aside', `${tag}^{}`);
  await git('tag', '--delete', tag);
  const changelog = join(clone, 'CHANGELOG.md');
  await writeFile(changelog, (await readFile(changelog, 'utf8')).replace(`## [${version}]`, '## [0.0.1]'));
  await commitAll(clone);
  await refused(`no section [${version}]`);
  await git('reset', '--quiet', '--hard', head);
  await git('tag', tag, 'aside');
});

for (const helm of [helm3, helm4]) {
  tagged(`${helm.name} installs it from its Git URL with Node alone`, () =>
    withHelmHome(async ({ folder, env: own }) => {
      const env = await withoutNpm({ folder, env: own });
      const unsigned = helm === helm4 ? ['--verify=false'] : [];
      const url = pathToFileURL(clone).href;
      const args = ['plugin', 'install', url, '--version', version, ...unsigned];
      const { status, stderr } = await run(helm.bin, args, { env });
      assert.is(status, 0, stderr);
      await writeFile(join(folder, 'values.yaml'), VALUES);
      await lintsWith(helm, folder, env);
    }),
  );
}

tagged('the Action runs it with Node alone', () =>
  withHelmHome(async ({ folder, env: own }) => {
    const action = join(folder, 'action');
    await git('clone', '--quiet', '--branch', tag, clone, action);
    await writeFile(join(folder, 'values.yaml'), VALUES);
    const outputs = join(folder, 'outputs');
    const switches = { PARTIAL: 'false', STRICT: 'false', MERGE: 'false' };
    const inputs = { ...switches, FILES: '*.yaml', FORMAT: 'github', OUTPUT: '', ARGS: '' };
    const env = { ...(await withoutNpm({ folder, env: own })), ...inputs, GITHUB_OUTPUT: outputs };
    const { status, stderr } = await run(join(action, 'scripts', 'action.sh'), [], { env, cwd: folder });
    assert.equal([status, stderr], [0, '']);
    assert.is(await readFile(outputs, 'utf8'), 'status=0\n');
  }),
);

tagged('npm installs it from Git with no registry in reach', async () => {
  const prefix = join(clones, 'prefix');
  const env = { ...CLEAN_ENV, ...withoutRegistry(clones) };
  const from = `git+${pathToFileURL(clone).href}#${tag}`;
  const args = ['install', '--allow-git=root', '--global', '--prefix', prefix, from];
  const { status, stdout, stderr } = await run('npm', args, { cwd: clones, env });
  assert.is(status, 0, stdout + stderr);
  const command = join(prefix, 'bin', 'lightrun-cert');
  const linted = await run(command, ['lint', '-'], { env, stdin: VALUES });
  assert.equal([linted.status, linted.stderr], [0, '']);
});

test.run();
tagged.run();
