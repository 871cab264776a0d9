/** A program that a kubeconfig names to log in can do under this program what it can do under plain Helm. */
import { chmodSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from '../support/chart.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { CHAIN, KEY } from '../support/inline.ts';
import { COMMAND, type Outcome, runCommand } from '../support/run.ts';
import { inTerminal, shellWord } from '../support/terminal.ts';

const CODE = 'To sign in, open https://login.example.com and enter the code ABCD-1234';
const TOKEN =
  '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"test-token"}}';

interface Place {
  folder: string;
  cluster: Cluster;
  env: NodeJS.ProcessEnv;
  run(...args: string[]): Promise<Outcome>;
}

/** @param plugin a shell script */
const inPlace = (bin: string, plugin: string, use: (place: Place) => Promise<void>) =>
  withHelmHome(async ({ folder, env: own }) => {
    const cluster = await startCluster(folder);
    const command = join(folder, 'log-in');
    await writeFile(command, `#!/bin/sh\n${plugin}\n`);
    chmodSync(command, 0o755);
    const kubeconfig = JSON.parse(await readFile(cluster.kubeconfig, 'utf8'));
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command,
      interactiveMode: 'IfAvailable',
      provideClusterInfo: false,
    };
    kubeconfig.users = [{ name: 'test', user: { exec } }];
    await writeFile(cluster.kubeconfig, JSON.stringify(kubeconfig));
    await writeChart(join(folder, 'chart'));
    await writeFile(join(folder, 'secret.yaml'), 'certificate:\n  existing_cert: my-tls\n');
    const data = { 'tls.crt': Buffer.from(CHAIN).toString('base64'), 'tls.key': KEY };
    cluster.putSecret('default', 'my-tls', 'kubernetes.io/tls', data);
    const env = { ...own, HOME: folder, KUBECONFIG: cluster.kubeconfig, HELM_BIN: bin };
    const run = (...args: string[]) => runCommand(args, { cwd: folder, env });
    await use({ folder, cluster, env, run }).finally(() => cluster.close());
  });

const COMMANDS = [
  ['install', 'r', 'chart', '-f', 'secret.yaml'],
  ['lint', '--cluster', 'secret.yaml'],
  ['lint', '--cluster', '-f', 'secret.yaml'],
  ['inspect', '--secret', 'my-tls'],
];

await forEachHelm(test, ({ name, bin }, test) => {
  test(`${name}: what it writes reaches the user, once for each question, and nothing of Helm's`, () =>
    inPlace(bin, `echo '${CODE}' >&2\necho '${TOKEN}'`, async ({ run, folder }) => {
      chmodSync(join(folder, 'kubeconfig.json'), 0o644);
      for (const command of COMMANDS) {
        const { status, stderr } = await run(...command);
        assert.is(status, 0, stderr);
        assert.match(stderr, CODE);
        if (command[0] !== 'install') assert.not.match(stderr, 'WARNING');
      }
    }));

  test(`${name}: its last words are in the message where it fails, which blames no credentials`, () =>
    inPlace(
      bin,
      `echo first >&2; echo 'The refresh token has expired' >&2; exit 3`,
      async ({ run, cluster }) => {
        for (const command of COMMANDS) {
          const { status, stderr } = await run(...command);
          assert.is(status, 2, stderr);
          assert.match(stderr, 'the program that the kubeconfig names to log in failed');
          assert.match(stderr, /The credential plugin says: first\n +The refresh token has expired/);
          assert.not.match(stderr, 'does not accept these credentials');
        }
        const upgrade = await run('upgrade', 'r', 'chart', '-f', 'secret.yaml');
        assert.is(upgrade.status, 2);
        assert.match(upgrade.stderr, 'The credential plugin says: first');
        assert.equal(cluster.writes(), []);
      },
    ));

  test(`${name}: a token that the cluster refuses is what does not count`, () =>
    inPlace(bin, `echo '${TOKEN.replace('test-token', 'other')}'`, async ({ run }) => {
      const { status, stderr } = await run(...(COMMANDS[0] as string[]));
      assert.is(status, 2);
      assert.match(stderr, 'the cluster does not accept these credentials');
    }));

  test(`${name}: it can ask on the terminal, where plain Helm lets it`, () =>
    inPlace(
      bin,
      `printf 'Code? ' >&2; read -r code; [ "$code" = 42 ] && echo '${TOKEN}'`,
      async ({ folder, env }) => {
        const words = ['lint', '--cluster', 'secret.yaml'].join(' ');
        const names = ['KUBECONFIG', 'HELM_BIN', 'HOME'] as const;
        const set = names.map((each) => `${each}=${shellWord(String(env[each]))}`).join(' ');
        const line = `cd ${shellWord(folder)} && ${set} ${shellWord(process.execPath)} ${shellWord(COMMAND)} ${words}`;
        const shown = await inTerminal(line, [['Code? ', '42\r']]);
        assert.match(shown.replace(/\s+/g, ' '), 'my-tls of the namespace default was checked');
      },
    ));

  test(`${name}: advice names the flags of the command that gives it`, () =>
    inPlace(bin, `echo '${TOKEN}'`, async ({ run, cluster }) => {
      cluster.fail('forbidden');
      const [install, file, merged, inspect] = await Promise.all(COMMANDS.map((command) => run(...command)));
      assert.match(install?.stderr ?? '', 'skip the Secret with --no-cluster');
      for (const each of [file, merged]) {
        assert.match(each?.stderr ?? '', 'leave --cluster out');
        assert.not.match(each?.stderr ?? '', '--no-cluster');
      }
      assert.not.match(inspect?.stderr ?? '', '--no-cluster');
      assert.not.match(inspect?.stderr ?? '', '--cluster');
    }));
});

test.run();
