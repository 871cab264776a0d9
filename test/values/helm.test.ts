import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import { readValues } from '../../src/values/read.ts';
import { type Helm, type HelmHome, helms, withHelmHome } from '../support/helms.ts';
import { sampled } from '../support/property.ts';
import { run } from '../support/run.ts';
import { ALIKE, SEVERAL } from './documents.ts';

interface Rendered {
  accepted: boolean;
  values: unknown;
}

const test = suite<{ seen: Map<string, Record<Helm['name'], Rendered>> }>('Helm', { seen: new Map() });

async function render(helm: Helm, home: HelmHome, chart: string, yaml: string | Buffer): Promise<Rendered> {
  const file = join(home.folder, `${helm.name}.yaml`);
  await writeFile(file, yaml);
  const { status, stdout } = await run(helm.bin, ['template', 'x', chart, '-f', file], { env: home.env });
  const json = stdout.split('\n').find((line) => line.startsWith('{'));
  return { accepted: status === 0, values: status === 0 && json ? JSON.parse(json) : undefined };
}

/** Values without a chart's defaults, made comparable: Helm drops a key with null. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  const pairs = Object.entries(value).filter(([, inner]) => inner !== null);
  return new Map(
    pairs
      .map(([key, inner]): [string, unknown] => [key, comparable(inner)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

test.before(async (context) => {
  await withHelmHome(async (home) => {
    const chart = join(home.folder, 'probe');
    await mkdir(join(chart, 'templates'), { recursive: true });
    await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: probe\nversion: 0.1.0\n');
    await writeFile(join(chart, 'templates', 'values.yaml'), '{{ .Values | toJson }}\n');
    const found = await helms();
    const different = [...Object.values(SEVERAL), FINAL, ...Object.keys(BYTES)];
    await Promise.all(
      found.map(async (helm, at) => {
        // What both read alike they read by turns in a sample.
        for (const document of [...sampled(Object.values(ALIKE), 2, at), ...different]) {
          const record = context.seen.get(document) ?? ({} as Record<Helm['name'], Rendered>);
          context.seen.set(document, record);
          record[helm.name] = await render(helm, home, chart, BYTES[document] ?? document);
        }
      }),
    );
  });
});

const FINAL = 'a: |\n  x';
const BYTES: Readonly<Record<string, Buffer>> = {
  'UTF-16': Buffer.from('\ufeffa: 1\n', 'utf16le'),
  'broken UTF-8': Buffer.concat([Buffer.from('a: '), Buffer.from([0xff, 0xfe, 0x0a])]),
};

for (const [title, yaml] of Object.entries(ALIKE)) {
  test(`reads as both Helms do: ${title}`, async ({ seen }) => {
    const file = await readValues(Buffer.from(yaml), 'values.yaml');
    const rendered = Object.entries(seen.get(yaml) ?? {});
    ok(rendered.length > 0);
    for (const [name, helm] of rendered) {
      strictEqual(file.ok, helm.accepted, `${name} ${helm.accepted ? 'reads' : 'refuses'} it`);
      if (file.ok) deepStrictEqual(comparable(file.values.get([]).value), comparable(helm.values), name);
    }
  });
}

for (const [title, yaml] of Object.entries(SEVERAL)) {
  test(`several documents, as each Helm reads them: ${title}`, async ({ seen }) => {
    const file = await readValues(Buffer.from(yaml), 'values.yaml');
    ok(file.ok);
    const rendered = seen.get(yaml) as Record<Helm['name'], Rendered>;
    deepStrictEqual(comparable(file.values.get([]).value), comparable(rendered['Helm 4'].values), 'Helm 4');
    const first = file.firstDocument ?? file.values;
    deepStrictEqual(comparable(first.get([]).value), comparable(rendered['Helm 3'].values), 'Helm 3');
  });
}

test('a block that ends the file without a line end is read as Helm 4 does', async ({ seen }) => {
  const file = await readValues(Buffer.from(FINAL), 'values.yaml');
  ok(file.ok);
  const rendered = seen.get(FINAL) as Record<Helm['name'], Rendered>;
  deepStrictEqual(rendered['Helm 3'].values, { a: 'x' });
  deepStrictEqual(rendered['Helm 4'].values, file.values.get([]).value);
});

test('UTF-16 is refused, as Helm 4 does and Helm 3 does not', async ({ seen }) => {
  const rendered = seen.get('UTF-16') as Record<Helm['name'], Rendered>;
  deepStrictEqual([rendered['Helm 3'].accepted, rendered['Helm 4'].accepted], [true, false]);
  const file = await readValues(BYTES['UTF-16'] as Buffer, 'values.yaml');
  ok(!file.ok && file.diagnostic.reason.includes('Helm 4 refuses'));
});

test('broken UTF-8 is refused, as both Helms do', async ({ seen }) => {
  const rendered = seen.get('broken UTF-8') as Record<Helm['name'], Rendered>;
  deepStrictEqual([rendered['Helm 3'].accepted, rendered['Helm 4'].accepted], [false, false]);
  strictEqual((await readValues(BYTES['broken UTF-8'] as Buffer, 'values.yaml')).ok, false);
});

test.run();
