/**
 * The whole life of the certificate, with both real Helms, a CA made with openssl, and an API server on the loopback
 * interface: request, sign, encode, compare, upgrade, look.
 */
import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { forEachHelm, kubectl, withHelmHome } from '../support/helms.ts';
import { openssl } from '../support/openssl.ts';
import { writePlatform } from '../support/platform.ts';
import { COMMAND, type Outcome, run, runCommand } from '../support/run.ts';

const HOST = 'lightrun.example.com';

interface Place {
  folder: string;
  cluster: Cluster;
  /** Runs this program; it has to end with 0. */
  ok(...args: string[]): Promise<Outcome>;
  /** The same, whatever its status. */
  program(...args: string[]): Promise<Outcome>;
  helm(...args: string[]): Promise<Outcome>;
  /** What the CA sends back for the request in a folder: PKCS#7, with the root first. */
  sign(folder: string): Promise<string>;
}

/** Reports wrap their lines. */
const unwrapped = ({ stdout, stderr }: Outcome): string =>
  (stdout + stderr).replace(/\n +(?!kubectl|fix:)/g, ' ');
const positions = (text: string, ...words: string[]) => words.map((word) => text.indexOf(word));
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

const inCluster = (bin: string, use: (place: Place) => Promise<void>) =>
  withHelmHome(async ({ folder, env: own }) => {
    const cluster = await startCluster(folder);
    const env = { ...own, HOME: folder, KUBECONFIG: cluster.kubeconfig, HELM_BIN: bin };
    await writePlatform(join(folder, 'chart'));
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const root = ['req', '-x509', ...key, '-days', '365', '-subj', '/CN=Our CA'];
    await openssl(folder, ...root, '-keyout', 'ca.key', '-out', 'ca.pem');
    const program = (...args: string[]) => runCommand(args, { cwd: folder, env });
    await use({
      folder,
      cluster,
      program,
      async ok(...args) {
        const outcome = await program(...args);
        assert.is(outcome.status, 0, `${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`);
        return outcome;
      },
      helm: (...args) => run(bin, args, { cwd: folder, env }),
      async sign(at) {
        const files = (name: string) => join(at, name);
        const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
        const request = ['x509', '-req', '-in', files('tls.csr'), '-days', '90', ...ca];
        await openssl(folder, ...request, '-out', files('leaf.pem'));
        const p7b = ['crl2pkcs7', '-nocrl', '-certfile', 'ca.pem', '-certfile', files('leaf.pem')];
        await openssl(folder, ...p7b, '-out', files('answer.p7b'));
        return files('answer.p7b');
      },
    }).finally(() => cluster.close());
  });

function pinOf(file: string): string {
  const spki = createPublicKey(readFileSync(file, 'utf8')).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

/** The pin of the Secret in the cluster, as `inspect` shows it. */
async function pinInCluster({ ok }: Place): Promise<string> {
  const { stdout } = await ok('inspect', '--secret', 'prod-certificate', '--format', 'json');
  return (JSON.parse(stdout) as { pin: string }).pin;
}

const RESTART = 'kubectl rollout restart deployment/prod-backend deployment/prod-crons';
const RULE_LINE = /(\w+) {2}(pin-changes|no-rollout)\n/g;
const found = (outcome: Outcome) =>
  Array.from(
    (outcome.stdout + outcome.stderr).matchAll(RULE_LINE),
    ([, severity, rule]) => `${rule}=${severity}`,
  );

await forEachHelm(test, ({ name, bin }, test) => {
  test(`${name}: the certificate is requested, installed, renewed with its key, and gets another key`, () =>
    inCluster(bin, async (place) => {
      const { folder, ok, helm, sign } = place;
      const values = join(folder, 'values.yaml');
      const upgrade = ['upgrade', 'prod', 'chart', '-f', 'values.yaml'];
      const old = async () => {
        writeFileSync(join(folder, 'old.yaml'), (await helm('get', 'values', 'prod', '-o', 'yaml')).stdout);
        return ['--previous', 'old.yaml', '--release', 'prod'];
      };

      // The first certificate
      writeFileSync(values, 'general:\n  lightrun_endpoint: lightrun.example.com\n');
      await ok('request', '--host', HOST, '--out-dir', 'first');
      await ok('encode', '--cert', await sign('first'), '--key', 'first/tls.key', '--write', 'values.yaml');
      const installed = await ok('install', 'prod', 'chart', '-f', 'values.yaml');
      assert.not.match(unwrapped(installed), 'rollout restart');
      const first = pinOf(join(folder, 'first', 'tls.key'));
      assert.is(await pinInCluster(place), first);

      // Nothing new
      const same = await ok(...upgrade);
      assert.equal(found(same), []);
      assert.not.match(unwrapped(same), 'rollout restart');

      // Renewed with the same key
      const again = await ok('request', '--host', HOST, '--values', 'values.yaml', '--out-dir', 'renewed');
      assert.match(again.stderr, `${first} (as before)`);
      assert.not.ok(existsSync(join(folder, 'renewed', 'tls.key')));
      const encoded = await ok('encode', '--cert', await sign('renewed'), '--write', 'values.yaml');
      assert.match(encoded.stderr, 'pin unchanged');
      const compared = await ok('lint', 'values.yaml', ...(await old()));
      assert.equal(found(compared), ['no-rollout=info']);
      const dry = await ok(...upgrade, '--dry-run');
      assert.equal(found(dry), ['no-rollout=info']);
      assert.not.match(String(lastLine(dry.stderr)), 'kubectl');
      const renewed = await ok(...upgrade);
      assert.equal(found(renewed), ['no-rollout=info']);
      assert.is(lastLine(renewed.stderr), `  ${RESTART}`);
      assert.is(await pinInCluster(place), first);

      // Another key
      const values2 = ['--values', 'values.yaml', '--key', 'ec256', '--out-dir', 'second'];
      const requested = await ok('request', '--host', HOST, ...values2);
      const second = pinOf(join(folder, 'second', 'tls.key'));
      assert.match(requested.stderr, `${first} → ${second}`);
      const answer = await sign('second');
      const rotated = await ok(
        'encode',
        '--cert',
        answer,
        '--key',
        'second/tls.key',
        '--write',
        'values.yaml',
      );
      assert.match(rotated.stderr, `pin changes: ${first} → ${second}`);
      const warned = await ok('lint', 'values.yaml', ...(await old()));
      assert.equal(found(warned), ['pin-changes=warning', 'no-rollout=info']);
      const text = unwrapped(warned);
      const order = positions(
        text,
        `pinned_certs=${first},${second}`,
        'Upgrade with the old certificate',
        'Upgrade with the new certificate',
        `After the upgrade, run:`,
        'drop the old one',
      );
      assert.equal(
        order,
        [...order].sort((one, other) => one - other),
      );
      assert.ok(
        order.every((at) => at > 0),
        text,
      );

      const strict = await place.program(...upgrade, '--strict');
      assert.is(strict.status, 1);
      assert.is(await pinInCluster(place), first);
      const done = await ok(...upgrade);
      assert.equal(found(done), ['pin-changes=warning', 'no-rollout=info']);
      assert.match(unwrapped(done), 'than that of the release prod');
      assert.is(lastLine(done.stderr), `  ${RESTART}`);
      assert.is(await pinInCluster(place), second);
      assert.equal(found(await ok(...upgrade)), []);
    }));

  test(`${name}: the safe order of a rotation: both pins first, then the key, then the old pin goes`, () =>
    inCluster(bin, async (place) => {
      const { folder, ok, sign } = place;
      const upgrade = [
        'upgrade',
        '--install',
        'prod',
        'chart',
        '-n',
        'lightrun',
        '-f',
        'values.yaml',
        '-f',
        'pins.yaml',
      ];
      const pins = (...all: string[]) =>
        writeFileSync(
          join(folder, 'pins.yaml'),
          JSON.stringify({
            certificate: { security_pinned_hashes: all },
            general: { router: { tls: { enabled: true } } },
          }),
        );
      writeFileSync(join(folder, 'values.yaml'), '{}\n');
      for (const at of ['a', 'b']) {
        await ok('request', '--host', HOST, '--key', 'ec256', '--out-dir', at);
        await sign(at);
      }
      const encode = (at: string) =>
        ok('encode', '--cert', `${at}/answer.p7b`, '--key', `${at}/tls.key`, '--write', 'values.yaml');
      const [a, b] = [pinOf(join(folder, 'a', 'tls.key')), pinOf(join(folder, 'b', 'tls.key'))];
      await encode('a');
      pins();
      assert.equal(found(await ok(...upgrade)), []);
      pins(a, b);
      const listed = await ok(...upgrade);
      assert.equal(found(listed), []);
      assert.not.match(listed.stderr, 'rollout restart');
      await encode('b');
      const changed = await ok(...upgrade);
      assert.equal(found(changed), ['pin-changes=info', 'no-rollout=info']);
      assert.is(lastLine(changed.stderr), `  ${RESTART} deployment/prod-router --namespace lightrun`);
      pins(b);
      assert.equal(found(await ok(...upgrade)), []);
    }));

  test(`${name}: the line is not said again after a failed upgrade, nor where the rule is off`, () =>
    inCluster(bin, async ({ folder, ok, program, sign, cluster }) => {
      writeFileSync(join(folder, 'values.yaml'), '{}\n');
      await ok('request', '--host', HOST, '--key', 'ec256', '--out-dir', 'a');
      await ok('encode', '--cert', await sign('a'), '--key', 'a/tls.key', '--write', 'values.yaml');
      const upgrade = ['upgrade', '--install', 'prod', 'chart', '-f', 'values.yaml'];
      await ok(...upgrade);
      await ok('request', '--host', HOST, '--values', 'values.yaml', '--out-dir', 'b');
      await ok('encode', '--cert', await sign('b'), '--write', 'values.yaml');
      const failed = await program(...upgrade, '--post-renderer', './none');
      assert.is.not(failed.status, 0);
      assert.not.match(String(lastLine(failed.stderr)), 'kubectl');
      const off = await ok(...upgrade, '--rule', 'no-rollout=off');
      assert.not.match(off.stderr, 'rollout restart');
      assert.ok(cluster.writes().length > 0);
    }));

  test(`${name}: a Secret in place of values, and the other way round, with the pin of the one before`, () =>
    inCluster(bin, async ({ folder, ok, sign, cluster }) => {
      writeFileSync(join(folder, 'values.yaml'), '{}\n');
      for (const at of ['a', 'b']) {
        await ok('request', '--host', HOST, '--key', 'ec256', '--out-dir', at);
        await sign(at);
      }
      const base64 = (file: string) => readFileSync(join(folder, file)).toString('base64');
      const chain = Buffer.from(
        readFileSync(join(folder, 'b/leaf.pem'), 'utf8') + readFileSync(join(folder, 'ca.pem'), 'utf8'),
      );
      cluster.putSecret('default', 'my-tls', 'kubernetes.io/tls', {
        'tls.crt': chain.toString('base64'),
        'tls.key': base64('b/tls.key'),
      });
      await ok('encode', '--cert', 'a/answer.p7b', '--key', 'a/tls.key', '--write', 'values.yaml');
      await ok('install', 'prod', 'chart', '-f', 'values.yaml');
      // Another Secret's name restarts the pods.
      const existing = await ok('upgrade', 'prod', 'chart', '--set', 'certificate.existing_cert=my-tls');
      assert.equal(found(existing), ['pin-changes=warning']);
      const back = await ok('upgrade', 'prod', 'chart', '-f', 'values.yaml');
      assert.equal(found(back), ['pin-changes=warning']);
      const [a, b] = [pinOf(join(folder, 'a/tls.key')), pinOf(join(folder, 'b/tls.key'))];
      assert.match(unwrapped(back), `from ${b} to ${a}`);
    }));

  test(`${name}: the lines that request prints for a Secret put the answer into it, beside its key`, () =>
    inCluster(bin, async ({ folder, ok, sign, cluster, program }) => {
      await ok('request', '--host', HOST, '--out-dir', 'a');
      await sign('a');
      const read = (file: string) => readFileSync(join(folder, file), 'utf8');
      const base64 = (text: string) => Buffer.from(text).toString('base64');
      const data = {
        'tls.crt': base64(read('a/leaf.pem') + read('ca.pem')),
        'tls.key': base64(read('a/tls.key')),
      };
      cluster.putSecret('default', 'my-tls', 'kubernetes.io/tls', data);
      const manifest = JSON.stringify(cluster.get('v1/secrets/default/my-tls'));
      writeFileSync(join(folder, 'secret.json'), manifest);
      const asked = await ok(
        'request',
        '--host',
        HOST,
        'new.example.com',
        '--values',
        'secret.json',
        '--out-dir',
        'b',
      );
      await sign('b');
      writeFileSync(join(folder, 'full-chain.crt'), read('ca.pem') + read('b/leaf.pem'));

      const programs = join(folder, 'bin');
      mkdirSync(programs);
      writeFileSync(
        join(programs, 'lightrun-cert'),
        `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`,
        {
          mode: 0o755,
        },
      );
      symlinkSync(await kubectl(), join(programs, 'kubectl'));
      const lines = asked.stderr.match(/^ {2}kubectl .*$/gm) ?? [];
      assert.is(lines.length, 2);
      const env = { HOME: folder, KUBECONFIG: cluster.kubeconfig, PATH: `${programs}:${process.env.PATH}` };
      const script = ['set -e', ...lines.map((line) => line.replace(' NAME', ' my-tls'))].join('\n');
      const { status, stderr } = await run('sh', ['-c', script], { cwd: folder, env });
      assert.is(status, 0, stderr);
      const after = cluster.get('v1/secrets/default/my-tls') as { data: Record<string, string> };
      assert.is(after.data['tls.key'], data['tls.key']);
      writeFileSync(join(folder, 'after.json'), JSON.stringify(after));
      const looked = await program('lint', 'after.json', '--host', 'new.example.com');
      assert.is(looked.status, 0, looked.stdout);
    }));
});

test.run();
