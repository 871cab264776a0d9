import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import { refuseUnknownRoot } from '../../src/helm/dependencies.ts';

const chart = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text) }]));

const UMBRELLA = chart({
  'Chart.yaml':
    'name: umbrella\ndependencies:\n  - {name: lightrun-helm-chart, alias: lightrun}\n  - {name: postgresql}\n  - {name: platform}\n',
  'charts/platform/Chart.yaml': 'name: platform\ndependencies: [{name: lightrun-helm-chart, alias: lr}]\n',
  'charts/vendored-1.0.0/Chart.yaml': 'name: vendored\n',
  'charts/platform/charts/deep/Chart.yaml': 'name: deep\n',
});

async function said(files: ReturnType<typeof chart>, root: string): Promise<string> {
  try {
    await refuseUnknownRoot(files, './umbrella', root.split('.'));
    return '';
  } catch (error) {
    assert.instance(error, LintError);
    return `${(error as LintError).message} ${(error as LintError).help}`;
  }
}

for (const root of [
  'lightrun',
  'postgresql',
  'platform',
  'platform.lr',
  'platform.deep',
  'vendored',
  'postgresql.any',
]) {
  test(`${root} is a place of values`, async () => {
    assert.is(await said(UMBRELLA, root), '');
  });
}

for (const root of [
  'lightrum',
  'lightrun-helm-chart',
  'platform.lightrun',
  'vendored-1.0.0',
  'deep',
  'umbrella',
]) {
  test(`${root} is none`, async () => {
    assert.match(await said(UMBRELLA, root), 'is no dependency of the chart ./umbrella');
  });
}

test('the message names the dependencies, by alias', async () => {
  assert.match(
    await said(UMBRELLA, 'x'),
    'Name one of its dependencies: lightrun, postgresql, platform, vendored.',
  );
  assert.match(await said(chart({ 'Chart.yaml': 'name: a\n' }), 'x'), 'It has none');
});

test('requirements.yaml of an older chart', async () => {
  const older = chart({
    'Chart.yaml': 'name: a\n',
    'requirements.yaml': 'dependencies: [{name: b, alias: c}]\n',
  });
  assert.equal([await said(older, 'c'), (await said(older, 'b')) === ''], ['', false]);
});

test('what cannot be read is left to Helm', async () => {
  assert.is(await said(chart({ 'Chart.yaml': 'name: [\n' }), 'x'), '');
  assert.is(await said(chart({}), 'x'), '');
});

test.run();
