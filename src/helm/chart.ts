import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { LintError } from '../errors.ts';
import { display } from '../text/display.ts';
import { type ChartFiles, readChart } from './chart-files.ts';
import { ask, type Helm } from './helm.ts';
import { helmFailed } from './helm-error.ts';
import { withFolder } from './temporary.ts';

const LONGEST_NAME = 200;

/** A chart as Helm's commands name it. */
export interface ChartReference {
  /** A folder, an archive, `repository/name`, a URL or `oci://…`. */
  name: string;
  /** `--version`, `--repo` and the rest by which Helm finds and fetches it, as words. */
  words: readonly string[];
  /** Texts of which no error may show a piece, such as a password. */
  secrets: readonly string[];
  /** Whether `--repo` is among them: then Helm looks for no file of that name. */
  isFromRepo: boolean;
}

/**
 * What decides the values of a chart, wherever it is; one that is not on disk is fetched by Helm.
 * @see Helm, action.ChartPathOptions.LocateChart
 * @throws LintError where it cannot be had or read
 */
export async function findChart(helm: Helm, chart: ChartReference): Promise<ChartFiles> {
  const name = chart.name.trim();
  const title = display(name, LONGEST_NAME);
  if (!chart.isFromRepo) {
    if (exists(name)) return read(name, title);
    if (isAbsolute(name) || name.startsWith('.')) {
      throw new LintError(
        `there is no chart at ${title}`,
        'Check the path; it counts from the current folder.',
      );
    }
  }
  return withFolder(async (folder) => {
    const answer = await ask(helm, ['pull', name, '--destination', folder, ...chart.words], null);
    const [archive] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    if (answer.status !== 0 || archive === undefined) {
      throw await helmFailed(helm, answer, `Helm could not fetch the chart ${title}`, chart.secrets);
    }
    return read(join(folder, archive), title);
  });
}

async function read(path: string, title: string): Promise<ChartFiles> {
  let files: ChartFiles;
  try {
    files = await readChart(path);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new LintError(
      `the chart ${title} cannot be read${code ? ` (${display(code, 40)})` : ''}`,
      'Name a folder with a Chart.yaml, or an archive made by helm package.',
    );
  }
  if (files.has('Chart.yaml')) return files;
  throw new LintError(
    `${title} is no chart: there is no Chart.yaml in it`,
    'Name a folder with a Chart.yaml, or an archive made by helm package.',
  );
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
