import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateKey, readPrivateKey } from 'openpgp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from '../support/chart.ts';
import { startCluster } from '../support/cluster.ts';
import { type Helm, helms, kubectl, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline, KEY } from '../support/inline.ts';
import { type Page, startInternet } from '../support/internet.ts';
import { copyCheckout, ROOT } from '../support/plugin.ts';
import { isWhole } from '../support/property.ts';
import { CLEAN_ENV, releasedClone } from '../support/released.ts';
import { run } from '../support/run.ts';

const README = await readFile(join(ROOT, 'README.md'), 'utf8');
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const REPOSITORY = 'https://github.com/lightrun-platform/helm-lightrun-cert';
const CHART = 'https://registry-1.docker.io/v2/lightruncom/lightrun-helm-chart';

interface Block {
  /** The paragraph before it. */
  before: string;
  commands: string[];
}

/** The commands of the page, in their blocks. */
const BLOCKS: Block[] = Array.from(
  README.matchAll(/([^\n]+)\n\n```console\n(.*?)```/gs),
  ([, before, text]) => ({
    before: String(before),
    commands: Array.from(String(text).matchAll(/^\$ (.*)$/gm), ([, line]) => String(line)),
  }),
);
/** What `.ci/run` does itself. */
const IN_CLONE = BLOCKS.filter(({ commands }) => commands.some((command) => command.startsWith('npm ci')));
const INSTALLING = BLOCKS.filter(({ commands }) =>
  commands.some((line) => /^(helm plugin|npm) install/.test(line)),
);
const USING = BLOCKS.filter((block) => ![...IN_CLONE, ...INSTALLING].includes(block));

const work = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));

/** What is published: the archives, the tag, the package, the chart. */
async function publish(helm: Helm): Promise<{ pages: Map<string, Page>; repository: string }> {
  const repository = join(work, 'repository');
  await releasedClone(repository);

  const copy = join(work, 'copy');
  await copyCheckout(copy, 'built');
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const userIDs = [{ name: 'Test', email: 'test@example.com' }];
  const { privateKey } = await generateKey({ type: 'rsa', rsaBits: 2048, userIDs });
  const secret = join(work, 'secring.gpg');
  await writeFile(secret, (await readPrivateKey({ armoredKey: privateKey })).write(), { mode: 0o600 });
  const env = { ...CLEAN_ENV, SOURCE_DATE_EPOCH: '1700000000', HELM4_BIN: helm.bin };
  const sign = ['scripts/package.mjs', '--key', 'test@example.com', '--keyring', secret];
  await succeeds(process.execPath, sign, copy, env);
  const release = join(copy, 'release');
  const pages = new Map<string, Page>();
  const publishFile = async (url: string, path: string) =>
    // As GitHub serves the files of a release.
    pages.set(url, { type: 'application/octet-stream', body: await readFile(path) });
  const archive = `lightrun-cert-${version}.tgz`;
  const at = `${REPOSITORY}/releases/download/v${version}`;
  for (const name of [archive, `${archive}.prov`, 'lightrun-cert.gpg']) {
    await publishFile(`${at}/${name}`, join(release, 'signed', name));
  }

  // npm takes what is on GitHub from there.
  const tag = (await succeeds('git', ['rev-parse', `v${version}^{}`], repository, CLEAN_ENV)).trim();
  const sources = join(work, 'sources.tgz');
  const gitArchive = ['archive', '--prefix=helm-lightrun-cert/', '--output', sources, tag];
  await succeeds('git', gitArchive, repository, CLEAN_ENV);
  const codeload = 'https://codeload.github.com/lightrun-platform/helm-lightrun-cert';
  await publishFile(`${codeload}/tar.gz/${tag}`, sources);

  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', work];
  const tarball = (await succeeds('npm', pack, copy, CLEAN_ENV)).trim();
  await publishFile('npm:/package.tgz', join(work, tarball));

  const chart = join(work, 'chart');
  await writeChart(chart);
  await succeeds(helm.bin, ['package', chart], work, CLEAN_ENV);
  publishChart(pages, await readFile(join(work, 'lightrun-0.1.0.tgz')));
  return { pages, repository };
}

/** As a registry has a chart (OCI distribution specification, Helm's media types). */
function publishChart(pages: Map<string, Page>, archive: Buffer): void {
  const described = (mediaType: string, body: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    pages.set(`${CHART}/blobs/${digest}`, { type: 'application/octet-stream', body });
    return { mediaType, digest, size: body.length };
  };
  const config = Buffer.from('{"apiVersion":"v2","name":"lightrun","version":"0.1.0"}');
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: described('application/vnd.cncf.helm.config.v1+json', config),
    layers: [described('application/vnd.cncf.helm.chart.content.v1.tar+gzip', archive)],
  });
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  for (const reference of ['0.1.0', digest]) pages.set(`${CHART}/manifests/${reference}`, { type, body });
  const tags = JSON.stringify({ name: 'lightruncom/lightrun-helm-chart', tags: ['0.1.0'] });
  pages.set(`${CHART}/tags/list`, { type: 'application/json', body: tags });
}

async function succeeds(bin: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = await run(bin, args, { cwd, env });
  assert.is(status, 0, `${bin} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

const all = await helms();
const published = await publish(all[1] as Helm);
const [leaf = '', intermediate = '', root = ''] = CHAIN.split(/(?<=-----END CERTIFICATE-----\n)/);

/** The files of a user. */
const FILES = {
  'my-cert.crt': leaf,
  'intermediate.crt': intermediate,
  'root.crt': root,
  'my-cert.key': Buffer.from(KEY, 'base64').toString(),
  'values.yaml': 'general:\n  lightrun_endpoint: lightrun.example.com\n',
  'test-values.yaml': 'general:\n  lightrun_endpoint: lightrun.test\n',
  'base.yaml': 'general:\n  lightrun_endpoint: lightrun.example.com\n',
  'prod.yaml': 'certificate:\n  existing_cert: lightrun-tls\n',
  'umbrella.yaml': inline(CHAIN).replace(/^/gm, '  ').replace('  ', 'lightrun:\n  ').trimEnd(),
  'secrets.yaml': inline(CHAIN),
  'environments/prod.yaml': inline(CHAIN),
  'apps/lightrun.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: lightrun
spec:
  source:
    repoURL: registry-1.docker.io/lightruncom
    chart: lightrun-helm-chart
    targetRevision: 3.50.0
    helm:
      values: |
${inline(CHAIN).trimEnd().replace(/^/gm, '        ')}
`,
};

// Both where all is tried: it takes half a minute each.
for (const helm of isWhole ? all : all.slice(-1)) {
  const test = suite(`README.md with ${helm.name}`);

  test('every command of it works, in its order', () =>
    withHelmHome(async ({ folder, env: own }) => {
      const cluster = await startCluster(folder);
      const tls = { 'tls.crt': Buffer.from(CHAIN).toString('base64'), 'tls.key': KEY };
      cluster.putSecret('lightrun', 'lightrun-tls', 'kubernetes.io/tls', tls);
      const { pages, repository } = published;
      const internet = await startInternet(folder, pages);
      const tarball = { tarball: `${internet.env.npm_config_registry}package.tgz` };
      const versions = { [version]: { name: 'helm-lightrun-cert', version, bin: BIN, dist: tarball } };
      const packument = { name: 'helm-lightrun-cert', 'dist-tags': { latest: version }, versions };
      pages.set('npm:/helm-lightrun-cert', { type: 'application/json', body: JSON.stringify(packument) });

      const bin = join(folder, 'bin');
      await mkdir(bin);
      await symlink(helm.bin, join(bin, 'helm'));
      await symlink(await kubectl(), join(bin, 'kubectl'));
      await writeFile(join(bin, 'sops'), '#!/bin/sh\n[ "$1" = --decrypt ] && cat "$2"\n');
      await chmod(join(bin, 'sops'), 0o755);
      const user = join(folder, 'user');
      for (const each of ['environments', 'apps']) await mkdir(join(user, each), { recursive: true });
      for (const [name, text] of Object.entries(FILES)) await writeFile(join(user, name), text);
      const env = {
        ...own,
        ...internet.env,
        PATH: `${bin}:${process.env.PATH}`,
        HOME: folder,
        KUBECONFIG: cluster.kubeconfig,
        npm_config_cache: join(folder, 'npm-cache'),
        npm_config_prefix: join(folder, 'npm'),
        npm_config_update_notifier: 'false',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_COUNT: '2',
        GIT_CONFIG_KEY_0: `url.${pathToFileURL(repository).href}.insteadOf`,
        GIT_CONFIG_VALUE_0: REPOSITORY,
        GIT_CONFIG_KEY_1: `url.${pathToFileURL(repository).href}.insteadOf`,
        GIT_CONFIG_VALUE_1: `${REPOSITORY}.git`,
      };
      const runBlock = async ({ commands }: Block, surroundings: NodeJS.ProcessEnv) => {
        for (const command of commands) {
          const script = ['-euc', command];
          const { status, stdout, stderr } = await run('sh', script, { cwd: user, env: surroundings });
          assert.is(status, 0, `${command}\n${stdout}${stderr}`);
        }
      };
      try {
        const isOther = (words: string) => all.some(({ name }) => name !== helm.name && words.includes(name));
        let using: NodeJS.ProcessEnv | null = null;
        for (const [index, { before, commands }] of INSTALLING.entries()) {
          const own = commands.filter((command) => !isOther(command.split('  # ')[1] ?? ''));
          const isForHelm = commands.some((command) => command.startsWith('helm'));
          if (isOther(before.split('**')[1] ?? '')) continue;
          const data = join(folder, `data-${index}`);
          const surroundings = { ...env, HELM_DATA_HOME: data, HELM_PLUGINS: join(data, 'plugins') };
          await runBlock({ before, commands: own }, surroundings);
          const called = isForHelm
            ? await succeeds(helm.bin, ['lightrun-cert', '--version'], user, surroundings)
            : await succeeds(join(folder, 'npm', 'bin', 'lightrun-cert'), ['--version'], user, surroundings);
          assert.is(called, `lightrun-cert ${version}\n`);
          using ??= surroundings;
        }
        assert.ok(using);
        for (const block of USING) await runBlock(block, using);
        assert.equal(await readFile(join(user, 'values.yaml'), 'utf8').then(hasCertificate), true);
      } finally {
        internet.close();
        await cluster.close();
      }
    }));

  test.run();
}

const names = suite('README.md');

names('has commands for each of those who arrive', () => {
  assert.is(IN_CLONE.length, 1);
  assert.ok(INSTALLING.length >= 4);
  for (const who of ['You install Lightrun', 'You run the platform', 'You inherit an installation']) {
    assert.match(README, `## ${who}\n`);
  }
  assert.ok(USING.flatMap(({ commands }) => commands).length >= 12);
});

names.after(() => rm(work, { recursive: true, force: true }));
names.run();

const BIN = { 'lightrun-cert': 'dist/lightrun-cert.cjs' };

function hasCertificate(text: string): boolean {
  return text.includes('certificate:\n  tls:\n    crt: ');
}
