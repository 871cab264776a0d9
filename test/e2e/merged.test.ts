import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { readCommandLine } from '../../src/helm/command-line.ts';
import { lintMerged, readMergedInput } from '../../src/lint/merged.ts';
import { GATE_FLAGS, mergedRequest } from '../../src/options/gate.ts';
import { fakeIo } from '../support/command.ts';
import { helms, withHelmHome } from '../support/helms.ts';
import { lintOptions } from '../support/lint.ts';
import { isWhole } from '../support/property.ts';
import { run } from '../support/run.ts';

const test = suite('the values that are checked are those that Helm renders');

const COMBINATIONS = isWhole ? 100 : 15;

/** Everything of a chart's values that matters here, with a subchart whose values Helm merges in. */
async function writeCharts(folder: string): Promise<void> {
  const files = {
    'Chart.yaml':
      'apiVersion: v2\nname: umbrella\nversion: 1.0.0\nkubeVersion: ">=1.20.0-0"\ndependencies:\n  - name: lightrun\n    version: 1.0.0\n    alias: lr\n    condition: lr.enabled\n',
    'values.yaml':
      'general:\n  lightrun_endpoint: chart.example.com\n  deploy_secrets: {enabled: true}\ncertificate:\n  existing_cert: ""\n  tls: {crt: "", key: ""}\nlr: {enabled: true, general: {lightrun_endpoint: parent.example.com}}\nglobal: {a: 1}\n',
    'templates/values.yaml': '{{ dict "all" (.Values | toJson) | toJson }}',
    'charts/lightrun/Chart.yaml': 'apiVersion: v2\nname: lightrun\nversion: 1.0.0\n',
    'charts/lightrun/values.yaml':
      'certificate:\n  existing_cert: from-subchart\n  tls: {crt: "", key: ""}\n',
    'charts/lightrun/templates/x.yaml': 'kind: ConfigMap\nmetadata: {name: x}\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const SCALARS = [
  '',
  'abc',
  'my-tls',
  'QUJD',
  '1e3',
  'true',
  '0x1f',
  'a,b',
  'a=b',
  'a\\b',
  'ä€',
  '{x}',
  '  x ',
];
const KEYS = [
  'certificate.existing_cert',
  'certificate.tls.crt',
  'certificate.tls.key',
  'certificate.tls',
  'certificate',
  'certificate.security_pinned_hashes',
  'general.lightrun_endpoint',
  'general.deploy_secrets.enabled',
  'global.a',
  'lr.certificate.tls.crt',
  'lr.certificate',
  'lr.enabled',
  'secrets.defaults.keystore_password',
];

const scalar = fc.oneof(
  fc.constantFrom<unknown>(...SCALARS),
  fc.constantFrom<unknown>(null, true, false, 0, 17, 1.5, 1e21),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('crt', 'key', 'x'), scalar, { maxKeys: 2 }) },
);
const setting = fc.tuple(fc.constantFrom(...KEYS), value);

/** A values file that sets some paths; one path may go through another's value. */
const valuesFile = fc.array(setting, { maxLength: 5 }).map((settings) => {
  const top: Record<string, unknown> = {};
  for (const [path, leaf] of settings) {
    const keys = path.split('.');
    let map = top;
    for (const key of keys.slice(0, -1)) {
      const next = map[key];
      const isMap = typeof next === 'object' && next !== null && !Array.isArray(next);
      if (!isMap) map[key] = {};
      map = map[key] as Record<string, unknown>;
    }
    map[keys.at(-1) as string] = leaf;
  }
  return stringify(top, { version: '1.1' });
});

const escaped = (text: string) => text.replace(/[\\,]/g, '\\$&');
const text = fc.constantFrom(...SCALARS);
const flag = fc.oneof(
  fc
    .tuple(fc.constantFrom('--set', '--set-string'), fc.constantFrom(...KEYS), text)
    .map(([name, key, to]) => [name, `${key}=${escaped(to)}`]),
  fc
    .tuple(fc.constantFrom(...KEYS), text, text)
    .map(([key, one, two]) => ['--set', `${key}={${escaped(one)},${escaped(two)}}`]),
  fc
    .tuple(fc.constantFrom(...KEYS), text)
    .map(([key, to]) => ['--set', `${key}[1]=${escaped(to)},a.b\\.c=1`]),
  fc.constantFrom(...KEYS).map((key) => ['--set', `${key}=null`]),
  fc
    .tuple(fc.constantFrom(...KEYS), value)
    .map(([key, to]) => ['--set-json', `${key}=${JSON.stringify(to)}`]),
  fc.tuple(fc.constantFrom(...KEYS), text).map(([key, to]) => ['--set-literal', `${key}=${to}`]),
  fc.constantFrom(...KEYS).map((key) => ['--set-file', `${key}=file-0.yaml`]),
) as fc.Arbitrary<[string, string]>;

type Form = (files: string[]) => string[];
const form = fc.constantFrom<Form>(
  (files) => files.flatMap((file) => ['-f', file]),
  (files) => files.map((file) => `-f${file}`),
  (files) => files.map((file) => `-f=${file}`),
  (files) => files.flatMap((file) => ['--values', file]),
  (files) => (files.length > 0 ? [`--values=${files.join(',')}`] : []),
);

interface Combination {
  files: string[];
  args: string[];
  stdin: boolean;
}

const combination = fc
  .record({
    files: fc.array(valuesFile, { maxLength: 3 }),
    flags: fc.array(fc.tuple(flag, fc.boolean()), { maxLength: 4 }),
    form,
    stdin: fc.boolean(),
    isFlagFirst: fc.boolean(),
  })
  .map(({ files, flags, form, stdin, isFlagFirst }): Combination => {
    const named = files.map((_, index) => (stdin && index === files.length - 1 ? '-' : `file-${index}.yaml`));
    const set = flags.flatMap(([[name, to], isInline]) => (isInline ? [`${name}=${to}`] : [name, to]));
    const words = isFlagFirst ? [...set, ...form(named)] : [...form(named), ...set];
    return { files, args: [...words, 'x', 'CHART'], stdin: stdin && files.length > 0 };
  });

for (const { name, bin } of await helms()) {
  test(`${COMBINATIONS} combinations of files and flags in ${name}`, () =>
    withHelmHome(async ({ folder, env }) => {
      const chart = join(folder, 'chart');
      await writeCharts(chart);
      const work = fc.sample(combination, { numRuns: COMBINATIONS, seed: 20261124 });
      let refused = 0;
      const next = async (): Promise<void> => {
        for (let each = work.pop(); each; each = work.pop()) {
          if ((await compare(each, chart, folder, bin, env)) === 'refused') refused += 1;
        }
      };
      await Promise.all(Array.from({ length: availableParallelism() + 1 }, next));
      assert.ok(refused < COMBINATIONS / 3, `${refused} were refused by Helm`);
    }));
}

let count = 0;

/** Checks what Helm's command would use, and renders it: both must agree, and both must fail alike. */
async function compare(
  { files, args, stdin }: Combination,
  chart: string,
  folder: string,
  bin: string,
  env: NodeJS.ProcessEnv,
): Promise<'equal' | 'refused'> {
  count += 1;
  const cwd = join(folder, `case-${count}`);
  await mkdir(cwd);
  for (const [index, text] of files.entries()) await writeFile(join(cwd, `file-${index}.yaml`), text);
  if (files.length === 0) await writeFile(join(cwd, 'file-0.yaml'), 'x\n');
  const words = args.map((word) =>
    word === 'CHART' ? chart : word.replace(/(?<=^|=|,|-f)file-/g, () => join(cwd, 'file-')),
  );
  const input = stdin ? String(files.at(-1)) : '';
  const real = await run(bin, ['template', ...words], { env, cwd, stdin: input });
  const about = JSON.stringify({ words, files, stderr: real.stderr });
  const io = fakeIo({ stdin: input, env: { ...env, HELM_BIN: bin } as Record<string, string> });
  const helm = { bin, isNamed: true, connection: [], timeout: 60_000, logIn: null, terminal: null };
  const line = readCommandLine('template', words, GATE_FLAGS);
  if ('unknown' in line) throw new Error(`${line.unknown} is not known: ${about}`);
  const request = mergedRequest('template', line, null);
  const read = readMergedInput(request.words, io);
  const checked = await lintMerged(helm, request, read, lintOptions()).then(
    ({ target }) => target,
    (error: Error) => error,
  );
  if (real.status !== 0) {
    assert.instance(checked, Error, `Helm refuses what was checked: ${about}`);
    return 'refused';
  }
  if (checked instanceof Error) throw new Error(`${checked.message}: ${about}`);
  assert.is(checked.diagnostic, null, about);
  const rendered = /^\{"all":.*$/m.exec(real.stdout)?.[0] ?? '';
  assert.equal(checked.values.get([]).value, JSON.parse(JSON.parse(rendered).all), about);
  return 'equal';
}

test.run();
