/**
 * What the tests of the gate rest on: that both real Helms keep releases in the API server on the loopback, and
 * that a dry run of the probe tells the values which the real upgrade then renders, whatever is reused.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readChart } from '../../src/helm/chart.ts';
import { readProbe } from '../../src/helm/probe.ts';
import { effectiveValues } from '../../src/helm/values.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { type Outcome, run } from '../support/run.ts';

interface Place {
  folder: string;
  cluster: Cluster;
  connection: string[];
  helm(...args: string[]): Promise<Outcome>;
}

async function withCluster(bin: string, use: (place: Place) => Promise<void>): Promise<void> {
  await withHelmHome(async ({ folder, env }) => {
    const cluster = await startCluster(folder);
    const connection = ['--kubeconfig', cluster.kubeconfig];
    const helm = (...args: string[]) => run(bin, [...args, ...connection], { env: { ...env, HOME: folder } });
    await use({ folder, cluster, connection, helm }).finally(() => cluster.close());
  });
}

async function writeValuesChart(folder: string, values: string): Promise<string> {
  await mkdir(join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: values\nversion: 0.1.0\n');
  await writeFile(join(folder, 'values.yaml'), values);
  await writeFile(
    join(folder, 'templates', 'values.yaml'),
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  printed-key: "{{ .Values | toJson | b64enc }}"\n`,
  );
  return folder;
}

/** One upgrade after the other of the same release, each from what the one before has left. */
const UPGRADES = [
  ['--reuse-values', '--set=b.d=null,extra=1'],
  ['--reset-then-reuse-values'],
  [],
  ['--install', '--set=only=1'],
  ['--reset-values', '--reuse-values'],
];

await forEachHelm(test, ({ name, bin }, test) => {
  test(`${name} installs, upgrades, lists and removes a release; only that counts as writing`, () =>
    withCluster(bin, async ({ folder, cluster, helm }) => {
      const chart = await writeValuesChart(join(folder, 'chart'), 'a: 1\n');
      for (const words of [['--dry-run=client'], ['--dry-run=server']]) {
        assert.is((await helm('install', 'r', chart, ...words)).status, 0);
        assert.is((await helm('upgrade', '--install', 'r', chart, ...words)).status, 0);
      }
      assert.equal(cluster.writes(), []);
      for (const args of [
        ['install', 'r', chart],
        ['upgrade', 'r', chart],
      ]) {
        const { status, stderr } = await helm(...args);
        assert.is(status, 0, stderr);
      }
      assert.match((await helm('list', '--short')).stdout, /^r$/m);
      const before = cluster.writes().length;
      assert.ok(before >= 6, `${before} writes`);
      assert.is((await helm('uninstall', 'r')).status, 0);
      assert.ok(cluster.writes().length > before);
      assert.is((await helm('list', '--short')).stdout.trim(), '');
    }));

  test(`${name} sees in a namespace nothing of another whose name begins alike`, () =>
    withCluster(bin, async ({ folder, cluster, helm }) => {
      cluster.putSecret('prod', 'here', 'Opaque', {});
      cluster.putSecret('production', 'elsewhere', 'Opaque', {});
      const chart = await writeValuesChart(join(folder, 'chart'), '');
      await writeFile(
        join(chart, 'templates', 'values.yaml'),
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  names: "{{ range (lookup "v1" "Secret" "prod" "").items }}{{ .metadata.name }} {{ end }}"\n`,
      );
      const { stdout, stderr } = await helm('template', 'x', chart, '--dry-run=server');
      assert.match(stdout, 'names: "here "', stderr);
    }));

  test(`${name}: a dry run tells the values that the real upgrade renders, and writes nothing`, () =>
    withCluster(bin, async ({ folder, cluster, connection, helm }) => {
      const installed = await writeValuesChart(
        join(folder, 'old'),
        'a: old\nb: {c: 1, d: 2}\nonce: x\nout: 1\n',
      );
      const next = await writeValuesChart(join(folder, 'next'), 'a: new\nb: {c: 10, d: 20, e: 30}\nout: 1\n');
      await helm('install', 'r', installed, '--set=b.c=user,out=null');
      const seen = new Set<string>();
      for (const words of UPGRADES) {
        const writes = cluster.writes().length;
        const { values: answered } = await effectiveValues(
          { bin, isNamed: true, connection, timeout: 30_000, logIn: null, terminal: null },
          {
            chart: await readChart(next),
            words: [],
            upgrade: { release: 'r', words, usesRelease: true, mayBeNew: false },
            stdin: null,
            secrets: [],
            lookup: null,
          },
        );
        assert.is(cluster.writes().length, writes);
        const done = await helm('upgrade', 'r', next, ...words);
        assert.is(done.status, 0, done.stderr);
        const rendered = readProbe(Buffer.from((await helm('get', 'manifest', 'r')).stdout), 'printed-key');
        assert.equal(answered, rendered, words.join(' '));
        seen.add(JSON.stringify(rendered));
      }
      // Each of them gives other values, but for the one without flags and values, which leaves them as they were.
      assert.is(seen.size, UPGRADES.length - 1);
    }));
});

test.run();
