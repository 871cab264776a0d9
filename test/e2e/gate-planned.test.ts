/** The gate checks the Secret that the pods will mount after the command, with both real Helms. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from '../support/chart.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { CHAIN, KEY, MISORDERED } from '../support/inline.ts';
import { type Outcome, run, runCommand } from '../support/run.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');
const GOOD = { 'tls.crt': encode(CHAIN), 'tls.key': KEY };
const BAD = { 'tls.crt': encode(MISORDERED), 'tls.key': KEY };
const TLS = 'kubernetes.io/tls';
const INLINE = `certificate:\n  tls:\n    crt: ${GOOD['tls.crt']}\n    key: ${KEY}\n`;

interface Place {
  folder: string;
  cluster: Cluster;
  gate(...args: string[]): Promise<Outcome>;
  helm(...args: string[]): Promise<Outcome>;
  secret(name: string): { data?: Record<string, string> } | undefined;
}

/** Reports wrap their lines. */
const unwrapped = ({ status, stdout, stderr }: Outcome): Outcome => ({
  status,
  stdout: stdout.replace(/\n +/g, ' '),
  stderr: stderr.replace(/\n +/g, ' '),
});

const inCluster = (bin: string, use: (place: Place) => Promise<void>) =>
  withHelmHome(async ({ folder, env: own }) => {
    const cluster = await startCluster(folder);
    const env = { ...own, HOME: folder, KUBECONFIG: cluster.kubeconfig, HELM_BIN: bin };
    await writeChart(join(folder, 'chart'));
    await writeFile(join(folder, 'inline.yaml'), INLINE);
    await use({
      folder,
      cluster,
      gate: async (...args) => unwrapped(await runCommand(args, { cwd: folder, env })),
      helm: (...args) => run(bin, args, { cwd: folder, env }),
      secret: (name) => cluster.get(`v1/secrets/default/${name}`) as { data?: Record<string, string> },
    }).finally(() => cluster.close());
  });

/** An umbrella around the chart that makes the Secret by a template of its own. */
async function writeUmbrella(folder: string, data: Record<string, string>, more = ''): Promise<void> {
  await writeChart(join(folder, 'charts', 'lightrun'));
  await mkdir(join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: umbrella\nversion: 0.1.0\n');
  await writeFile(join(folder, 'values.yaml'), 'lightrun:\n  certificate:\n    existing_cert: my-tls\n');
  const entries = Object.entries(data).map(([name, value]) => `  ${name}: ${value}`);
  await writeFile(
    join(folder, 'templates', 'secret.yaml'),
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: my-tls\n${more}type: ${TLS}\ndata:\n${entries.join('\n')}\n`,
  );
}

const UMBRELLA = ['umbrella', '--root', 'lightrun'];

await forEachHelm(test, ({ name, bin }, test) => {
  test(`${name}: a Secret that the release made and does not render any more is deleted by the upgrade`, () =>
    inCluster(bin, async ({ helm, gate, cluster, secret }) => {
      await helm('install', 'r', 'chart', '-f', 'inline.yaml');
      const upgrade = ['r', 'chart', '--set', 'certificate.existing_cert=r-certificate'];
      const before = cluster.writes().length;
      const { status, stderr } = await gate('upgrade', ...upgrade);
      assert.is(status, 1, stderr);
      assert.match(stderr, 'error  secret-going');
      assert.match(stderr, 'was made by the release r, which does not render it any more: the upgrade');
      assert.not.match(stderr, 'secret-missing');
      assert.is(cluster.writes().length, before);
      assert.is((await gate('template', ...upgrade, '--cluster')).status, 1);

      const [, line = ''] = /kubectl(.*helm\.sh\/resource-policy=keep)/.exec(stderr) ?? [];
      assert.match(line, 'annotate secret r-certificate --namespace default');
      const kept = secret('r-certificate') as { metadata: { annotations: Record<string, string> } };
      kept.metadata.annotations['helm.sh/resource-policy'] = 'keep';
      const passed = await gate('upgrade', ...upgrade);
      assert.is(passed.status, 0, passed.stderr);
      assert.ok(secret('r-certificate'));
    }));

  test(`${name}: without the gate Helm deletes it, which is what the rule says`, () =>
    inCluster(bin, async ({ helm, secret }) => {
      await helm('install', 'r', 'chart', '-f', 'inline.yaml');
      assert.ok(secret('r-certificate'));
      const done = await helm('upgrade', 'r', 'chart', '--set', 'certificate.existing_cert=r-certificate');
      assert.is(done.status, 0, done.stderr);
      assert.is(secret('r-certificate'), undefined);
    }));

  test(`${name}: a Secret of another release, or of none, is left`, () =>
    inCluster(bin, async ({ helm, gate, cluster }) => {
      await helm('install', 'other', 'chart', '-f', 'inline.yaml');
      await helm('install', 'r', 'chart', '-f', 'inline.yaml');
      const set = (secret: string) => ['--set', `certificate.existing_cert=${secret}`];
      const other = await gate('upgrade', 'r', 'chart', ...set('other-certificate'));
      assert.is(other.status, 0, other.stderr);
      cluster.putSecret('default', 'by-hand', TLS, GOOD);
      assert.is((await gate('upgrade', 'r', 'chart', ...set('by-hand'))).status, 0);
    }));

  test(`${name}: a Secret with a deletion timestamp is going`, () =>
    inCluster(bin, async ({ gate, cluster }) => {
      const metadata = { deletionTimestamp: '2026-11-26T00:00:00Z', finalizers: ['x/y'] };
      cluster.putSecret('default', 'my-tls', TLS, GOOD, { metadata });
      const words = ['--set', 'certificate.existing_cert=my-tls'];
      for (const command of [
        ['install', 'r', 'chart'],
        ['lint', '--cluster'],
      ]) {
        const { status, stdout, stderr } = await gate(...command, ...words);
        assert.is(status, 1, stderr);
        assert.match(stdout + stderr, 'secret-going');
        assert.match(stdout + stderr, 'is being deleted');
      }
      assert.equal(cluster.writes(), []);
      const inspected = await gate('inspect', '--secret', 'my-tls');
      assert.is(inspected.status, 2);
      assert.match(inspected.stderr, 'is being deleted');
    }));

  test(`${name}: an umbrella that makes the Secret is checked by what it makes`, () =>
    inCluster(bin, async ({ folder, gate, secret, cluster }) => {
      await writeUmbrella(join(folder, 'umbrella'), GOOD);
      const first = await gate('install', 'r', ...UMBRELLA);
      assert.is(first.status, 0, first.stderr);
      assert.match(
        first.stderr,
        'The certificate in the Secret my-tls of the namespace default, as this command',
      );
      assert.ok(secret('my-tls'));

      await writeUmbrella(join(folder, 'umbrella'), BAD);
      const before = cluster.writes().length;
      const second = await gate('upgrade', 'r', ...UMBRELLA);
      assert.is(second.status, 1, second.stderr);
      assert.match(second.stderr, 'Secret default/my-tls  error  chain-order');
      assert.not.match(second.stderr, 'kubectl get secret my-tls');
      assert.is(cluster.writes().length, before);

      await writeUmbrella(join(folder, 'umbrella'), GOOD);
      assert.is((await gate('upgrade', '--install', 'r', ...UMBRELLA)).status, 0);
    }));

  test(`${name}: a hook that makes it counts, one that deletes it again does not`, () =>
    inCluster(bin, async ({ folder, gate }) => {
      const hook = (policy: string) => `  annotations:\n    helm.sh/hook: pre-install\n${policy}`;
      await writeUmbrella(join(folder, 'umbrella'), GOOD, hook(''));
      const args = ['install', 'r', ...UMBRELLA, '--dry-run=client'];
      const { status, stderr } = await gate(...args);
      assert.is(status, 0, stderr);
      await writeUmbrella(
        join(folder, 'umbrella'),
        GOOD,
        hook('    helm.sh/hook-delete-policy: hook-succeeded\n'),
      );
      const gone = await gate(...args);
      assert.is(gone.status, 1, gone.stderr);
      assert.match(gone.stderr, 'secret-missing');
    }));

  test(`${name}: an umbrella's stringData, its ca.crt, and another namespace`, () =>
    inCluster(bin, async ({ folder, gate }) => {
      const umbrella = join(folder, 'umbrella');
      await writeUmbrella(umbrella, GOOD);
      const path = join(umbrella, 'templates', 'secret.yaml');
      const text = (pem: string) =>
        `apiVersion: v1\nkind: Secret\nmetadata: {name: my-tls}\ntype: ${TLS}\ndata: {tls.key: ${KEY}}\nstringData: ${JSON.stringify({ 'tls.crt': pem })}\n`;
      await writeFile(path, text(MISORDERED));
      const bad = await gate('install', 'r', ...UMBRELLA);
      assert.is(bad.status, 1);
      assert.match(bad.stderr, 'chain-order');
      await writeFile(path, text(CHAIN));
      assert.is((await gate('template', 'r', ...UMBRELLA, '--cluster')).status, 0);
      await writeFile(path, text(CHAIN).replace('{name: my-tls}', '{name: my-tls, namespace: elsewhere}'));
      const away = await gate('install', 'r', ...UMBRELLA);
      assert.is(away.status, 1);
      assert.match(away.stderr, 'secret-missing');
    }));

  test(`${name}: with deploy_secrets off the Secret that the pods mount is looked at`, () =>
    inCluster(bin, async ({ gate, cluster }) => {
      const args = ['r', 'chart', '--set', 'general.deploy_secrets.enabled=false'];
      const missing = await gate('install', ...args);
      assert.is(missing.status, 1, missing.stderr);
      assert.match(missing.stderr, 'error  source-missing');
      assert.match(missing.stderr, 'the Secret r-certificate, which the namespace default does not have');
      assert.not.match(missing.stderr, 'secret-missing');
      assert.not.match(missing.stderr, 'would be empty');

      cluster.putSecret('default', 'r-certificate', TLS, BAD);
      const bad = await gate('install', ...args);
      assert.is(bad.status, 1);
      assert.match(bad.stderr, 'Secret default/r-certificate  error  chain-order');
      assert.not.match(bad.stderr, 'source-missing');

      cluster.putSecret('default', 'r-certificate', TLS, GOOD);
      const good = await gate('install', ...args);
      assert.is(good.status, 0, good.stderr);
      assert.match(
        good.stderr,
        'The certificate in the Secret r-certificate of the namespace default was checked',
      );
    }));

  test(`${name}: one question to Helm where files, a flag or the chart name the Secret, two where that is hard to read`, () =>
    inCluster(bin, async ({ folder, cluster }) => {
      cluster.putSecret('default', 'my-tls', TLS, GOOD);
      await writeFile(join(folder, 'secret.yaml'), 'certificate:\n  existing_cert: my-tls\n');
      const helm = join(folder, 'counting-helm');
      await writeFile(helm, `#!/bin/sh\necho "$1 $2" >> calls\nexec '${bin}' "$@"\n`, { mode: 0o755 });
      const env = { ...process.env, HOME: folder, KUBECONFIG: cluster.kubeconfig, HELM_BIN: helm };
      const calls = async (...args: string[]) => {
        await writeFile(join(folder, 'calls'), '');
        const { status, stderr } = await runCommand(args, { cwd: folder, env });
        assert.is(status, 0, stderr);
        assert.match(unwrapped({ status, stdout: '', stderr }).stderr, 'in the Secret my-tls');
        return (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
      };
      const probe = 'template lightrun-cert';
      assert.equal(await calls('install', 'r', 'chart', '-f', 'secret.yaml'), [probe, 'install r']);
      // The release as it runs is asked for beside it.
      const upgrade = await calls('upgrade', 'r', 'chart', '-f', 'secret.yaml');
      assert.equal([upgrade.length, upgrade.includes('get values')], [3, true]);
      const set = ['--set', 'certificate.existing_cert=my-tls'];
      assert.equal(await calls('install', 's', 'chart', ...set), [probe, 'install s']);
      await writeFile(join(folder, 'wrong.yaml'), 'certificate:\n  existing_cert: another\n');
      const both = ['-f', 'wrong.yaml', ...set];
      assert.equal(await calls('install', 't', 'chart', ...both), [probe, 'install t']);
      const last = ['--set-string', set[1] ?? '', '--set', 'certificate.existing_cert=another'];
      assert.equal(await calls('install', 'u', 'chart', ...last), [probe, 'install u']);
      for (const [at, hard] of [
        ['--set-json', 'certificate={"existing_cert":"my-tls"}'],
        ['--set', 'certificate.existing_cert=my-tls,a=b'],
        ['--set', 'certificate.existing_cert=null', '--set-string', 'certificate.existing_cert=my-tls'],
      ].entries()) {
        assert.equal(await calls('install', `v${at}`, 'chart', ...hard), [probe, probe, `install v${at}`]);
      }
      const chart = join(folder, 'chart', 'values.yaml');
      const values = await readFile(chart, 'utf8');
      await writeFile(chart, values.replace('existing_cert: ""', 'existing_cert: "my-tls"'));
      assert.equal(await calls('install', 'w', 'chart'), [probe, 'install w']);
      await writeFile(join(folder, 'my-tls.yaml'), 'certificate:\n  existing_cert: my-tls\n');
      await writeFile(chart, values.replace('existing_cert: ""', 'existing_cert: another'));
      assert.equal(await calls('install', 'x', 'chart', '-f', 'my-tls.yaml'), [probe, 'install x']);
    }));

  test(`${name}: a chart with kinds that the cluster does not know yet is checked all the same`, () =>
    inCluster(bin, async ({ folder, gate }) => {
      await writeUmbrella(join(folder, 'umbrella'), GOOD);
      const path = join(folder, 'umbrella', 'templates', 'widget.yaml');
      await writeFile(path, 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n');
      const installed = await gate('install', 'r', ...UMBRELLA);
      assert.match(installed.stderr, 'as this command makes it, was checked');
      assert.not.match(installed.stderr, 'was not run');
      assert.is((await gate('template', 'r', ...UMBRELLA, '--cluster')).status, 0);
    }));

  test(`${name}: a chart that cannot be rendered ends with 2, where that decides`, () =>
    inCluster(bin, async ({ folder, gate, cluster }) => {
      await writeUmbrella(join(folder, 'umbrella'), GOOD);
      await writeFile(join(folder, 'umbrella', 'templates', 'fail.yaml'), '{{ fail "not today" }}');
      const { status, stderr } = await gate('install', 'r', ...UMBRELLA);
      assert.is(status, 2);
      assert.match(stderr, 'Helm could not render the chart');
      assert.match(stderr, 'not today');
      assert.equal(cluster.writes(), []);
    }));
});

test.run();
