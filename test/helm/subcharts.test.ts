import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import type { ChartFiles } from '../../src/helm/chart.ts';
import { assertSubchart } from '../../src/helm/subcharts.ts';

const test = suite('--root is the place of a subchart');

const chartYaml = (name: string, more = ''): string =>
  `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n${more}`;
const dependency = (name: string, alias?: string): string =>
  `dependencies:\n- name: ${name}\n  version: 0.1.0\n${alias === undefined ? '' : `  alias: ${alias}\n`}`;

async function refusal(files: Record<string, string>, root: string): Promise<string | null> {
  const chart: ChartFiles = new Map(
    Object.entries(files).map(([path, text]) => [path, { bytes: Buffer.from(text) }]),
  );
  try {
    await assertSubchart(chart, root.split('.'), './umbrella');
    return null;
  } catch (error) {
    if (error instanceof LintError) return error.message;
    throw error;
  }
}

const said = async (files: Record<string, string>, root: string): Promise<string> =>
  (await refusal(files, root)) ?? '';

const UMBRELLA = {
  'Chart.yaml': chartYaml('umbrella', dependency('lightrun')),
  'charts/lightrun/Chart.yaml': chartYaml('lightrun'),
};

test('a dependency is one, and no other name is', async () => {
  assert.is(await refusal(UMBRELLA, 'lightrun'), null);
  assert.is(
    await refusal(UMBRELLA, 'lightrun-prod'),
    '--root lightrun-prod is not the place of a subchart: ./umbrella has no such dependency or alias, but lightrun',
  );
});

test('a dependency with an alias goes by its alias alone', async () => {
  const files = { ...UMBRELLA, 'Chart.yaml': chartYaml('umbrella', dependency('lightrun', 'lr')) };
  assert.is(await refusal(files, 'lr'), null);
  assert.match(await said(files, 'lightrun'), /but lr$/);
});

test('a chart in charts/ that no dependency names, in a folder of another name, and unpacked', async () => {
  const files = {
    'Chart.yaml': chartYaml('umbrella'),
    'charts/other/Chart.yaml': chartYaml('lightrun'),
    'charts/more-0.1.0.tgz.unpacked/Chart.yaml': chartYaml('more'),
  };
  assert.is(await refusal(files, 'lightrun'), null);
  assert.is(await refusal(files, 'more'), null);
  assert.match(await said(files, 'other'), /but lightrun, more$/);
});

test('dependencies in requirements.yaml, and one that is not there, of which Helm speaks', async () => {
  const files = { 'Chart.yaml': chartYaml('umbrella'), 'requirements.yaml': dependency('lightrun') };
  assert.is(await refusal(files, 'lightrun'), null);
  assert.is(await refusal(files, 'lightrun.deeper'), null);
});

test('a subchart of a subchart, through an alias', async () => {
  const files = {
    'Chart.yaml': chartYaml('umbrella', dependency('inner', 'platform')),
    'charts/inner/Chart.yaml': chartYaml('inner', dependency('lightrun')),
    'charts/inner/charts/lightrun/Chart.yaml': chartYaml('lightrun'),
  };
  assert.is(await refusal(files, 'platform.lightrun'), null);
  assert.match(await said(files, 'platform.other'), /but platform\.lightrun$/);
  assert.match(await said(files, 'lightrun'), /but platform$/);
});

test('a chart without dependencies', async () => {
  assert.is(
    await refusal({ 'Chart.yaml': chartYaml('lightrun') }, 'lightrun'),
    '--root lightrun is not the place of a subchart: ./umbrella has no dependency',
  );
});

test('an archive that cannot be read may be it', async () => {
  assert.is(await refusal({ 'Chart.yaml': chartYaml('umbrella'), 'charts/x.tgz': '' }, 'lightrun'), null);
});

test.run();
