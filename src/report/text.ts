import type { Finding } from '../lint/check.ts';
import type { Reported } from '../lint/summary.ts';
import { count } from '../text/amount.ts';
import { escapeUnsafe, escapeUnsafeLines, withoutCommands } from '../text/escape.ts';
import type { Paint } from '../text/paint.ts';
import { redact } from '../text/redact.ts';
import { wrap } from '../text/wrap.ts';
import { checkedPart, drawChecked } from './checked.ts';
import { type Counts, countFindings, describeCounts, isFailure } from './summary.ts';

/** How the text report is laid out. */
export interface TextLayout {
  paint: Paint;
  /** Columns of the terminal. */
  width: number;
  /** The time of judgement, for the days that are left. */
  at: Date;
  /** Warnings fail as errors do. */
  strict: boolean;
  /** Targets that could not be read, and stand in no block. */
  unread: number;
  /** What a target is, such as `file`. */
  noun: string;
  /** What to do next with all of it, as lines; null for nothing. */
  advice: string | null;
}

const INDENT = '    ';

/** The report for a person: a block for each target, findings first, then what was judged, and a line of summary. */
export function formatText(outcomes: readonly Reported[], layout: TextLayout): string {
  const blocks = outcomes.map((outcome) => formatOutcome(outcome, layout));
  const advice = layout.advice === null ? [] : [wrap(layout.advice, layout.width).join('\n')];
  return withoutCommands(`${[...blocks, formatSummary(outcomes, layout), ...advice].join('\n\n')}\n`);
}

function formatOutcome(outcome: Reported, layout: TextLayout): string {
  const { target, findings } = outcome;
  const counts = countFindings([outcome]);
  const parts = findings.map((finding) => formatVerdict(finding, target.name, layout));
  // What a broken file holds is not worth showing before it is mended.
  const checked = counts.error > 0 ? [] : [drawChecked(target, layout)];
  return [formatHeading(outcome, counts, layout), ...checked, ...parts].join('\n\n').replace('\n\n', '\n');
}

function formatHeading(outcome: Reported, counts: Counts, { paint, strict }: TextLayout): string {
  const status = isFailure(counts, strict) ? paint.red('failed') : STATUS[checkedPart(outcome)](paint);
  const total = describeCounts(counts);
  return `${paint.bold(escapeUnsafe(outcome.target.name))}  ${paint.bold(status)}${total === '' ? '' : `  ${total}`}`;
}

const STATUS = {
  all: ({ green }: Paint) => green('ok'),
  some: ({ yellow }: Paint) => yellow('not fully judged'),
  none: ({ yellow }: Paint) => yellow('nothing judged'),
} as const;

function formatVerdict(finding: Finding, name: string, { paint, width }: TextLayout): string {
  const { rule, severity, message, help, location, origin } = finding;
  const place = location
    ? `${escapeUnsafe(location.file)}:${location.line}:${location.column}`
    : escapeUnsafe(redact(origin ?? name));
  const color = { error: paint.red, warning: paint.yellow, info: paint.blue }[severity];
  const indent = (lines: string[]) => lines.map((line) => (line === '' ? '' : INDENT + line));
  return [
    `  ${place}  ${color(severity)}  ${paint.bold(rule.id)}`,
    ...indent(wrap(escapeUnsafeLines(message), width - INDENT.length)),
    '',
    ...indent(wrap(escapeUnsafeLines(help), width - INDENT.length)),
  ].join('\n');
}

function formatSummary(outcomes: readonly Reported[], { paint, strict, unread, noun }: TextLayout): string {
  const counts = countFindings(outcomes);
  const isUnjudged = (outcome: Reported) =>
    countFindings([outcome]).error === 0 && checkedPart(outcome) !== 'all';
  const notChecked = outcomes.filter(isUnjudged).length;
  const parts = [
    describeCounts(counts) || 'nothing found',
    ...(notChecked > 0 ? [`${notChecked} not fully judged`] : []),
    ...(unread > 0 ? [`${unread} not read`] : []),
  ];
  const text = `${count(outcomes.length + unread, noun)}: ${parts.join(', ')}`;
  if (isFailure(counts, strict)) return paint.red(text);
  return notChecked + unread > 0 ? paint.yellow(text) : paint.green(text);
}
