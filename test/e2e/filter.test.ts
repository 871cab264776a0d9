/** `lint --fix -` between two real kubectl, with an API server on the loopback. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canaryOf, leaked } from '../support/canary.ts';
import { startCluster } from '../support/cluster.ts';
import { kubectl, withHelmHome } from '../support/helms.ts';
import { CHAIN, KEY, MISORDERED } from '../support/inline.ts';
import { COMMAND, run } from '../support/run.ts';
import { base64 } from '../support/values-yaml.ts';

const PEM = Buffer.from(KEY, 'base64').toString();
const CANARY = canaryOf([PEM], [CHAIN]);

interface Secret {
  data: Record<string, string>;
  metadata: { annotations?: object; resourceVersion: string };
}

async function withSecret(
  data: Record<string, string>,
  use: (place: {
    sh(line: string): Promise<{ status: number | null; stdout: string; stderr: string }>;
    live(): Promise<Secret>;
    folder: string;
  }) => Promise<void>,
): Promise<void> {
  const bin = await kubectl();
  await withHelmHome(async ({ folder, env }) => {
    const cluster = await startCluster(folder);
    cluster.putSecret('lightrun', 'my-tls', 'kubernetes.io/tls', data);
    const names = { KUBECTL: bin, NODE: process.execPath, LINT: COMMAND, KUBECONFIG: cluster.kubeconfig };
    const sh = (line: string) =>
      run(
        'sh',
        [
          '-c',
          `kubectl() { "$KUBECTL" "$@"; }\nlightrun_cert() { "$NODE" "$LINT" "$@"; }\ncd ${folder}\n${line}`,
        ],
        { env: { ...env, HOME: folder, ...names } },
      );
    const live = async () =>
      JSON.parse((await sh('kubectl get secret my-tls -n lightrun -o json')).stdout) as Secret;
    await use({ sh, live, folder }).finally(() => cluster.close());
  });
}

for (const format of ['yaml', 'json']) {
  test(`a Secret is fixed in the cluster, as ${format}, and its resourceVersion goes along`, async () => {
    const wrong = { 'tls.crt': base64(base64(MISORDERED)), 'tls.key': KEY };
    await withSecret(wrong, async ({ sh, live }) => {
      const { status, stdout, stderr } = await sh(
        `kubectl get secret my-tls -n lightrun -o ${format} | lightrun_cert lint --fix - | tee sent | kubectl replace -f -`,
      );
      assert.equal([status, stdout], [0, 'secret/my-tls replaced\n'], stderr);
      assert.equal((await live()).data, { 'tls.crt': base64(CHAIN), 'tls.key': KEY });
      assert.match((await sh('cat sent')).stdout, /"?resourceVersion"?: "1"/);
      assert.equal(leaked(stderr, CANARY), []);
    });
  });
}

test('the annotation of kubectl apply, with the private key in it, is gone afterwards', async () => {
  await withSecret({}, async ({ sh, live, folder }) => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'my-tls', namespace: 'lightrun' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(MISORDERED), 'tls.key': KEY },
    };
    await writeFile(join(folder, 'secret.json'), JSON.stringify(secret), { mode: 0o600 });
    await sh('kubectl delete secret my-tls -n lightrun; kubectl apply --validate=false -f secret.json');
    assert.match(JSON.stringify((await live()).metadata.annotations), /tls\.key/);

    const { status, stderr } = await sh(
      'kubectl get secret my-tls -n lightrun -o yaml | lightrun_cert lint --fix - | kubectl replace -f -',
    );
    assert.is(status, 0, stderr);
    const { data, metadata } = await live();
    assert.equal([data['tls.crt'], metadata.annotations], [base64(CHAIN), undefined]);
  });
});

test('a Secret that is not for TLS: nothing is replaced', async () => {
  await withSecret({ password: 'eA==' }, async ({ sh, live }) => {
    const { stdout, stderr } = await sh(
      'kubectl create secret generic db -n lightrun --from-literal=password=x >/dev/null; kubectl get secret db -n lightrun -o yaml | lightrun_cert lint --fix - | kubectl replace -f -',
    );
    assert.is(stdout, '');
    assert.match(stderr, /holds no TLS Secret: Secret db is of type Opaque/);
    assert.equal((await live()).data, { password: 'eA==' });
  });
});

test.run();
