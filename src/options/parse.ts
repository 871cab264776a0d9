import { LintError } from '../errors.ts';
import type { Severities } from '../lint/check.ts';
import { RULES } from '../rules/index.ts';
import type { Severity } from '../rules/rule.ts';
import { isHostName } from '../rules/shared/host.ts';
import { nearest } from '../text/nearest.ts';
import { type Arguments, quote, seeHelp } from './flags.ts';

const SEVERITIES: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'off'];
const DEFAULT_DAYS = 30;
const MOST_DAYS = 36500;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The value of a flag that allows only some; the first where it was not given.
 * @throws LintError for any other, naming the nearest
 */
export function oneOf<T extends string>(
  given: Arguments,
  name: string,
  allowed: readonly [T, ...T[]],
  command: string,
): T {
  const value = given.last(name);
  if (value === null) return allowed[0];
  const found = allowed.find((each) => each === value);
  if (found) return found;
  const near = nearest(value, allowed);
  throw new LintError(
    `--${name} ${quote(value)} is none of ${allowed.join(', ')}`,
    near ? `Did you mean ${near}? ${seeHelp(command)}` : seeHelp(command),
  );
}

/**
 * `--at TIME`: RFC 3339, or a date, which means its first moment in UTC.
 * @throws LintError where it is neither, or no day of the calendar
 */
export function timeOf(given: Arguments, now: Date): Date {
  const text = given.last('at');
  if (text === null) return now;
  const time =
    DATE.test(text) || RFC_3339.test(text)
      ? new Date(text.replace(' ', 'T').toUpperCase())
      : new Date(Number.NaN);
  const isRealDay = !Number.isNaN(time.getTime()) && isDay(text.slice(0, 10));
  if (isRealDay) return time;
  throw new LintError(
    `--at ${quote(text)} is no time`,
    'Write a date (2027-01-31) or a time of RFC 3339 (2027-01-31T12:00:00Z).',
  );
}

/** JavaScript takes 30 February for 2 March. */
function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/**
 * `--expires-within DAYS`: a whole number.
 * @throws LintError where it is none
 */
export function parseDays(given: Arguments): number {
  const text = given.last('expires-within');
  if (text === null) return DEFAULT_DAYS;
  if (/^\d{1,5}$/.test(text) && Number(text) <= MOST_DAYS) return Number(text);
  throw new LintError(
    `--expires-within ${quote(text)} is no number of days`,
    `Write a whole number from 0 to ${MOST_DAYS}.`,
  );
}

/**
 * `--host NAME`: a DNS name, in whatever case, Unicode or with a final dot, or an IP address.
 * @returns as certificates write it; null where it was not given
 * @throws LintError where it is neither
 */
export function parseHost(given: Arguments): string | null {
  const text = given.last('host');
  if (text === null) return null;
  // A zone means something on one machine only; the conversion below would read a URL's parts and escapes.
  const isBare = !/[%/?#@\\]/.test(text);
  if (isBare && process.getBuiltinModule('node:net').isIP(text)) return text;
  const host = process.getBuiltinModule('node:url').domainToASCII(text).replace(/\.$/, '').toLowerCase();
  if (isBare && isHostName(host)) return host;
  throw new LintError(
    `--host ${quote(text)} is no host name`,
    'Write a bare name, such as lightrun.example.com, or an IP address.',
  );
}

/**
 * `--root PATH`: keys joined by dots.
 * @throws LintError where a part is empty
 */
export function parseRoot(given: Arguments): string[] {
  const text = given.last('root');
  if (text === null || text === '') return [];
  const parts = text.split('.');
  if (parts.every((part) => part !== '')) return parts;
  throw new LintError(
    `--root ${quote(text)} is no path`,
    'Write keys joined by dots, such as platform.lightrun.',
  );
}

/**
 * Every `--rule ID=SEVERITY`; the last of a rule counts.
 * @throws LintError for an unknown rule or severity, naming the nearest
 */
export function parseSeverities(given: Arguments): Severities {
  const severities = new Map<string, Severity | 'off'>();
  for (const text of given.all('rule')) {
    const at = text.indexOf('=');
    const [id, value] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
    if (!RULES.some((rule) => rule.id === id)) throw unknownRule(id);
    const severity = SEVERITIES.find((each) => each === value);
    if (!severity) {
      throw new LintError(
        `--rule ${quote(text)} names no severity`,
        `Write ${id}=error, ${id}=warning, ${id}=info or ${id}=off.`,
      );
    }
    severities.set(id, severity);
  }
  return severities;
}

/** A rule that does not exist, with the nearest one. */
export function unknownRule(id: string): LintError {
  const near = nearest(
    id,
    RULES.map((rule) => rule.id),
  );
  const hint = near ? `Did you mean ${near}? ` : '';
  return new LintError(`there is no rule ${quote(id)}`, `${hint}All rules: helm lightrun-cert explain`);
}
