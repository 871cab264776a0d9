import { readFileSync } from 'node:fs';
import { LintError } from '../errors.ts';
import { displayNamed } from '../files/named.ts';
import { quote } from '../text/display.ts';
import { readValues } from '../values/read.ts';
import { isMap, type Values } from '../values/values.ts';
import type { ChartFile, ChartFiles } from './chart.ts';

/** A dependency of a chart: its name, and the key under which its values are. */
interface Dependency {
  name: string;
  key: string;
}

/**
 * Refuses a place of values that is no dependency of a chart: Helm would hand what is there to no chart.
 * @param root keys, each that of a dependency of the chart before; charts that are not at hand are not asked
 * @throws LintError where one is neither the name nor the alias of a dependency
 * @see Helm, chartutil.processDependencyEnabled (aliases), chartutil.ToRenderValues (values by name)
 */
export async function refuseUnknownRoot(
  files: ChartFiles,
  chart: string,
  root: readonly string[],
): Promise<void> {
  let folder = '';
  for (const key of root) {
    const dependencies = await dependenciesOf(files, folder);
    if (dependencies === null) return;
    const found = dependencies.find((each) => each.key === key);
    if (found === undefined) throw unknownRoot(chart, root, key, dependencies);
    const inside = await folderOf(files, folder, found.name);
    if (inside === null) return;
    folder = inside;
  }
}

/**
 * Where an umbrella chart has the Lightrun chart, by what the charts' own values are: a key that no chart around it has.
 * It is a look at bytes, since every run of the gate would pay for more.
 * @returns the key of its values; null where the chart is Lightrun's, or none of its subcharts is
 */
export async function lightrunSubchart(files: ChartFiles): Promise<string | null> {
  if (holdsOwnKey(files.get('values.yaml'))) return null;
  for (const folder of subcharts(files, '')) {
    if (!holdsOwnKey(files.get(`${folder}values.yaml`))) continue;
    const name = await nameOf(files, folder);
    const dependencies = await dependenciesOf(files, '');
    return dependencies?.find((each) => each.name === name)?.key ?? null;
  }
  return null;
}

function holdsOwnKey(file: ChartFile | undefined): boolean {
  return file !== undefined && bytesOf(file).includes('existing_cert:');
}

function bytesOf(file: ChartFile): Buffer {
  return 'bytes' in file ? file.bytes : readFileSync(file.path);
}

function unknownRoot(
  chart: string,
  root: readonly string[],
  key: string,
  dependencies: readonly Dependency[],
): LintError {
  const keys = [...new Set(dependencies.map((each) => quote(each.key)))];
  return new LintError(
    `--root ${quote(root.join('.'))}: ${quote(key)} is no dependency of the chart ${displayNamed(chart)}, nor the alias of one`,
    keys.length > 0
      ? `Name one of its dependencies: ${keys.join(', ')}.`
      : 'It has none: leave --root out, or name the umbrella chart.',
  );
}

/** Those that the chart declares, and those in its `charts/`; null where it cannot be read. */
async function dependenciesOf(files: ChartFiles, folder: string): Promise<Dependency[] | null> {
  const chart = await valuesIn(files, `${folder}Chart.yaml`);
  if (chart === null) return null;
  const older = await valuesIn(files, `${folder}requirements.yaml`);
  const declared = [chart, older].flatMap((each) => {
    const value = each?.get(['dependencies']).value;
    return (Array.isArray(value) ? value : []).flatMap((dependency): Dependency[] => {
      if (!isMap(dependency) || typeof dependency.name !== 'string') return [];
      const { name, alias } = dependency;
      return [{ name, key: typeof alias === 'string' && alias !== '' ? alias : name }];
    });
  });
  const there = await Promise.all(subcharts(files, folder).map((each) => nameOf(files, each)));
  const names = there.flatMap((name) => (name === null ? [] : [{ name, key: name }]));
  return [...declared, ...names.filter(({ name }) => !declared.some((each) => each.name === name))];
}

async function folderOf(files: ChartFiles, folder: string, name: string): Promise<string | null> {
  for (const each of subcharts(files, folder)) if ((await nameOf(files, each)) === name) return each;
  return null;
}

/** The folders of charts in `charts/`, not of those below them. */
function subcharts(files: ChartFiles, folder: string): string[] {
  const start = `${folder}charts/`;
  return [...files.keys()].flatMap((path) => {
    const [name, file, ...deeper] = path.startsWith(start) ? path.slice(start.length).split('/') : [];
    return file === 'Chart.yaml' && deeper.length === 0 ? [`${start}${name}/`] : [];
  });
}

async function nameOf(files: ChartFiles, folder: string): Promise<string | null> {
  const name = (await valuesIn(files, `${folder}Chart.yaml`))?.get(['name']).value;
  return typeof name === 'string' ? name : null;
}

async function valuesIn(files: ChartFiles, path: string): Promise<Values | null> {
  const file = files.get(path);
  if (file === undefined) return null;
  const read = await readValues(bytesOf(file), path);
  return read.ok ? read.values : null;
}
