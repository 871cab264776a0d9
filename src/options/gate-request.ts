import { LintError } from '../errors.ts';
import { type HelmCommandLine, isGivenTrue } from '../helm/command-line.ts';
import type { HelmCommand } from '../helm/flag-table.ts';
import { type Upgrade, VALUES_FLAGS, type ValuesWord } from '../helm/values.ts';
import type { Io } from '../io.ts';
import type { MergedRequest } from '../lint/merged.ts';
import { mergedInput } from '../lint/merged-input.ts';
import { seeHelp } from './flags.ts';

/** By these Helm finds and fetches a chart, in `helm pull` as in the commands of the gate. */
const CHART_FLAGS = [
  'version',
  'devel',
  'repo',
  'username',
  'password',
  'pass-credentials',
  'plain-http',
  'verify',
  'keyring',
  'ca-file',
  'cert-file',
  'key-file',
  'insecure-skip-tls-verify',
];

/** By these an upgrade says which values of the release count. */
const UPGRADE_FLAGS = ['install', 'reuse-values', 'reset-values', 'reset-then-reuse-values'];

/**
 * What a Helm command line asks to be judged.
 * @throws LintError where it names no chart, or a file that cannot be read twice
 */
export function requestOf(
  command: HelmCommand,
  { flags, positionals }: HelmCommandLine,
  io: Io,
): MergedRequest {
  const named = (names: readonly string[]) => flags.filter(({ name }) => names.includes(name));
  const chart = positionals.at(-1);
  const least = command === 'upgrade' ? 2 : 1;
  if (chart === undefined || positionals.length < least || positionals.length > 2) {
    throw new LintError(
      `helm ${command} takes a release's NAME and a CHART, and ${positionals.length} such arguments are given`,
      seeHelp(command),
    );
  }
  const words = named(VALUES_FLAGS).map(
    ({ name, value }): ValuesWord => ({ flag: `--${name}` as ValuesWord['flag'], value }),
  );
  return {
    chart: {
      name: chart,
      words: named(CHART_FLAGS).flatMap(({ words }) => words),
      isFromRepo: named(['repo']).some(({ value }) => value !== ''),
      secrets: named(['password']).map(({ value }) => value),
    },
    words,
    upgrade: command === 'upgrade' ? upgradeOf(String(positionals[0]), named(UPGRADE_FLAGS)) : null,
    ...mergedInput(words, io),
  };
}

function upgradeOf(release: string, flags: HelmCommandLine['flags']): Upgrade {
  return {
    release,
    words: flags.flatMap(({ words }) => words),
    usesRelease: !isGivenTrue(flags, 'reset-values'),
    mayBeNew: isGivenTrue(flags, 'install'),
  };
}
