import { LintError } from '../errors.ts';
import type { Helm } from '../helm/helm.ts';
import type { Probed } from '../helm/probe.ts';
import type { Io } from '../io.ts';
import type { Severities } from '../lint/check.ts';
import type { LintOptions } from '../lint/lint.ts';
import type { Severity } from '../rules/rule.ts';
import { quote } from '../text/display.ts';
import { asciiHostName, isHostName } from '../text/names.ts';
import { isPrintable, PROGRAM, shellWord } from '../text/shell.ts';
import { isChartKey } from '../values/settings.ts';
import type { KnownRoots } from '../x509/roots.ts';
import type { Arguments, Flag } from './flags.ts';

/** The flag for the place of the values in an umbrella chart; the same in every command that reads or writes values. */
export const ROOT_FLAG: Flag = {
  name: 'root',
  value: 'PATH',
  help: "where the Lightrun chart's values are in an umbrella chart, such as lightrun",
};

/** The flag for the release's name; the same in every command that needs it. */
export const RELEASE_FLAG: Flag = {
  name: 'release',
  value: 'NAME',
  help: 'name of the Helm release, with which the names of the backend and of all else in it begin',
};

/** The flags that say how certificates are checked; the same in every command that checks. */
export const CHECK_FLAGS: readonly Flag[] = [
  ROOT_FLAG,
  {
    name: 'host',
    value: 'NAME',
    help: 'host name that the certificate must cover (default: general.lightrun_endpoint)',
  },
  { name: 'at', value: 'TIME', help: 'check validity at this time, such as 2027-01-31 (default: now)' },
  {
    name: 'expires-within',
    value: 'DAYS',
    help: 'warn of certificates that expire within this many days (default: 30)',
  },
  {
    name: 'rule',
    value: 'ID=SEVERITY',
    help: 'set the severity of a rule: error, warning, info or off; repeatable',
  },
  { name: 'strict', help: 'fail on warnings too' },
  { name: 'require-certificate', help: 'fail where no certificate, private key or Secret name was checked' },
];

/** The flag for private roots; the gate puts a prefix before its name, because Helm has one of that name. */
export function caFileFlag(prefix = ''): Flag {
  return {
    name: `${prefix}ca-file`,
    value: 'FILE',
    help: 'PEM file of roots that count as known besides the public ones; repeatable',
  };
}

/** What `--rule` takes. */
export const SEVERITIES: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'off'];
const DEFAULT_DAYS = 30;
const MOST_DAYS = 36500;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** What messages call a command's own flags. */
interface Advice {
  /** The flag for private roots. */
  caFileFlag: string;
  /** How to go without the Secret in the cluster, as a sentence. */
  skipSecret: string;
}

const ADVICE: Advice = { caFileFlag: '--ca-file', skipSecret: 'Or leave --cluster out, to skip the Secret.' };

/**
 * Reads CHECK_FLAGS.
 * @param caFiles the files of the flag for private roots
 * @param cluster through which the Secret that the values name is read; null where it is not checked
 * @param advice what messages call this command's own flags
 * @throws LintError where one of them is wrong
 */
export async function readCheckOptions(
  given: Arguments,
  io: Io,
  caFiles: readonly string[],
  cluster: Helm | null,
  advice: Advice = ADVICE,
): Promise<LintOptions> {
  return {
    invocation: {
      program: PROGRAM,
      caFiles,
      caFileFlag: advice.caFileFlag,
      kubectl: kubectlOf(cluster, io.env),
    },
    at: parseTime(given, io.now()),
    expiresWithin: parseDays(given),
    host: parseHost(given),
    partial: given.has('partial'),
    root: parseRoot(given),
    release: parseRelease(given),
    severities: await parseSeverities(given),
    roots: await readRoots(caFiles, io),
    readSecret:
      cluster &&
      (async (name, known) =>
        name === null
          ? null
          : (await import('../helm/secret.ts')).readSecret(
              cluster,
              name,
              advice.skipSecret,
              known as Probed | undefined,
            )),
  };
}

/** What kubectl calls the flags of Helm that lead to a cluster; a token is a secret, and is left out. */
const KUBECTL_FLAGS: Readonly<Record<string, string>> = {
  'kube-context': 'context',
  kubeconfig: 'kubeconfig',
  'kube-apiserver': 'server',
  'kube-ca-file': 'certificate-authority',
  'kube-as-user': 'as',
  'kube-as-group': 'as-group',
  'kube-tls-server-name': 'tls-server-name',
};

/**
 * `kubectl` with the flags that lead to the cluster that Helm asks. Helm hands a plugin its own flags as environment.
 * @param helm null where no cluster is asked
 */
export function kubectlOf(helm: Helm | null, env: Io['env']): string {
  const given = (helm?.connection ?? []).flatMap((word) => {
    const [, name = '', value = ''] = /^--([\w-]+)=(.*)$/s.exec(word) ?? [];
    const flag = KUBECTL_FLAGS[name];
    return flag === undefined ? [] : [[flag, value] as const];
  });
  const context = env.HELM_KUBECONTEXT;
  const isContextGiven = given.some(([flag]) => flag === 'context');
  const all = context && !isContextGiven ? [...given, ['context', context] as const] : given;
  const printable = all.filter(([, value]) => isPrintable(value));
  return ['kubectl', ...printable.map(([flag, value]) => `--${flag}=${shellWord(value)}`)].join(' ');
}

/**
 * Reads the roots of `--ca-file`.
 * @returns them and the public ones; null where no file was given
 * @throws LintError where a file cannot be read, or holds no certificate or a broken one
 */
export async function readRoots(caFiles: readonly string[], io: Io): Promise<KnownRoots | null> {
  if (caFiles.length === 0) return null;
  const { readCaFiles } = await import('./ca-file.ts');
  return readCaFiles(caFiles, io);
}

/** Makes an unresolved value an error, where Helm would install it as it is. */
export function failOnUnresolved(options: LintOptions): LintOptions {
  return { ...options, severities: new Map([['values-unresolved', 'error'], ...options.severities]) };
}

/**
 * Reads `--at TIME`: RFC 3339, or a date, which means its first moment in UTC.
 * @throws LintError where it is neither, or not a day of the calendar
 */
export function parseTime(given: Arguments, now: Date): Date {
  const text = given.last('at');
  if (text === null) return now;
  const time =
    DATE.test(text) || RFC_3339.test(text)
      ? new Date(text.replace(' ', 'T').toUpperCase())
      : new Date(Number.NaN);
  const isRealDay = !Number.isNaN(time.getTime()) && isDay(text.slice(0, 10));
  if (isRealDay) return time;
  throw new LintError(
    `--at ${quote(text)} is not a valid time`,
    'Write a date (2027-01-31) or an RFC 3339 time (2027-01-31T12:00:00Z).',
  );
}

/** JavaScript takes 30 February for 2 March. */
function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/** @throws LintError where `--expires-within` is not a whole number */
function parseDays(given: Arguments): number {
  const text = given.last('expires-within');
  if (text === null) return DEFAULT_DAYS;
  if (/^\d{1,5}$/.test(text) && Number(text) <= MOST_DAYS) return Number(text);
  throw new LintError(
    `${given.called('expires-within')} ${quote(text)} is not a valid number of days`,
    `Write a whole number from 0 to ${MOST_DAYS}.`,
  );
}

/**
 * Reads `--host NAME`: a DNS name, in any case, in Unicode or with a trailing dot, or an IP address.
 * @returns it as certificates write it; null where it was not given
 * @throws LintError where it is neither
 */
function parseHost(given: Arguments): string | null {
  const text = given.last('host');
  if (text === null) return null;
  // A zone means something on one machine only; the conversion below would read a URL's parts and escapes.
  const isBare = !/[%/?#@\\]/.test(text);
  if (isBare && process.getBuiltinModule('node:net').isIP(text)) return text;
  const host = asciiHostName(text);
  if (isBare && isHostName(host)) return host;
  throw new LintError(
    `${given.called('host')} ${quote(text, 'host')} is not a valid host name`,
    'Write a bare name, such as lightrun.example.com, or an IP address.',
  );
}

/**
 * Reads `--root PATH`: keys joined by dots.
 * @throws LintError where a part is empty, or the first is a key of the Lightrun chart itself
 */
export function parseRoot(given: Arguments): string[] {
  const text = given.last('root');
  if (text === null || text === '') return [];
  const parts = text.split('.');
  const [first = ''] = parts;
  if (isChartKey(first)) {
    throw new LintError(
      `${given.called('root')} ${quote(text)} is not the place of a subchart: ${first} is a key of the Lightrun chart itself`,
      'Leave --root out if certificate belongs beside it; --root is for an umbrella chart, such as --root lightrun.',
    );
  }
  if (parts.every((part) => part !== '')) return parts;
  throw new LintError(
    `${given.called('root')} ${quote(text)} is not a valid path`,
    'Write keys joined by dots, such as platform.lightrun.',
  );
}

const LONGEST_RELEASE = 53;

/**
 * Reads `--release NAME`.
 * @throws LintError where no release can have that name
 * @see Helm, chartutil.ValidateReleaseName
 */
export function parseRelease(given: Arguments): string | null {
  const name = given.last('release');
  if (name === null) return null;
  const isValid = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
  if (isValid && name.length <= LONGEST_RELEASE) return name;
  throw new LintError(
    `--release ${quote(name, 'object name')} is not a valid name of a release`,
    'Write it as helm list shows it.',
  );
}

/**
 * Reads every `--rule ID=SEVERITY`; the last one of a rule counts.
 * @throws LintError for an unknown rule (naming the nearest one) or severity
 */
async function parseSeverities(given: Arguments): Promise<Severities> {
  const severities = new Map<string, Severity | 'off'>();
  const texts = given.all('rule');
  if (texts.length === 0) return severities;
  const { isRule, unknownRule } = await import('../lint/unknown-rule.ts');
  for (const text of texts) {
    const at = text.indexOf('=');
    const [id, value] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
    if (!isRule(id)) throw unknownRule(id);
    const severity = SEVERITIES.find((each) => each === value);
    if (!severity) {
      throw new LintError(
        `--rule ${quote(text)} has no valid severity`,
        `Write ${id}=error, ${id}=warning, ${id}=info or ${id}=off.`,
      );
    }
    severities.set(id, severity);
  }
  return severities;
}
