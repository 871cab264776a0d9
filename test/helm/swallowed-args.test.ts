import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCommandLine } from '../../src/helm/command-line.ts';
import { detectSwallowedArgs, misreading, type PluginLine } from '../../src/helm/swallowed-args.ts';
import { GATE_FLAGS } from '../../src/options/gate.ts';
import { helms, withHelmHome } from '../support/helms.ts';
import { isWhole, sampled } from '../support/property.ts';
import { run } from '../support/run.ts';

const test = suite('words that Helm takes from a plugin');

const PLUGIN = 'spy';
const read: PluginLine['read'] = (words) => readCommandLine('template', words, GATE_FLAGS);

/** A plugin that prints its arguments and its environment, a NUL after each. */
const SPY = `#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done
printf '\\0\\0'
cat /proc/self/environ
`;

interface Place {
  folder: string;
  env: NodeJS.ProcessEnv;
}

async function withSpy(use: (place: Place) => Promise<void>): Promise<void> {
  await withHelmHome(async ({ folder, env }) => {
    const plugin = join(folder, 'data', 'plugins', PLUGIN);
    await mkdir(plugin, { recursive: true });
    await mkdir(join(folder, 'chart', 'templates'), { recursive: true });
    await writeFile(
      join(plugin, 'plugin.yaml'),
      `name: ${PLUGIN}\nversion: 1.0.0\nusage: x\ndescription: x\nplatformCommand:\n  - os: linux\n    command: $HELM_PLUGIN_DIR/spy.sh\n`,
    );
    await writeFile(join(plugin, 'spy.sh'), SPY);
    await chmod(join(plugin, 'spy.sh'), 0o755);
    await writeFile(join(folder, 'chart', 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 1.0.0\n');
    await writeFile(
      join(folder, 'chart', 'templates', 'x.yaml'),
      'name: {{ .Release.Name }}\nnamespace: {{ .Release.Namespace }}\nvalues: {{ .Values | toJson }}\n',
    );
    await writeFile(join(folder, 'a.yaml'), 'f: a\n');
    await writeFile(join(folder, 'a:b'), 'apiVersion: v1\nkind: Config\n');
    await use({ folder, env: { ...env, HELM_NAMESPACE: undefined, KUBECONFIG: undefined } });
  });
}

/** What the plugin got; null where Helm refused the command line itself. */
async function spied(bin: string, words: readonly string[], { folder, env }: Place) {
  const { status, stdout } = await run(bin, words, { cwd: folder, env });
  if (status !== 0) return null;
  const [args = '', variables = ''] = stdout.split('\0\0\0');
  const given = variables.split('\0').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return { args: args.split('\0'), env: Object.fromEntries(given) };
}

function checked(bin: string, words: readonly string[], got: { args: string[]; env: NodeJS.ProcessEnv }) {
  const [command = '', ...args] = got.args;
  return misreading([bin, ...words], got.env, { command, args, read });
}

const INSECURE = '--kube-insecure-skip-tls-verify';

const CASES: readonly [words: string[], finding: 'safe' | RegExp][] = [
  [['r', 'chart', '-f', 'a.yaml', '-n', 'x', '--debug'], 'safe'],
  [['r', 'chart', '-nx', '--kube-context=y', '--set', 'a=b'], 'safe'],
  [['-n', 'template', 'r', 'chart'], 'safe'],
  [['r', 'chart', `${INSECURE}=true`, '-f', 'a.yaml'], 'safe'],
  [['r', 'chart', '-f', 'a.yaml', INSECURE], 'safe'],
  [['r', 'chart', INSECURE, '--namespace=x'], 'safe'],
  [['r', 'chart', '--description=--debug', '--set=a=-n'], 'safe'],
  [['r', 'chart', '--kubeconfig', 'missing'], 'safe'],
  [['r', 'chart', '--kube-context', ''], 'safe'],
  [['r', 'chart', '--rule', 'chain-order=off', '--strict', '-n', 'x'], 'safe'],
  [[INSECURE, 'r', 'chart'], /=true/],
  [['r', 'chart', INSECURE, 'x', `${INSECURE}=false`], /=true/],
  [['r', 'chart', INSECURE, '--kube-context', 'y', '-n=z'], /=true/],
  [['--description', '--debug', 'r', 'chart'], /--flag=VALUE/],
  [['r', 'chart', '--set', '-n=x', '--set=a=b'], /--flag=VALUE/],
  [['r', '--', 'chart', '--debug'], /after --/],
  [['r', 'chart', '-nx', '-n', 'y'], /--flag=VALUE/],
  [['r', 'chart', '--description', '', '--namespace=x', '--set=a=b', '--wait'], /empty argument/],
  [['r', 'chart', '--rule', '', 'x'], /empty argument/],
  [['r', 'chart', '--description', '-nz', '-n', 'x'], /--flag=VALUE/],
  [['r', 'chart', '--post-renderer-args', '--x', '--description=-nz', '-n', 'x'], 'safe'],
  [['r', 'chart', '--kubeconfig', 'a:b'], /two files/],
  [['r', 'chart', '--kube-as-user=u', '--kube-as-group', 'cn=a,ou=b'], /two groups/],
];

test('what is lost is refused, and what is safe is not, by both Helms', async () => {
  await withSpy(async (place) => {
    const all = await helms();
    const each = CASES.flatMap((one, at) => sampled(all, 2, at).map((helm) => [...one, helm] as const));
    await eachOf(each, async ([words, finding, { bin, name }]) => {
      const full = [PLUGIN, 'template', ...words];
      const got = await spied(bin, full, place);
      const about = `${name}: ${full.join(' ')}`;
      assert.ok(got, about);
      const refusal = checked(bin, full, got);
      if (finding === 'safe') assert.is(refusal, null, `${about}: ${refusal?.message}`);
      else assert.match(`${refusal?.message} ${refusal?.help}`, finding, about);
    });
  });
});

test('a kubeconfig that is missing is refused where the cluster is written to', () => {
  const env = { HELM_PLUGIN_NAME: PLUGIN, KUBECONFIG: 'missing' };
  for (const command of ['install', 'upgrade', 'template'] as const) {
    const args = ['r', 'chart'];
    const words = ['helm', PLUGIN, command, '--kubeconfig', 'missing', ...args];
    const refusal = misreading(words, env, {
      command,
      args,
      read: (each) => readCommandLine(command, each, GATE_FLAGS),
    });
    assert.is(refusal === null, command === 'template', command);
  }
});

/** As Helm calls the plugin with nothing but the chart left, and these flags taken out. */
function takenOut(
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
  args: readonly string[] = ['r', 'chart'],
) {
  const words = ['helm', PLUGIN, 'template', 'r', 'chart', ...flags];
  return misreading(words, { HELM_PLUGIN_NAME: PLUGIN, ...env }, { command: 'template', args, read });
}

test('what Helm takes out has to be in the environment, with the value that counts', () => {
  for (const [flag, variable] of [
    ['--namespace', 'HELM_NAMESPACE'],
    ['--kube-context', 'HELM_KUBECONTEXT'],
    ['--kubeconfig', 'KUBECONFIG'],
  ] as const) {
    assert.is(takenOut([flag, 'x'], { [variable]: 'x' }), null, flag);
    assert.is(takenOut([`${flag}=y`, `${flag}=x`], { [variable]: 'x' }), null, flag);
    assert.match(takenOut([flag, 'x'], {})?.message ?? '', 'removed arguments', flag);
    assert.match(takenOut([flag, 'x'], { [variable]: 'y' })?.message ?? '', 'removed arguments', flag);
    assert.is(takenOut([`${flag}=`], {}), null, `${flag} with an empty value is as good as none`);
  }
  assert.is(takenOut(['--debug'], {}), null, 'what is in no variable');
});

test('what is left of a flag that Helm took out another time, and more than its own flags, is refused', () => {
  const env = { HELM_NAMESPACE: 'x' };
  const left = (...more: string[]) => ['r', 'chart', ...more];
  assert.match(takenOut(['-ny', '-n', 'x'], env, left('-ny'))?.message ?? '', 'removed arguments');
  assert.is(takenOut(['-nx', '-n', 'x'], env, left('-nx')), null);
  assert.match(takenOut(['--set', 'a=b'], {})?.message ?? '', 'removed arguments');
  assert.match(takenOut([], {}, left('--set', 'a=b'))?.message ?? '', 'removed arguments');
  assert.match(takenOut(['--no-such-flag'], {})?.message ?? '', 'removed arguments');
  assert.is(takenOut(['--no-such-flag'], {}, left('--no-such-flag')), null, 'Helm itself refuses it');
  assert.match(takenOut([], {}, left('--no-such-flag'))?.message ?? '', 'removed arguments');
});

test('outside a plugin, nothing was taken', () => {
  const line = { command: 'template', args: [], read };
  assert.is(detectSwallowedArgs({ HELM_KUBEINSECURE_SKIP_TLS_VERIFY: 'true' }, line), null);
});

const words = fc.array(
  fc.constantFrom(
    ...[
      '-n',
      '-n=x',
      '-nz',
      '--namespace=y',
      '--namespace',
      '--debug',
      '--debug=false',
      INSECURE,
      `${INSECURE}=true`,
    ],
    ...[
      '',
      'w',
      '--',
      '-',
      '--description',
      '--set',
      '--set=a=b',
      'a=c',
      '--wait',
      '-f',
      'a.yaml',
      '-fa.yaml',
    ],
    ...[
      '--kube-context',
      '--kube-token',
      '--timeout=5m',
      '-g',
      '-gn',
      '--no-hooks',
      '--version',
      '--strict',
      '--rule=x',
    ],
  ),
  { maxLength: 5 },
);

test('generated words: where nothing is refused, Helm makes the same of what is left as of what was written', async () => {
  await withSpy(async (place) => {
    const { folder, env } = place;
    const all = await helms();
    const lists = fc.sample(fc.tuple(words, fc.nat(5)), { numRuns: isWhole ? 60 : 30, seed: 11 });
    const count = { safe: 0, refused: 0 };
    await eachOf(lists, async ([list, where], at) => {
      const { bin, name } = all[at % 2] as (typeof all)[0];
      const written = [...list.slice(0, where), 'chart', ...list.slice(where)];
      const full = [PLUGIN, 'template', ...written];
      const got = await spied(bin, full, place);
      if (got === null) return;
      const whole = read(written);
      const left = read(got.args.slice(1));
      if (checked(bin, full, got) !== null) {
        count.refused += 1;
        return;
      }
      if ('unknown' in whole || 'unknown' in left) return;
      count.safe += 1;
      const [wanted, real] = await Promise.all([
        run(bin, ['template', ...whole.handedOn], { cwd: folder, env }),
        run(bin, ['template', ...left.handedOn], { cwd: folder, env: got.env }),
      ]);
      assert.is(real.status, wanted.status, `${name}: ${full.join(' ')}: ${wanted.stderr} ${real.stderr}`);
      assert.is(real.stdout, wanted.stdout, `${name}: ${full.join(' ')}`);
    });
    assert.ok(count.safe > (isWhole ? 15 : 7) && count.refused > (isWhole ? 3 : 1), JSON.stringify(count));
  });
});

/** Does it for all of them, three at once. */
async function eachOf<T>(all: readonly T[], use: (each: T, at: number) => Promise<void>): Promise<void> {
  const rest = [...all.entries()];
  const next = async (): Promise<void> => {
    for (let entry = rest.pop(); entry; entry = rest.pop()) await use(entry[1], entry[0]);
  };
  await Promise.all([next(), next(), next()]);
}

test.run();
