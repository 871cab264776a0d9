/**
 * A signal in the middle of an install ends it as it ends plain Helm: rolled back, wherever the processes are. Each
 * install waits for a pod that never becomes ready.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from '../support/chart.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { forEachHelm, type Helm, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { ROOT } from '../support/plugin.ts';
import { COMMAND } from '../support/run.ts';

const RELEASE = 'v1/secrets/default/sh.helm.release.v1.r.v1';
const POD = 'v1/pods/default/r-backend';
const PATIENCE = 20_000;

interface Place {
  cluster: Cluster;
  /** Starts a line of shell in which `$HELM` is Helm, `$GATE` this program without it, `$INSTALL` the rest; notes its pid. */
  start(line: string, more?: { terminal?: boolean }): Started;
}

interface Started {
  child: ChildProcess;
  shown(): string;
  pid(): Promise<number>;
}

/** No other process of this machine names a chart like this. */
const CHART = `chart-${process.pid}`;
const INSTALL: Record<Helm['name'], string> = {
  'Helm 3': `install r ${CHART} -f good.yaml --atomic --timeout 60s`,
  'Helm 4': `install r ${CHART} -f good.yaml --rollback-on-failure --wait=legacy --timeout 60s`,
};

const inPlace = ({ name, bin }: Helm, use: (place: Place) => Promise<void>) =>
  withHelmHome(async ({ folder, env: own }) => {
    const cluster = await startCluster(folder);
    const env = { ...own, HOME: folder, KUBECONFIG: cluster.kubeconfig, SHELL: '/bin/sh', TERM: 'dumb' };
    const plugins = join(folder, 'data', 'plugins');
    await mkdir(plugins, { recursive: true });
    await symlink(ROOT, join(plugins, 'lightrun-cert'));
    await writeChart(join(folder, CHART));
    await writeFile(join(folder, 'good.yaml'), inline(CHAIN));
    const words = { HELM: bin, GATE: `${process.execPath} ${COMMAND}`, INSTALL: INSTALL[name] };
    const children: ChildProcess[] = [];
    const start: Place['start'] = (line, { terminal = false } = {}) => {
      const script = `echo $$ > pid; ${line}`;
      const args = terminal ? ['script', '-qec', script, '/dev/null'] : ['sh', '-c', script];
      const child = spawn(String(args[0]), args.slice(1), {
        cwd: folder,
        env: { ...env, ...words, ...(line.includes('$GATE') ? { HELM_BIN: bin } : {}) },
        detached: true,
      });
      children.push(child);
      let shown = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk) => {
          shown += chunk;
        });
      }
      const pid = async () => Number(await readFile(join(folder, 'pid'), 'utf8'));
      return { child, shown: () => shown, pid };
    };
    await use({ cluster, start }).finally(() => {
      for (const { pid, exitCode, signalCode } of children) {
        if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
      }
      return cluster.close();
    });
  });

async function until(what: string, isTrue: () => boolean, shown: () => string): Promise<void> {
  for (const end = Date.now() + PATIENCE; !isTrue(); await sleep(30)) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE} ms: ${what}; shown: ${shown()}`);
  }
}

/** Interrupts an install in its middle, and waits for its end. */
async function interrupt(place: Place, started: Started, how: (started: Started) => unknown): Promise<void> {
  const { cluster } = place;
  await until('installing', () => cluster.get(POD) !== undefined, started.shown);
  await sleep(300);
  await how(started);
  const isGone = () => cluster.get(POD) === undefined && cluster.get(RELEASE) === undefined;
  await until('rolled back', isGone, started.shown);
  await sleep(200);
  assert.equal(left(), [], 'no process runs on');
}

/** Processes of an install. */
function left(): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(` ${CHART} `) && !/^ *\d+ Z/.test(line));
}

const term = async ({ pid }: Started) => process.kill(await pid(), 'SIGTERM');
const controlC = ({ child }: Started) => child.stdin?.write('\x03');

const CASES: readonly [what: string, line: string, terminal: boolean, how: (started: Started) => unknown][] =
  [
    ['plain Helm', 'exec $HELM $INSTALL', false, term],
    ['plain Helm as session leader, Ctrl-C', 'exec $HELM $INSTALL', true, controlC],
    ['a supervisor ends Helm alone', 'exec $HELM lightrun-cert $INSTALL', false, term],
    ['the command by itself', 'exec $GATE $INSTALL', false, term],
    ['Helm as session leader, SIGTERM', 'exec $HELM lightrun-cert $INSTALL', true, term],
    ['Helm as session leader, Ctrl-C', 'exec $HELM lightrun-cert $INSTALL', true, controlC],
    ['the command as session leader, SIGTERM', 'exec $GATE $INSTALL', true, term],
    ['the command as session leader, Ctrl-C', 'exec $GATE $INSTALL', true, controlC],
    ['below a shell of the terminal, Ctrl-C', '$HELM lightrun-cert $INSTALL; exit', true, controlC],
    [
      'all processes of the group',
      'exec $HELM lightrun-cert $INSTALL',
      false,
      async ({ pid }) => process.kill(-(await pid()), 'SIGTERM'),
    ],
  ];

/** `unshare` starts a process 1, where the system lets it. */
const UNSHARE = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
const canUnshare = spawnSync(String(UNSHARE[0]), [...UNSHARE.slice(1), 'true']).status === 0;

/** The process that is number 1 to itself, from outside. */
const firstOf = async ({ pid }: Started) =>
  Number(execFileSync('ps', ['-o', 'pid=', '--ppid', String(await pid())], { encoding: 'utf8' }));

const NOTE = 'Helm is process 1 of this container';

await forEachHelm(test, (helm, test) => {
  const testFirst = canUnshare ? test : () => undefined;

  testFirst(
    `${helm.name}: as process 1 of a container it is said that its end kills all; once, before it runs`,
    () =>
      inPlace(helm, async ({ cluster, start }) => {
        const started = start(`exec ${UNSHARE.join(' ')} $HELM lightrun-cert $INSTALL`);
        await until('installing', () => cluster.get(POD) !== undefined, started.shown);
        assert.is(started.shown().split(NOTE).length, 2, started.shown());
        assert.match(started.shown(), 'Make lightrun-cert the entry point instead: lightrun-cert install');
        process.kill(await firstOf(started), 'SIGTERM');
        await new Promise((resolve) => started.child.once('exit', resolve));
        assert.ok(cluster.get(RELEASE), 'a release that stays pending, as the note says');
        assert.equal(left(), []);
      }),
  );

  testFirst(`${helm.name}: the command as process 1 of a container`, () =>
    inPlace(helm, async (place) => {
      const started = place.start(`exec ${UNSHARE.join(' ')} $GATE $INSTALL`);
      await interrupt(place, started, async () => process.kill(await firstOf(started), 'SIGTERM'));
      assert.not.match(started.shown(), NOTE);
    }),
  );

  test(`${helm.name}: a caller that has ended runs nothing more`, () =>
    inPlace(helm, async ({ cluster, start }) => {
      await writeFile(cluster.kubeconfig, '');
      const isChecking = (line: string) =>
        line.includes('template lightrun-cert') || line.includes('lightrun-cert.cjs');
      let isKilled = false;
      // On a busy machine it may have ended by itself before it is seen.
      for (let attempt = 1; !isKilled && attempt <= 5; attempt += 1) {
        const started = start('exec $HELM lightrun-cert $INSTALL --set certificate.existing_cert=');
        await until('checking', () => left().some(isChecking), started.shown);
        isKilled = killed(await started.pid());
        await until('ended', () => left().length === 0, started.shown);
      }
      assert.ok(isKilled);
      assert.equal(cluster.writes(), []);
    }));

  for (const [what, line, terminal, how] of CASES) {
    test(`${helm.name}: ${what}`, () =>
      inPlace(helm, async (place) => interrupt(place, place.start(line, { terminal }), how)));
  }
});

/** Whether a process was still there to be killed. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

test.run();
