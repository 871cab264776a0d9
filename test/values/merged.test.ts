import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { flagLayer, type Layer, mergedValues } from '../../src/values/merged.ts';
import { readValues } from '../../src/values/read.ts';

const test = suite('values merged from several parts');

const CRT = ['certificate', 'tls', 'crt'];
const HOST = ['general', 'lightrun_endpoint'];

async function file(name: string, text: string): Promise<Layer> {
  const read = await readValues(Buffer.from(text), name);
  if (!read.ok) throw new Error(read.diagnostic.reason);
  return { kind: 'file', readings: [read.values, ...(read.firstDocument ? [read.firstDocument] : [])] };
}

const crt = (value: string) => ({ certificate: { tls: { crt: value } } });

test('a value is where the last file that has it says so', async () => {
  const layers = [
    await file('base.yaml', 'certificate:\n  tls:\n    crt: old\n'),
    await file('prod.yaml', '# prod\ncertificate:\n  tls: { crt: new }\n'),
  ];
  const entry = mergedValues(crt('new'), layers).get(CRT);
  assert.is(entry.value, 'new');
  assert.equal(entry.location, { file: 'prod.yaml', line: 3, column: 15, endLine: 3, endColumn: 18 });
  assert.is(entry.origin, undefined);
});

test('a file whose value was replaced is not named', async () => {
  const layers = [
    await file('base.yaml', 'certificate:\n  tls:\n    crt: old\n'),
    { kind: 'elsewhere', name: 'secrets://prod.yaml' } as Layer,
  ];
  const entry = mergedValues(crt('new'), layers).get(CRT);
  assert.is(entry.location, null);
  assert.is(entry.origin, 'secrets://prod.yaml');
});

test('of many documents, that which the running Helm has read is named', async () => {
  const layers = [
    await file('two.yaml', 'certificate: {tls: {crt: one}}\n---\ncertificate: {tls: {crt: two}}\n'),
  ];
  assert.is(mergedValues(crt('one'), layers).get(CRT).location?.line, 1);
  assert.is(mergedValues(crt('two'), layers).get(CRT).location?.line, 3);
});

for (const [name, text] of [
  ['--set', 'certificate.tls.crt=abc'],
  ['--set', 'a=b,certificate.tls.crt=abc,general.x={1,2}'],
  ['--set-string', 'certificate.tls.crt=abc'],
  ['--set-file', 'certificate.tls.crt=crt.b64'],
  ['--set-literal', 'certificate.tls.crt=a,b=c'],
  ['--set-json', 'certificate={"tls":{"crt":"abc"}}'],
  ['--set-json', '{"certificate":{"tls":{"crt":"abc"}}}'],
] as const) {
  test(`a flag that set a value is named: ${name} ${text}`, async () => {
    const layers = [await file('base.yaml', 'certificate:\n  tls:\n    crt: abc\n'), flagLayer(name, text)];
    const entry = mergedValues(crt('abc'), layers).get(CRT);
    assert.is(entry.location, null);
    assert.is(entry.origin, `${name} certificate.tls.crt`);
  });
}

for (const [name, text] of [
  ['--set', 'other=certificate.tls.crt'],
  ['--set', 'a=certificate\\,tls.crt'],
  ['--set-literal', 'a=certificate.tls.crt=1'],
  ['--set-json', 'a={"b":"certificate.tls.crt"}'],
] as const) {
  test(`what a flag sets is not mistaken for a key: ${name} ${text}`, async () => {
    const layers = [await file('base.yaml', 'certificate:\n  tls:\n    crt: abc\n'), flagLayer(name, text)];
    assert.is(mergedValues(crt('abc'), layers).get(CRT).location?.file, 'base.yaml');
  });
}

test('what no file or flag explains came with the chart', () => {
  const layers: Layer[] = [{ kind: 'elsewhere', name: 'the chart ./lightrun' }, flagLayer('--set', 'a=b')];
  const entry = mergedValues({ general: { lightrun_endpoint: 'x' } }, layers).get(HOST);
  assert.is(entry.origin, 'the chart ./lightrun');
});

test('what is absent has the place of the nearest key of the last file that has one', async () => {
  const layers = [
    await file('base.yaml', 'certificate:\n  tls: {}\n'),
    await file('prod.yaml', 'general: {}\n'),
  ];
  const entry = mergedValues({ certificate: { tls: {} }, general: {} }, layers).get(CRT);
  assert.is(entry.present, false);
  assert.is(entry.location?.file, 'base.yaml');
  assert.is(entry.location?.line, 2);
});

test('duplicate keys are reported from every file', async () => {
  const layers = [
    await file('a.yaml', 'certificate: {}\ncertificate: {}\n'),
    await file('b.yaml', 'certificate: {}\ncertificate: {}\n'),
  ];
  const files = mergedValues({ certificate: {} }, layers)
    .duplicates([])
    .map(({ locations }) => locations[0]?.file);
  assert.equal(files, ['a.yaml', 'b.yaml']);
});

test.run();
