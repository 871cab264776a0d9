import { displayNamed } from '../files/named.ts';
import { STDIN } from '../files/read.ts';
import { allChartPaths } from '../helm/chart.ts';
import { setFiles, valuesFiles } from '../helm/values.ts';
import { isUrl } from '../text/redact.ts';
import { PROGRAM } from '../text/shell.ts';
import type { MergedRequest } from './merged.ts';

/** The files on disk that a Helm command reads its chart and values from. */
export function localInputs({ chart, words }: MergedRequest): string[] {
  const files = [...valuesFiles(words), ...setFiles(words)].filter(
    (file) => file.trim() !== STDIN && !isUrl(file),
  );
  return chart === null ? files : [...files, ...allChartPaths(chart)];
}

/** What a check before the command does not hold: what Helm fetches once more, and what changes the manifests later. */
export function notesOf({ chart, words, planned }: MergedRequest): string[] {
  if (planned === null) return [];
  const again = [...valuesFiles(words), ...setFiles(words)]
    .filter(isUrl)
    .map(
      (url) =>
        `Helm fetches ${withoutSecrets(url)} once more when it runs. To install what was checked, download it first and name the file.`,
    );
  return [
    ...again,
    ...chartNotes(chart),
    ...planned.flags
      .filter(({ name }) => name === 'post-renderer')
      .map(
        ({ value }) =>
          `The post-renderer ${displayNamed(value)} changes the manifests after this check. Pipe its output through ${PROGRAM} post-render to check that too.`,
      ),
  ];
}

function chartNotes(chart: MergedRequest['chart']): string[] {
  if (chart === null || allChartPaths(chart).length > 0 || /@sha256:[0-9a-f]{64}$/.test(chart.name))
    return [];
  const digest = chart.name.startsWith('oci://') ? ', or its digest (@sha256:…)' : '';
  return [
    `Helm fetches the chart ${withoutSecrets(chart.name)} once more when it runs. To install what was checked, name the archive that helm pull makes${digest}.`,
  ];
}

/** Without a user, a password or a token. */
function withoutSecrets(url: string): string {
  return displayNamed(url.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/s, ''));
}
