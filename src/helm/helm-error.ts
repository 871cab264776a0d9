import { LintError } from '../errors.ts';
import { displayNamed, isThere } from '../files/named.ts';
import { escapeUnsafeLines, shorten } from '../text/display.ts';
import { maskUrls, redactWords } from '../text/redact.ts';
import { type Answer, ask, type Helm } from './helm.ts';

const LONGEST = 1_500;
const OLDEST = [3, 13] as const;

/**
 * Why Helm failed, in its own words, without any secret of the values.
 * @param what what failed, such as `Helm could not merge the values`
 * @param secrets strings of which no part may be shown: the flags' values, the files' contents
 */
export async function helmFailed(
  helm: Helm,
  answer: Answer,
  what: string,
  secrets: readonly string[],
): Promise<LintError> {
  if (answer.isTimedOut) {
    return new LintError(
      `${what}: it did not answer within ${Math.round(helm.timeout / 1000)} seconds and was stopped`,
      'Run the same Helm command by hand. If it only needs more time, raise --helm-timeout.',
    );
  }
  const tooOld = await oldVersion(helm);
  if (tooOld) return tooOld;
  const words = helmError(answer.stderr, secrets);
  const said = words === '' ? `it ended with status ${answer.status ?? 'none'} and no message` : words;
  const help = /missing in charts/.test(said)
    ? 'Fetch them first, since this command changes no chart: helm dependency update CHART'
    : 'Fix that first; the same Helm command would fail too.';
  return new LintError(`${what}: ${said}`, `${help}${pluginSaid(answer, secrets)}`);
}

const MOST_LINES = 5;

/** The last words of a credential plugin, as lines after a line break; empty where there are none. */
export function pluginSaid({ pluginSaid: text }: Answer, secrets: readonly string[]): string {
  const lines = text
    .trim()
    .split(/(?<!\s)\s*\n/)
    .slice(-MOST_LINES);
  const said = escapeUnsafeLines(
    secrets.length === 0 ? lines.join('\n') : redactWords(lines.join('\n'), secrets),
  );
  return said === '' ? '' : `\nThe credential plugin says: ${said}`;
}

/** Helm's own error, shortened, without any part of a secret. */
export function helmError(stderr: string, secrets: readonly string[]): string {
  const at = stderr.lastIndexOf('\nError: ');
  const own = (at >= 0 ? stderr.slice(at + 1) : stderr)
    .replace(/^Error: /, '')
    // Helm quotes what it cannot read.
    .replace(
      /(failed parsing (--set(?:-string|-json|-literal)?) data).*$/s,
      '$1: the value of $2 is not in the form that Helm reads',
    )
    // A slash in a password of a URL, which Go takes for the end of a port.
    .replace(/invalid port "[^"]*"/g, 'invalid port')
    .replace(/^template: .*?(?=error calling lookup: )/s, '')
    .replace(/(?<!\n)\n+Use --debug flag.*$/s, '')
    .trim();
  return escapeUnsafeLines(redacted(shorten(maskUrls(own), LONGEST), secrets));
}

/** What Go's os.PathError says of a path, which may not be there. */
const PATH_ERROR =
  /\b(open|stat|lstat|read|readlink|access) ([^\n]{1,4096}?)(?=: (?:no such file|permission denied|is a directory|not a directory|file name too long|too many levels))/g;

function redacted(words: string, secrets: readonly string[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: all, 1: verb, 2: path = '', index } of words.matchAll(PATH_ERROR)) {
    parts.push(redactWords(words.slice(at, index), secrets, isThere), `${verb} ${displayNamed(path)}`);
    at = index + all.length;
  }
  return [...parts, redactWords(words.slice(at), secrets, isThere)].join('');
}

/** Asked only after a failure: each call of Helm costs tens of milliseconds. */
async function oldVersion(helm: Helm): Promise<LintError | null> {
  const { status, stdout } = await ask(helm, ['version', '--short'], null, 'Helm to say its version');
  const [, major, minor] = /v(\d+)\.(\d+)\./.exec(stdout.toString()) ?? [];
  if (status !== 0 || major === undefined) {
    return new LintError(
      'The program that HELM_BIN or the PATH names is not Helm: it does not print its version',
      'Set HELM_BIN to Helm 3.13 or newer.',
    );
  }
  const [oldMajor, oldMinor] = OLDEST;
  const isOld = Number(major) < oldMajor || (Number(major) === oldMajor && Number(minor) < oldMinor);
  if (!isOld) return null;
  return new LintError(
    `Helm ${major}.${minor} is too old: ${oldMajor}.${oldMinor} or newer is needed`,
    'Update Helm, or set HELM_BIN to a newer one.',
  );
}
