import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type HelmCommand,
  type HelmCommandLine,
  isGivenTrue,
  knownFlags,
  readCommandLine,
  readHelp,
} from '../../src/helm/command-line.ts';
import { GATE_FLAGS } from '../../src/options/gate.ts';
import { helms, withHelmHome } from '../support/helms.ts';
import { isWhole } from '../support/property.ts';
import { run } from '../support/run.ts';

const test = suite('a Helm command line, read as Helm reads it');

const COMMANDS: readonly HelmCommand[] = ['install', 'upgrade', 'template'];

function read(command: HelmCommand, ...words: string[]): HelmCommandLine {
  const line = readCommandLine(command, words, GATE_FLAGS);
  if ('unknown' in line) throw new Error(`${line.unknown} is not known`);
  return line;
}

const flagsOf = ({ flags }: HelmCommandLine) => flags.map(({ name, value }) => `${name}=${value}`);

for (const [words, flags, positionals] of [
  ['x chart', [], ['x', 'chart']],
  ['-f a x chart', ['values=a'], ['x', 'chart']],
  ['x -fa chart', ['values=a'], ['x', 'chart']],
  ['-f=a chart', ['values=a'], ['chart']],
  ['--values a,b --values=c chart', ['values=a,b', 'values=c'], ['chart']],
  ['-gf a chart', ['generate-name=true', 'values=a'], ['chart']],
  ['-gfa chart', ['generate-name=true', 'values=a'], ['chart']],
  ['-g=false chart', ['generate-name=false'], ['chart']],
  ['--wait chart', ['wait=true'], ['chart']],
  ['--wait=legacy chart', ['wait=legacy'], ['chart']],
  ['--dry-run client', ['dry-run=true'], ['client']],
  ['--description --wait chart', ['description=--wait'], ['chart']],
  ['--description -- chart', ['description=--'], ['chart']],
  ['-f - chart', ['values=-'], ['chart']],
  ['- chart', [], ['-', 'chart']],
  ['--set a=b --set=c=d chart', ['set=a=b', 'set=c=d'], ['chart']],
  ['-g -- -f chart', ['generate-name=true'], ['-f', 'chart']],
  ['-nprod -n=x chart', ['namespace=prod', 'namespace=x'], ['chart']],
] as const) {
  test(`install ${words}`, () => {
    const line = read('install', ...words.split(' '));
    assert.equal(flagsOf(line), [...flags]);
    assert.equal([...line.positionals], [...positionals]);
    assert.equal(line.handedOn, words.split(' '));
  });
}

test('own flags are taken out, wherever they are; everything else stays as it is', () => {
  const line = read(
    'upgrade',
    '--rule',
    'chain-order=off',
    '-if',
    'a',
    '--strict',
    'x',
    '--root=lr',
    'chart',
    '--',
    '--strict',
  );
  assert.equal(line.own, ['--rule', 'chain-order=off', '--strict', '--root=lr']);
  assert.equal(line.handedOn, ['-if', 'a', 'x', 'chart', '--', '--strict']);
});

test('an own flag where a value is due is that value', () => {
  const line = read('install', '--description', '--strict', 'chart');
  assert.equal(line.own, []);
  assert.equal(flagsOf(line), ['description=--strict']);
});

test('those of every Helm command are kept separately: other calls of Helm need them too', () => {
  const { connection } = read('install', '-n', 'prod', '--kube-context=x', '--wait', '-f', 'a', 'chart');
  assert.equal(connection, ['--namespace=prod', '--kube-context=x']);
});

for (const words of [['--nope'], ['-z'], ['-gz'], ['chart', '--set'], ['-f']]) {
  test(`unknown, or without its value: ${words.join(' ')}`, () => {
    assert.ok('unknown' in readCommandLine('install', words, GATE_FLAGS));
  });
}

test('a flag of a newer Helm is read as its help says', () => {
  const help = 'Flags:\n      --new string      a\n  -q, --quick           b\n      --mode Kind[=x]   c\n';
  const more = readHelp(help);
  const line = readCommandLine('install', ['--new', 'v', '-q', '--mode', 'chart'], GATE_FLAGS, more);
  if ('unknown' in line) throw new Error(line.unknown);
  assert.equal(flagsOf(line), ['new=v', 'quick=true', 'mode=true']);
  assert.equal([...line.positionals], ['chart']);
});

for (const command of COMMANDS) {
  test(`the table of ${command} is what both Helms print, and no own flag is among them`, async () => {
    const printed = await Promise.all(
      (await helms()).map(async ({ bin }) => readHelp((await run(bin, [command, '--help'])).stdout)),
    );
    for (const flag of printed.flat()) {
      const known = knownFlags(command).filter(({ name }) => name === flag.name);
      assert.equal(known, [flag], flag.name);
      assert.not.ok(
        GATE_FLAGS.some(({ name }) => name === flag.name),
        flag.name,
      );
    }
    assert.ok(printed.every((flags) => flags.length > 50));
  });
}

/** Words that Helm and this program must take for the same. */
const words = fc
  .array(
    fc.constantFrom(
      ...[
        '-f',
        'a.yaml',
        '-fa.yaml',
        '-f=a.yaml',
        '--values',
        '--values=a.yaml,b.yaml',
        '--set',
        '--set=k=1',
        'k=2',
      ],
      ...[
        '--wait',
        '--wait=true',
        '-g',
        '-ga',
        '--devel=false',
        '--',
        '-',
        '--description',
        '--no-hooks',
        'x',
        '-n',
        '-nq',
      ],
      ...['--timeout', '5m', '--skip-crds', '-s', '--name-template=rel'],
    ),
    { maxLength: 6 },
  )
  .map((list) => [...list, 'chart']);

test('generated words: the name and the values are those that Helm takes', async () => {
  await withHelmHome(async ({ folder, env }) => {
    await mkdir(join(folder, 'chart', 'templates'), { recursive: true });
    await writeFile(join(folder, 'chart', 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 1.0.0\n');
    await writeFile(
      join(folder, 'chart', 'templates', 'x.yaml'),
      'name: {{ .Release.Name }}\nk: {{ .Values.k | toJson }}\nf: {{ .Values.f | toJson }}\n',
    );
    await writeFile(join(folder, 'a.yaml'), 'f: a\n');
    await writeFile(join(folder, 'b.yaml'), 'f: b\n');
    const all = await helms();
    const lists = fc.sample(words, { numRuns: isWhole ? 120 : 60, seed: 7 });
    let accepted = 0;
    const next = async (): Promise<void> => {
      for (let list = lists.pop(); list; list = lists.pop()) {
        const { bin, name } = all[lists.length % 2] as (typeof all)[0];
        const real = await run(bin, ['template', ...list], { cwd: folder, env });
        const line = readCommandLine('template', list, GATE_FLAGS);
        const about = `${name}: ${list.join(' ')}: ${real.stderr}`;
        if (/unknown (shorthand )?flag|flag needs an argument/.test(real.stderr)) {
          assert.ok('unknown' in line, about);
          continue;
        }
        assert.not.ok('unknown' in line, about);
        if (real.status !== 0 || 'unknown' in line) continue;
        accepted += 1;
        const last = (flag: string, start = '') =>
          line.flags.filter(({ name: each, value }) => each === flag && value.startsWith(start)).at(-1)
            ?.value;
        const wanted = line.positionals.length > 1 ? line.positionals[0] : undefined;
        if (wanted !== undefined) assert.match(real.stdout, `name: ${wanted}\n`, about);
        assert.match(real.stdout, `k: ${last('set', 'k=')?.slice(2) ?? 'null'}`, about);
        const file = last('values');
        if (file !== '-')
          assert.match(real.stdout, `f: ${file ? JSON.stringify(file.at(-6)) : 'null'}`, about);
      }
    };
    await Promise.all([next(), next(), next()]);
    assert.ok(accepted > 10, `only ${accepted} were accepted`);
  });
});

test('a boolean flag is true by what Go takes for true, the last one counting', () => {
  const flags = (...values: string[]) => values.map((value) => ({ name: 'install', value, words: [] }));
  for (const value of ['1', 't', 'T', 'TRUE', 'true', 'True'])
    assert.ok(isGivenTrue(flags(value), 'install'), value);
  for (const value of ['0', 'f', 'false', '', 'yes', 'tRUE', 'true ', '11', 'at']) {
    assert.not(isGivenTrue(flags(value), 'install'), value);
  }
  assert.not(isGivenTrue(flags('true', 'false'), 'install'));
  assert.ok(isGivenTrue(flags('false', 'true'), 'install'));
  assert.not(isGivenTrue(flags('true'), 'reset-values'));
  assert.not(isGivenTrue([], 'install'));
});

test.run();
