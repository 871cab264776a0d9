import { LintError } from '../errors.ts';
import type { Helm } from '../helm/helm.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../lint/lint.ts';
import { notCheckedValues } from '../lint/not-checked.ts';
import type { Reported } from '../lint/summary.ts';
import { displayPath } from '../text/display.ts';
import { escapeUnsafe } from '../text/escape.ts';
import type { Arguments, Flag } from './flags.ts';
import { parseDays, parseHost, parseRoot, parseSeverities, timeOf } from './parse.ts';

/** The flag for the place of the values in an umbrella chart; the same in every command that reads or writes values. */
export const ROOT_FLAG: Flag = {
  name: 'root',
  value: 'PATH',
  help: "where the Lightrun chart's values sit in an umbrella chart, such as lightrun",
};

/** The flags that say how certificates are judged; the same in every command that judges. */
export const CHECK_FLAGS: readonly Flag[] = [
  ROOT_FLAG,
  {
    name: 'host',
    value: 'NAME',
    help: 'the host that the certificate must name (default: general.lightrun_endpoint)',
  },
  { name: 'at', value: 'TIME', help: 'judge validity at this time, such as 2027-01-31 (default: now)' },
  {
    name: 'expires-within',
    value: 'DAYS',
    help: 'warn of certificates that expire within so many days (default: 30)',
  },
  { name: 'rule', value: 'ID=SEVERITY', help: 'set a rule to error, warning, info or off; repeatable' },
  { name: 'strict', help: 'warnings fail as errors do' },
];

/** The flag for private roots; the gate puts a prefix before its name, since Helm has one of that name. */
export function caFileFlag(prefix = ''): Flag {
  return {
    name: `${prefix}ca-file`,
    value: 'FILE',
    help: 'PEM of further roots to count as known, for private CAs; repeatable',
  };
}

/**
 * What the judging flags say.
 * @param caFiles the files of the flag for private roots
 * @param cluster through which the Secret is read that the values name; null where it is not to be judged
 * @throws LintError where one of them is wrong
 */
export async function readCheckOptions(
  given: Arguments,
  io: Io,
  caFiles: readonly string[],
  cluster: Helm | null,
): Promise<LintOptions> {
  const { readCaFiles } = caFiles.length > 0 ? await import('./ca-file.ts') : { readCaFiles: null };
  return {
    at: timeOf(given, io.now()),
    expiresWithin: parseDays(given),
    host: parseHost(given),
    partial: given.has('partial'),
    root: parseRoot(given),
    severities: parseSeverities(given),
    roots: readCaFiles ? readCaFiles(caFiles, io) : null,
    readSecret: cluster && (async (name) => (await import('../helm/secret.ts')).readSecret(cluster, name)),
  };
}

/** Where Helm goes on with the values as they stand, one that is still to be filled in is an error. */
export function failOnUnresolved(options: LintOptions): LintOptions {
  return { ...options, severities: new Map([['values-unresolved', 'error'], ...options.severities]) };
}

/**
 * What was not judged though no finding says so, because the cluster could not be asked, or a rule that would say it
 * was turned off: never passed over in silence.
 * Where there are errors, they come first.
 */
export function notCheckedError({ target, findings, unread }: Reported, partial: boolean): LintError | null {
  if (unread) return unread;
  const help = 'Mend it, or set the rule to warning or info instead of off.';
  const file = escapeUnsafe(target.name);
  if (findings.some(({ severity }) => severity === 'error')) return null;
  if (target.problem !== null && findings.length === 0) {
    return new LintError(
      `${file} was not judged: it is not YAML that Helm reads, and --rule values-syntax=off hides it`,
      help,
    );
  }
  const spoken = new Set(findings.map(({ path }) => path.join('.')));
  const hidden = notCheckedValues(target)
    .filter(({ isAbsent }) => !(isAbsent && partial))
    .map(({ name }) => target.settings[name].path)
    .filter((path) => !spoken.has(path.join('.')));
  if (hidden.length === 0) return null;
  return new LintError(
    `${file}: ${hidden.map(displayPath).join(', ')} was not judged, and a rule that is off hides why`,
    help,
  );
}
