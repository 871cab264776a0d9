/** The commands for a Secret in the cluster, as they are printed, with the real kubectl and Helm. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { helms, kubectl, withHelmHome } from '../support/helms.ts';
import { pkcs8, sec1 } from '../support/pki.ts';
import { intermediate, join as joined, leaf, other, pem, root } from '../support/rule-case.ts';
import { COMMAND, type Outcome, run } from '../support/run.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('commands for a Secret in the cluster');
const KEY = base64(pkcs8(leaf.privateKey));
const MISORDERED = base64(joined(root, intermediate, leaf));
const TLS = 'kubernetes.io/tls';

interface Place {
  cluster: Cluster;
  lint(): Promise<{ rules: string[]; commands: string[]; help: string }>;
  sh(lines: readonly string[]): Promise<Outcome>;
}

interface Stored {
  metadata: { annotations?: Record<string, string>; labels?: Record<string, string> };
  type: string;
  data: Record<string, string>;
}

/** A folder with the user's files, and the programs by their names in its `PATH`. */
async function withPlace(bin: string, use: (place: Place) => Promise<void>): Promise<void> {
  await withHelmHome(async ({ folder, env }) => {
    const cluster = await startCluster(folder);
    const programs = join(folder, 'bin');
    await mkdir(programs);
    await writeFile(
      join(programs, 'lightrun-cert'),
      `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`,
    );
    await chmod(join(programs, 'lightrun-cert'), 0o755);
    await symlink(await kubectl(), join(programs, 'kubectl'));
    for (const [name, text] of [
      ['values.yaml', 'certificate:\n  existing_cert: my-tls\n'],
      ['full-chain.crt', pem],
      ['my-cert.key', pkcs8(leaf.privateKey)],
    ] as const)
      await writeFile(join(folder, name), text);
    const own = {
      ...env,
      HOME: folder,
      HELM_BIN: bin,
      KUBECONFIG: cluster.kubeconfig,
      PATH: `${programs}:${process.env.PATH}`,
    };
    const surroundings = { cwd: folder, env: own };
    const place: Place = {
      cluster,
      async lint() {
        const args = ['lint', '-f', 'values.yaml', '--cluster', '-n', 'prod', '--format', 'json'];
        const { stdout, stderr } = await run(process.execPath, [COMMAND, ...args], surroundings);
        assert.ok(stdout, stderr);
        const { findings } = JSON.parse(stdout).targets[0];
        return {
          rules: findings.map(({ rule }: { rule: string }) => rule),
          commands: findings.flatMap(({ commands }: { commands: string[] }) => commands),
          help: findings.map(({ help }: { help: string }) => help).join('\n'),
        };
      },
      sh: (lines) => run('sh', ['-c', lines.join('\n')], surroundings),
    };
    await use(place).finally(() => cluster.close());
  });
}

const stored = ({ cluster }: Place) => cluster.get('v1/secrets/prod/my-tls') as Stored;

/** What is wrong with the Secret, and what its commands have to leave. */
const CASES: readonly {
  name: string;
  rules: readonly string[];
  first: string;
  put(cluster: Cluster): void;
}[] = [
  {
    name: 'the wrong order is fixed where it is',
    rules: ['chain-order'],
    first:
      'kubectl get secret my-tls --namespace prod -o yaml | lightrun-cert lint --fix - | kubectl replace -f -',
    put: (cluster) =>
      cluster.putSecret('prod', 'my-tls', TLS, { 'tls.crt': MISORDERED, 'tls.key': KEY }, labelled()),
  },
  {
    name: 'an immutable Secret is made again',
    rules: ['key-format'],
    first:
      'kubectl get secret my-tls --namespace prod -o yaml | lightrun-cert lint --fix - | kubectl replace --force -f -',
    put: (cluster) =>
      cluster.putSecret(
        'prod',
        'my-tls',
        TLS,
        { 'tls.crt': base64(pem), 'tls.key': base64(sec1(leaf.privateKey)) },
        { immutable: true },
      ),
  },
  {
    name: 'the key of another certificate is replaced from the own files',
    rules: ['key-mismatch'],
    first: 'kubectl create secret tls my-tls --namespace prod --cert=full-chain.crt --key=my-cert.key',
    put: (cluster) =>
      cluster.putSecret(
        'prod',
        'my-tls',
        TLS,
        {
          'tls.crt': base64(pem),
          'tls.key': base64(pkcs8(other.leaf.privateKey)),
        },
        labelled(),
      ),
  },
  {
    name: 'another type is changed by making it again',
    rules: ['secret-type'],
    first: 'kubectl get secret my-tls --namespace prod -o yaml | sed',
    put: (cluster) =>
      cluster.putSecret('prod', 'my-tls', 'Opaque', { 'tls.crt': base64(pem), 'tls.key': KEY }),
  },
  {
    name: 'an entry that is missing, in a Secret of another type',
    rules: ['secret-key-missing', 'secret-type'],
    first: 'kubectl create secret tls my-tls --namespace prod --cert=full-chain.crt --key=my-cert.key',
    put: (cluster) => cluster.putSecret('prod', 'my-tls', 'Opaque', { 'tls.crt': base64(pem) }),
  },
  {
    name: 'no Secret',
    rules: ['secret-missing'],
    first: 'kubectl create secret tls my-tls --namespace prod --cert=full-chain.crt --key=my-cert.key',
    put: () => undefined,
  },
  {
    name: 'no namespace',
    rules: ['secret-missing'],
    first: 'kubectl create namespace prod',
    put: (cluster) => cluster.lackNamespace('prod'),
  },
];

function labelled() {
  return { metadata: { labels: { team: 'a' } } };
}

const [, helm4] = await helms();
for (const { name, rules, first, put } of CASES) {
  test(name, () =>
    withPlace(helm4?.bin ?? '', async (place) => {
      put(place.cluster);
      const labels = stored(place)?.metadata.labels;
      const before = await place.lint();
      assert.equal(before.rules, rules);
      assert.ok(before.commands[0]?.startsWith(first), before.commands[0]);
      const { stderr, status } = await place.sh(before.commands);
      const after = await place.lint();
      assert.equal(after.rules, [], `${status} ${stderr}`);
      const { metadata, type } = stored(place);
      assert.is(type, TLS);
      if (labels) assert.equal(metadata.labels, labels);
      assert.not.ok(metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']);
    }),
  );
}

test('what another tool would write over again gets no command, and the sentence says what to change', () =>
  withPlace(helm4?.bin ?? '', async (place) => {
    for (const [metadata, said] of [
      [
        { annotations: { 'cert-manager.io/certificate-name': 'lightrun' } },
        /cert-manager .* the Certificate lightrun/,
      ],
      [{ annotations: { 'meta.helm.sh/release-name': 'web' } }, /The Helm release web/],
      [{ labels: { 'argocd.argoproj.io/instance': 'apps' } }, /Argo CD applies/],
      [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, /Flux applies/],
      [
        { ownerReferences: [{ kind: 'ExternalSecret', name: 'tls', controller: true }] },
        /The ExternalSecret tls/,
      ],
    ] as const) {
      place.cluster.putSecret('prod', 'my-tls', TLS, { 'tls.crt': MISORDERED, 'tls.key': KEY }, { metadata });
      const { rules, commands, help } = await place.lint();
      assert.equal(rules, ['chain-order']);
      assert.equal(commands, []);
      assert.match(help, said);
    }
  }));

test.run();
