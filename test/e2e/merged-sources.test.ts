import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryPath } from '../../src/files/temporary.ts';
import { writeChart } from '../support/chart.ts';
import { forEachHelm, helms, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { COMMAND, run, runCommand } from '../support/run.ts';

const test = suite('values and charts from wherever Helm takes them');

const VALUES = inline(CHAIN);
const BROKEN = VALUES.replace(/crt: ..../, 'crt: ');

interface Web {
  url: string;
  /** What is served, by path. */
  files: Map<string, { type: string; body: Buffer }>;
}

async function withWeb(use: (web: Web) => Promise<void>): Promise<void> {
  const files: Web['files'] = new Map();
  const server = createServer(({ url = '', method }, response) => {
    const found = files.get(url.replace(/\?.*/, ''));
    const digest = found && `sha256:${createHash('sha256').update(found.body).digest('hex')}`;
    response.writeHead(found ? 200 : 404, {
      'content-type': found?.type ?? 'text/plain',
      'content-length': found?.body.length ?? 0,
      ...(digest ? { 'docker-content-digest': digest } : {}),
    });
    response.end(method === 'HEAD' ? undefined : found?.body);
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, files });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Serves an archive as an OCI registry does (OCI distribution specification, pull). */
function serveOci({ files }: Web, archive: Buffer): void {
  const blob = (body: Buffer, type: string) => {
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    files.set(`/v2/charts/lightrun/blobs/${digest}`, { type: 'application/octet-stream', body });
    return { mediaType: type, digest, size: body.length };
  };
  const config = blob(
    Buffer.from(JSON.stringify({ apiVersion: 'v2', name: 'lightrun', version: '0.1.0' })),
    'application/vnd.cncf.helm.config.v1+json',
  );
  const layer = blob(archive, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip');
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [layer] }));
  const digest = createHash('sha256').update(body).digest('hex');
  files.set('/v2/', { type: 'application/json', body: Buffer.from('{}') });
  files.set('/v2/charts/lightrun/manifests/0.1.0', { type, body });
  files.set(`/v2/charts/lightrun/manifests/sha256:${digest}`, { type, body });
}

await forEachHelm(test, ({ name, bin }, test) => {
  test(`in ${name}`, () =>
    withHelmHome(async ({ folder, env: own }) =>
      withWeb(async (web) => {
        const env = { ...own, HELM_BIN: bin };
        const lint = (...args: string[]) => runCommand(['lint', ...args], { cwd: folder, env });
        const helm = (...args: string[]) => run(bin, args, { cwd: folder, env });

        // Values by a URL, and by a scheme that another plugin provides.
        web.files.set('/good.yaml', { type: 'text/plain', body: Buffer.from(VALUES) });
        web.files.set('/broken.yaml', { type: 'text/plain', body: Buffer.from(BROKEN) });
        const good = await lint('-f', `${web.url}/good.yaml`);
        assert.is(good.status, 0, good.stderr);
        assert.match(good.stdout, `${web.url}/good.yaml  ok`);
        const broken = await lint('-f', `${web.url}/broken.yaml`);
        assert.is(broken.status, 1);
        assert.match(broken.stdout, new RegExp(`^ {2}${web.url}/broken\\.yaml {2}error`, 'm'));
        const plugin = join(folder, 'data', 'plugins', 'fake-secrets');
        await mkdir(plugin, { recursive: true });
        const yaml =
          'name: fake-secrets\nversion: 0.1.0\nusage: x\ndescription: x\ncommand: "true"\ndownloaders:\n  - command: get.sh\n    protocols: [secrets]\n';
        await writeFile(join(plugin, 'plugin.yaml'), yaml);
        await writeFile(join(folder, 'encrypted.yaml'), VALUES.replaceAll('\n', '\r'));
        const script = '#!/bin/sh\ntr "\\r" "\\n" < "${4#secrets://}"\n';
        await writeFile(join(plugin, 'get.sh'), script, { mode: 0o755 });
        const decrypted = await lint('-f', 'secrets://encrypted.yaml');
        assert.is(decrypted.status, 0, decrypted.stderr + decrypted.stdout);
        const missing = await lint('-f', `${web.url}/none.yaml`);
        assert.is(missing.status, 2);
        assert.match(missing.stderr, 'Helm could not merge the values');

        // A chart as a folder, an archive, by URL, from a repository, from a registry.
        await writeChart(join(folder, 'chart'));
        const packed = await helm('package', 'chart', '--destination', 'packed');
        assert.is(packed.status, 0, packed.stderr);
        const archive = await readFile(join(folder, 'packed', 'lightrun-0.1.0.tgz'));
        web.files.set('/lightrun-0.1.0.tgz', { type: 'application/gzip', body: archive });
        await helm('repo', 'index', 'packed', '--url', web.url);
        const index = await readFile(join(folder, 'packed', 'index.yaml'));
        web.files.set('/index.yaml', { type: 'text/plain', body: index });
        const added = await helm('repo', 'add', 'test', web.url);
        assert.is(added.status, 0, added.stderr);
        serveOci(web, archive);
        const registry = web.url.replace('http:', 'oci:');
        for (const chart of [
          ['chart'],
          ['packed/lightrun-0.1.0.tgz'],
          [`${web.url}/lightrun-0.1.0.tgz`],
          ['test/lightrun'],
          ['lightrun', '--repo', web.url, '--version', '0.1.0'],
        ]) {
          const { status, stdout, stderr } = await lint('--chart', ...chart);
          assert.is(status, 1, `${chart}: ${stderr}`);
          assert.match(stdout, 'source-missing', chart.join(' '));
          // The chart's own host is what the certificate must name.
          const named = await lint(
            '-f',
            `${web.url}/good.yaml`,
            '--set',
            'general.lightrun_endpoint=null',
            '--chart',
            ...chart,
          );
          assert.is(named.status, 0, named.stderr);
        }
        await writeFile(join(folder, 'good.yaml'), VALUES);
        const words = [
          'template',
          'x',
          `${registry}/charts/lightrun`,
          '--version',
          '0.1.0',
          '--plain-http',
          '-f',
          'good.yaml',
        ];
        // What a run that was killed has left, a process number that no system gives.
        const temporary = join(folder, `tmp-${name}`);
        const left = temporaryPath(join(temporary, 'chart')).replace(`-${process.pid}-`, '-4194305-');
        await mkdir(left, { recursive: true });
        await writeFile(join(left, 'lightrun-0.1.0.tgz'), 'a key');
        const pulled = await runCommand(words, { cwd: folder, env: { ...env, TMPDIR: temporary } });
        assert.is(pulled.status, 0, pulled.stderr);
        assert.match(pulled.stdout, 'kind: Secret');
        assert.equal(await readdir(temporary), []);

        for (const [chart, words] of [
          ['./nowhere', 'there is no chart at ./nowhere'],
          ['test/nowhere', 'Helm could not fetch the chart test/nowhere'],
          ['good.yaml', 'cannot be read'],
          ['packed', 'is not a chart: it has no Chart.yaml'],
        ] as const) {
          const { status, stdout, stderr } = await lint('--chart', chart);
          assert.is(status, 2, chart);
          assert.is(stdout, '');
          assert.match(stderr, words);
        }
      }),
    ));
});

test("a key in a chart's own values is never in a temporary file", () =>
  withHelmHome(async ({ folder, env: own }) => {
    const [helm] = await helms();
    const env = { ...own, HELM_BIN: helm?.bin, TMPDIR: join(folder, 'tmp') };
    await mkdir(join(folder, 'tmp'));
    await writeChart(join(folder, 'chart'));
    await writeFile(join(folder, 'chart', 'values.yaml'), VALUES);
    await run(String(helm?.bin), ['package', 'chart'], { cwd: folder, env });
    const packed = 'lightrun-0.1.0.tgz';
    for (const chart of ['chart', packed]) {
      const { status, stderr } = await runCommand(['lint', '--chart', chart], { cwd: folder, env });
      assert.is(status, 0, stderr);
    }
    // Without /proc a file that has no name cannot be handed on, as elsewhere than on Linux.
    const hidden = [
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs none /proc && exec "$@"',
      'sh',
      process.execPath,
      COMMAND,
    ];
    if (process.getuid?.() === 0 && (await run('unshare', [...hidden, '--version'])).status === 0) {
      const elsewhere = (chart: string) =>
        run('unshare', [...hidden, 'lint', '--chart', chart], { cwd: folder, env });
      const refused = await elsewhere(packed);
      assert.is(refused.status, 2);
      assert.match(refused.stderr, 'contains what looks like a key or certificate');
      await writeFile(join(folder, 'chart', 'values.yaml'), 'certificate: {existing_cert: Bad_NAME}\n');
      await run(String(helm?.bin), ['package', 'chart'], { cwd: folder, env });
      const { status, stdout } = await elsewhere(packed);
      assert.is(status, 1, stdout);
      assert.match(stdout, 'Bad_NAME');
    }
    assert.equal(await readdir(join(folder, 'tmp')), []);
  }));

test.run();
