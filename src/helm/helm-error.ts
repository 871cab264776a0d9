import { LintError } from '../errors.ts';
import { escapeUnsafeLines, shorten } from '../text/escape.ts';
import { redactPieces } from '../text/redact.ts';
import { type Answer, ask, type Helm } from './helm.ts';

const LONGEST = 1_500;
const OLDEST = [3, 13] as const;

/**
 * Why Helm failed, in its own words without anything that the values hold.
 * @param what what it was asked for, such as `Helm could not merge the values`
 * @param secrets texts of which no piece may be shown: the flags' values, the files' contents
 */
export async function helmFailed(
  helm: Helm,
  answer: Answer,
  what: string,
  secrets: readonly string[],
): Promise<LintError> {
  if (answer.isTimedOut) {
    return new LintError(
      `${what}: it gave no answer within ${Math.round(helm.timeout / 1000)} seconds and was stopped`,
      'Try the same Helm command by hand. If it only needs longer, give it more seconds with --helm-timeout.',
    );
  }
  const tooOld = await oldVersion(helm);
  if (tooOld) return tooOld;
  const words = helmError(answer.stderr, secrets);
  const said = words === '' ? `it ended with status ${answer.status ?? 'none'} and said nothing` : words;
  const help = /missing in charts/.test(said)
    ? 'Fetch them first, since this command changes no chart: helm dependency update CHART'
    : 'Mend that first; the same Helm command would fail likewise.';
  return new LintError(`${what}: ${said}`, help);
}

/** Helm's own error, short, and without a piece of a secret. */
export function helmError(stderr: string, secrets: readonly string[]): string {
  const at = stderr.lastIndexOf('\nError: ');
  const own = (at >= 0 ? stderr.slice(at + 1) : stderr)
    .replace(/^Error: /, '')
    // Helm quotes what it cannot read.
    .replace(
      /(failed parsing (--set(?:-string|-json|-literal)?) data).*$/s,
      '$1: the value of $2 is not in the form that Helm reads',
    )
    .replace(/^template: .*?(?=error calling lookup: )/s, '')
    .replace(/\n+Use --debug flag.*$/s, '')
    .trim();
  return escapeUnsafeLines(redactPieces(shorten(own, LONGEST), secrets));
}

/** Asked only after a failure: each call of Helm costs tens of milliseconds. */
async function oldVersion(helm: Helm): Promise<LintError | null> {
  const { status, stdout } = await ask(helm, ['version', '--short'], null);
  const [, major, minor] = /v(\d+)\.(\d+)\./.exec(stdout.toString()) ?? [];
  if (status !== 0 || major === undefined) {
    return new LintError(
      'What HELM_BIN or the PATH gives for Helm does not act like Helm: it does not tell its version',
      'Let HELM_BIN name Helm 3.13 or newer.',
    );
  }
  const [oldMajor, oldMinor] = OLDEST;
  const isOld = Number(major) < oldMajor || (Number(major) === oldMajor && Number(minor) < oldMinor);
  if (!isOld) return null;
  return new LintError(
    `Helm ${major}.${minor} is too old: ${oldMajor}.${oldMinor} or newer is needed`,
    'Update Helm, or let HELM_BIN name a newer one.',
  );
}
