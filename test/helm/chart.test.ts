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
      'charts/sub-1.0.0/Chart.yaml',
      'charts/sub-1.0.0/charts/deep-1.0.0/Chart.yaml',
      'charts/sub-1.0.0/values.yaml',
    ]);
  }));

test('names that lead out of the chart are left alone', () =>
  inTemporary(async (folder) => {
    const archive = join(folder, 'bad.tgz');
    await writeFile(
      archive,
      await pack({
        'top/Chart.yaml': 'name: top\n',
        'top/charts/../values.yaml': 'evil: 1\n',
        'top/charts/..\\..\\x/values.yaml': 'evil: 1\n',
      }),
    );
    assert.equal([...(await readChart(archive)).keys()], ['Chart.yaml']);
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
