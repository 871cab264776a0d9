import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readChart } from '../../src/helm/chart.ts';

const test = suite('the files of a chart that decide its values');

const FILES: Record<string, string> = {
  'Chart.yaml': 'apiVersion: v2\nname: top\nversion: 1.0.0\n',
  'values.yaml': 'a: 1\n',
  'values.schema.json': '{}',
  'templates/x.yaml': '{{ fail "never" }}',
  'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
  'charts/sub/values.yaml': 'b: 2\n',
  'charts/sub/templates/y.yaml': '{{ fail "never" }}',
  'charts/sub/charts/deep/Chart.yaml': 'apiVersion: v2\nname: deep\nversion: 1.0.0\n',
};
const WANTED = [
  'Chart.yaml',
  'charts/sub/Chart.yaml',
  'charts/sub/charts/deep/Chart.yaml',
  'charts/sub/values.yaml',
  'values.yaml',
];

async function pack(files: Record<string, string | Buffer>): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' as const },
    body: new Uint8Array(Buffer.from(body)),
  }));
  return gzipSync(await packTar(entries));
}

const MIB = 1024 * 1024;

const entry = (name: string, body: string) => ({
  header: { name, size: Buffer.byteLength(body), type: 'file' as const },
  body: new Uint8Array(Buffer.from(body)),
});

const inFolder = (folder: string) =>
  Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`${folder}/${name}`, text]));

async function inTemporary(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

test('of a folder: no template, no schema', () =>
  inTemporary(async (folder) => {
    await write(folder, FILES);
    const files = await readChart(folder);
    assert.equal([...files.keys()].sort(), WANTED);
    assert.equal(files.get('values.yaml'), { path: join(folder, 'values.yaml') });
  }));

test('of an archive', () =>
  inTemporary(async (folder) => {
    const archive = join(folder, 'top-1.0.0.tgz');
    await writeFile(archive, await pack(inFolder('top')));
    const files = await readChart(archive);
    assert.equal([...files.keys()].sort(), WANTED);
    assert.equal(files.get('charts/sub/values.yaml'), { bytes: Buffer.from('b: 2\n') });
  }));

test('of an archive within a folder, or within an archive, in its place', () =>
  inTemporary(async (folder) => {
    const sub = await pack({
      'sub/Chart.yaml': 'name: sub\n',
      'sub/values.yaml': 'b: 2\n',
      'sub/charts/deep-1.0.0.tgz': await pack({ 'deep/Chart.yaml': 'name: deep\n' }),
    });
    await write(folder, { 'Chart.yaml': 'name: top\n', 'charts/sub-1.0.0.tgz': sub });
    const files = await readChart(folder);
    assert.equal([...files.keys()].sort(), [
      'Chart.yaml',
      'charts/sub-1.0.0.tgz.unpacked/Chart.yaml',
      'charts/sub-1.0.0.tgz.unpacked/charts/deep-1.0.0.tgz.unpacked/Chart.yaml',
      'charts/sub-1.0.0.tgz.unpacked/values.yaml',
    ]);
  }));

test('names are cleaned as Helm cleans them, and of two of one name the last counts', () =>
  inTemporary(async (folder) => {
    const archive = join(folder, 'names.tgz');
    const entries = [
      ['top/Chart.yaml', 'name: top\n'],
      ['top/values.yaml', 'first: 1\n'],
      ['top/./values.yaml', 'second: 1\n'],
      ['top/x/../values.yaml', 'third: 1\n'],
      ['top\\values.yaml', 'last: 1\n'],
      ['top/charts/_ignored/values.yaml', 'never: 1\n'],
      ['top/charts/.ignored.tgz', 'junk'],
    ] as const;
    await writeFile(archive, gzipSync(await packTar(entries.map(([name, body]) => entry(name, body)))));
    const files = await readChart(archive);
    assert.equal([...files.keys()], ['Chart.yaml', 'values.yaml']);
    assert.equal(files.get('values.yaml'), { bytes: Buffer.from('last: 1\n') });
  }));

for (const name of ['top/../../values.yaml', 'top//values.yaml', 'Chart.yaml', 'top', 'top/c:/values.yaml']) {
  test(`an archive with a name that Helm refuses: ${name}`, () =>
    inTemporary(async (folder) => {
      const archive = join(folder, 'bad.tgz');
      await writeFile(archive, await pack({ 'top/Chart.yaml': 'name: top\n', [name]: 'x: 1\n' }));
      await readChart(archive).then(
        () => assert.unreachable(),
        (error) => assert.instance(error, Error),
      );
    }));
}

test("Helm's limits hold while an archive is unpacked: 5 MiB a file, 100 MiB a chart", () =>
  inTemporary(async (folder) => {
    const archive = join(folder, 'large.tgz');
    const chart = 'name: top\n';
    for (const [sizes, isRead] of [
      [[5 * MIB], true],
      [[5 * MIB + 1], false],
      [[...Array(19).fill(5 * MIB), 5 * MIB - chart.length - 1], true],
      [[...Array(19).fill(5 * MIB), 5 * MIB - chart.length], false],
    ] as const) {
      const files = sizes.map((size, at) => entry(`top/file-${at}`, '#'.repeat(size)));
      await writeFile(
        archive,
        gzipSync(await packTar([entry('top/Chart.yaml', chart), ...files]), { level: 1 }),
      );
      const wasRead = await readChart(archive).then(
        () => true,
        () => false,
      );
      assert.is(wasRead, isRead, String(sizes.length));
    }
  }));

test('what is not an archive is refused', () =>
  inTemporary(async (folder) => {
    const file = join(folder, 'x.tgz');
    await writeFile(file, 'no archive');
    await readChart(file).then(
      () => assert.unreachable(),
      (error) => assert.instance(error, Error),
    );
  }));

test.run();
