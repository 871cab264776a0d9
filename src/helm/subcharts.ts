import { readFileSync } from 'node:fs';
import { LintError } from '../errors.ts';
import { quote } from '../text/display.ts';
import { readValues } from '../values/read.ts';
import { isMap } from '../values/values.ts';
import type { ChartFile, ChartFiles } from './chart.ts';

/**
 * Refuses a `--root` that is no dependency of the chart, nor the alias of one: what is below it would never reach the
 * Lightrun chart, however right it is.
 * @param title the chart's name, to be shown
 * @throws LintError
 * @see Helm, chartutil.ProcessDependencies: a dependency goes by its alias; a chart in charts/ that is none, by its name
 */
export async function assertSubchart(
  chart: ChartFiles,
  root: readonly string[],
  title: string,
): Promise<void> {
  let folder = '';
  for (const [depth, name] of root.entries()) {
    const subcharts = await subchartsIn(chart, folder);
    const next = subcharts.get(name);
    // One that cannot be read may be it.
    if (next === undefined && isUnread(chart, folder)) return;
    if (next === undefined) {
      const known = [...subcharts.keys()].map((each) => [...root.slice(0, depth), each].join('.'));
      const hint =
        known.length === 0
          ? 'Leave --root out.'
          : `Name the Lightrun chart, such as --root ${quote(known[0] ?? '')}, or leave --root out.`;
      throw new LintError(
        `--root ${quote(root.join('.'))} is not the place of a subchart: ${title} has ${known.length === 0 ? 'no dependency' : `no such dependency or alias, but ${known.map((each) => quote(each)).join(', ')}`}`,
        hint,
      );
    }
    // Helm says what is wrong with a dependency that is not there, or that cannot be read.
    if (next === null) return;
    folder = next;
  }
}

/**
 * Where an umbrella chart has the Lightrun chart, by what the charts' own values are: a key that no chart around it has.
 * It is a look at bytes, since every run of the gate would pay for more.
 * @returns the path for `--root`; null where the chart is Lightrun's, or none of its subcharts is
 */
export async function lightrunSubchart(chart: ChartFiles): Promise<string | null> {
  if (holdsOwnKey(chart.get('values.yaml'))) return null;
  for (const [path, file] of chart) {
    const folder = /^(charts\/[^/]+\/)values\.yaml$/.exec(path)?.[1];
    if (folder === undefined || !holdsOwnKey(file)) continue;
    const subcharts = await subchartsIn(chart, '');
    return [...subcharts].find(([, at]) => at === folder)?.[0] ?? null;
  }
  return null;
}

function holdsOwnKey(file: ChartFile | undefined): boolean {
  return file !== undefined && bytesOf(file).includes('existing_cert:');
}

function bytesOf(file: ChartFile): Buffer {
  return 'bytes' in file ? file.bytes : readFileSync(file.path);
}

/** The subcharts of a chart by the names under which they get their values, each with its folder where it is at hand. */
async function subchartsIn(chart: ChartFiles, folder: string): Promise<Map<string, string | null>> {
  const found = new Map<string, string>();
  for (const [path, file] of chart) {
    const below = path.startsWith(folder) ? path.slice(folder.length) : '';
    const sub = /^charts\/[^/]+\/(?=Chart\.yaml$)/.exec(below)?.[0];
    if (sub !== undefined) found.set(textOf((await mapIn(file)).name), folder + sub);
  }
  const dependencies = (
    await Promise.all(['Chart.yaml', 'requirements.yaml'].map((name) => mapIn(chart.get(folder + name))))
  ).flatMap(({ dependencies: all }) => (Array.isArray(all) ? all.filter(isMap) : []));
  const declared = new Map<string, string | null>();
  for (const { name, alias } of dependencies)
    declared.set(textOf(alias) || textOf(name), found.get(textOf(name)) ?? null);
  for (const { name } of dependencies) found.delete(textOf(name));
  return new Map([...declared, ...found].filter(([name]) => name !== ''));
}

/** Whether there is an archive in charts/ that cannot be read. */
function isUnread(chart: ChartFiles, folder: string): boolean {
  return [...chart.keys()].some(
    (path) => path.startsWith(`${folder}charts/`) && /^[^/]+\.tgz$/.test(path.slice(folder.length + 7)),
  );
}

async function mapIn(file: ChartFile | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  const read = await readValues(bytesOf(file), 'Chart.yaml');
  const value = read.ok ? read.values.get([]).value : null;
  return isMap(value) ? value : {};
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
