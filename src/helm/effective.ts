import { isMap } from '../values/values.ts';
import type { ChartFiles } from './chart.ts';
import { ask, type Helm } from './helm.ts';
import { helmFailed } from './helm-error.ts';
import { readProbe, withProbe } from './probe.ts';

/** A release that is upgraded, whose own values may count. */
export interface Upgrade {
  release: string;
  /** `--install`, `--reuse-values` and the like. */
  words: readonly string[];
  /** Whether its values count at all: not with `--reset-values`. */
  usesRelease: boolean;
  /** Whether it may not be there yet: `--install`. */
  mayBeNew: boolean;
}

/** The values of one Helm command. */
export interface ValuesRequest {
  chart: ChartFiles;
  /** `-f`, `--set` and the like as words, in their order. */
  words: readonly string[];
  upgrade: Upgrade | null;
  /** Standard input, where one of the words reads it. */
  stdin: Buffer | null;
  /** Texts of which no error may show a piece. */
  secrets: readonly string[];
}

/**
 * The values that Helm would hand to the chart's templates, from Helm itself: a chart of the same values, whose only
 * template prints them.
 * @throws LintError where Helm fails
 */
export function effectiveValues(helm: Helm, request: ValuesRequest): Promise<Record<string, unknown>> {
  const { chart, words, upgrade, stdin, secrets } = request;
  return withProbe(chart, '.Values', async (folder) => {
    const args =
      upgrade === null
        ? ['template', 'lightrun-cert', folder, ...words]
        : ['upgrade', upgrade.release, folder, '--dry-run=client', ...words, ...upgrade.words];
    const answer = await ask(helm, args, stdin);
    const values = answer.status === 0 ? readProbe(answer.stdout, folder) : undefined;
    if (isMap(values)) return values;
    throw await helmFailed(helm, answer, 'Helm could not work out the values', secrets);
  });
}
