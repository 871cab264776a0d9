import type { Finding } from '../lint/check.ts';
import type { CertificateSummary, Summary } from '../lint/summary.ts';
import type { TextLayout } from '../options/report.ts';
import { count, daysBetween } from '../text/amount.ts';
import { escapeCommands } from '../text/ci-commands.ts';
import { branch, escapeUnsafe, escapeUnsafeLines, shorten } from '../text/display.ts';
import { MAX_NAME_LENGTH } from '../text/names.ts';
import type { Paint } from '../text/paint.ts';
import { PROGRAM } from '../text/shell.ts';
import { displayWidth, pad, truncate } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { resolverOf } from '../values/unresolved.ts';
import {
  type Counts,
  countFindings,
  countNotChecked,
  describeCounts,
  describeIgnoredCount,
  describeNotCheckedCounts,
  isFailure,
  type ReportContext,
} from './context.ts';
import { describeConfiguration, describeIgnored, describeNotChecked, unsaid } from './not-checked.ts';

const INDENT = '    ';
const FIX = 'fix: ';
const MOST_DRAWN = 20;
const SHORTEST_NAME = 16;

/** The report for people: a block for each target, its findings or what was checked, and a line of summary. */
export function formatText(
  summaries: readonly Summary[],
  context: ReportContext,
  layout: TextLayout,
): string {
  const { isQuiet = false } = context;
  const shown = isQuiet
    ? summaries.filter(({ findings, ignored }) => findings.length + ignored.length > 0)
    : summaries;
  const blocks = shown.map((summary) => formatTarget(summary, context, layout));
  const remarks = context.configuration ? describeConfiguration(context.configuration) : [];
  const lines = remarks.flatMap(({ message }) => wrap(message, layout.width));
  const parts = [
    ...blocks,
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    ...(isQuiet ? [] : pointerTo(summaries, layout)),
  ];
  return escapeCommands(`${[...parts, formatTotal(summaries, context, layout.paint)].join('\n\n')}\n`);
}

/** Where there is more about the rules. */
function pointerTo(summaries: readonly Summary[], { width }: TextLayout): string[] {
  const rules = new Set(summaries.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const [first] = rules;
  if (first === undefined) return [];
  const rule = rules.size === 1 ? first : 'RULE';
  return [wrap(`More: ${PROGRAM} explain ${rule} (docs/rules.md#${rule})`, width).join('\n')];
}

function formatTarget(summary: Summary, context: ReportContext, layout: TextLayout): string {
  const { name, findings } = summary;
  const counts = countFindings([summary]);
  const parts = findings.map((finding) => formatFinding(finding, name, layout));
  // What a broken file holds is not worth showing before it is fixed.
  const checked =
    counts.error > 0 ? drawNotChecked(summary, layout) : [drawChecked(summary, context.at, layout)];
  const heading = formatHeading(summary, counts, context.strict, layout.paint);
  return [heading, ...checked, ...parts].join('\n\n').replace('\n\n', '\n');
}

function formatHeading(summary: Summary, counts: Counts, strict: boolean, paint: Paint): string {
  const status = isFailure(counts, strict) ? paint.red('failed') : STATUS[summary.checked](paint);
  const total = [describeCounts(counts), ...describeIgnoredCount([summary])].filter(Boolean).join(', ');
  return `${paint.bold(escapeUnsafe(summary.name))}  ${paint.bold(status)}${total === '' ? '' : `  ${total}`}`;
}

const STATUS = {
  full: ({ green }: Paint) => green('ok'),
  part: ({ yellow }: Paint) => yellow('not fully checked'),
  none: ({ yellow }: Paint) => yellow('not checked'),
} as const;

function formatFinding(finding: Finding, name: string, { paint, width }: TextLayout): string {
  const { rule, severity, message, help, commands, location, origin } = finding;
  const place = location
    ? `${escapeUnsafe(location.file)}:${location.line}:${location.column}`
    : escapeUnsafe(origin ?? name);
  const color = { error: paint.red, warning: paint.yellow, info: paint.blue }[severity];
  const indent = (lines: string[]) => lines.map((line) => (line === '' ? '' : INDENT + line));
  const paragraph = (text: string) => indent(wrap(escapeUnsafeLines(text), width - INDENT.length));
  return [
    `  ${place}  ${color(severity)}  ${paint.bold(rule)}`,
    // A command is not wrapped: it is pasted.
    ...commands.map((line, index) => `${INDENT}${index === 0 ? FIX : ' '.repeat(FIX.length)}${line}`),
    ...(commands.length === 0 ? [] : ['']),
    ...paragraph(message),
    '',
    ...paragraph(help),
  ].join('\n');
}

/** `1 file: 1 error, 2 warnings`. */
function formatTotal(
  summaries: readonly Summary[],
  { strict, diagnostics, noun }: ReportContext,
  paint: Paint,
): string {
  const counts = countFindings(summaries);
  const notChecked = countNotChecked(summaries, diagnostics);
  const left = describeNotCheckedCounts(notChecked);
  const parts = [describeCounts(counts) || 'no findings', ...describeIgnoredCount(summaries), ...left];
  const text = `${count(summaries.length + notChecked.unread, noun)}: ${parts.join(', ')}`;
  if (isFailure(counts, strict)) return paint.red(text);
  return left.length > 0 ? paint.yellow(text) : paint.green(text);
}

/** What was checked: the source, the chain from the leaf up, the days left, the private key; and what was not. */
function drawChecked(summary: Summary, at: Date, layout: TextLayout): string {
  const lines = [
    ...describeSource(summary),
    ...linesNotChecked(summary),
    ...summary.notes,
    ...summary.ignored.map(describeIgnored),
  ];
  return [...indented(lines, layout), ...drawChain(summary, at, layout)].join('\n');
}

function drawNotChecked(summary: Summary, layout: TextLayout): string[] {
  const lines = [
    ...unsaid(summary).map(describeNotChecked),
    ...summary.notes,
    ...summary.ignored.map(describeIgnored),
  ];
  return lines.length === 0 ? [] : [indented(lines, layout).join('\n')];
}

function indented(lines: readonly string[], { width }: TextLayout): string[] {
  return lines.flatMap((line) => wrap(line, width - INDENT.length)).map((line) => INDENT + line);
}

function describeSource({
  source,
  existingSecret,
  madeBy,
  paths,
  material,
  live,
  unread,
}: Summary): string[] {
  const hasChain = material !== null && material.path !== null;
  const matches = material?.isKeyOfLeaf ? '; the private key matches it' : '';
  const existingCert = escapeUnsafe(paths.existingCert.join('.'));
  const tls = escapeUnsafe(paths.tls.join('.'));
  if (live?.isFound) {
    const secret = escapeUnsafe(live.name);
    const namespace = escapeUnsafe(live.namespace);
    return hasChain
      ? [
          `The certificate in the Secret ${secret} of the namespace ${namespace}${live.isRendered ? ', as this command makes it,' : ''} was checked${matches}.`,
        ]
      : [];
  }
  switch (source) {
    case 'existing-secret': {
      if (resolverOf(existingSecret)) return [];
      const secret =
        existingSecret === null
          ? 'a Secret'
          : `the Secret ${shorten(escapeUnsafe(existingSecret), MAX_NAME_LENGTH)}`;
      if (madeBy !== null) return [`This ${madeBy} makes ${secret}; what will be in it is not known here.`];
      return [
        `${existingCert} names ${secret}. The values were checked; what is in the Secret was not${unread ? '' : ': the cluster was not asked'}.`,
      ];
    }
    case 'inline':
      return hasChain ? [`The certificate in ${tls} was checked${matches}.`] : [];
    case 'conflict':
      return [`Both ${existingCert} and ${tls} are set; what is in the Secret was not checked.`];
    case 'missing':
      return ['No certificate is set here, so none was checked.'];
    case 'unreadable':
      return ['The values could not be read, so nothing was checked.'];
  }
}

/** What `describeSource` does not say. */
function linesNotChecked({ notChecked, unread }: Summary): string[] {
  return notChecked
    .filter(({ kind }) => kind !== 'missing' && kind !== 'unreadable' && (kind !== 'secret' || unread))
    .map(describeNotChecked);
}

function drawChain({ material }: Summary, at: Date, { paint, width }: TextLayout): string[] {
  const path = (material?.path ?? []).flatMap((position) => material?.certificates[position] ?? []);
  if (path.length === 0) return [];
  const rows = path.slice(0, MOST_DRAWN).map((certificate, depth) => {
    return {
      head: branch(depth) + certificate.role,
      name: escapeUnsafe(certificate.title),
      tail: describeCertificate(certificate, at),
    };
  });
  const headWidth = Math.max(...rows.map(({ head }) => head.length));
  const nameWidth = Math.max(...rows.map(({ name }) => displayWidth(name)));
  const tailWidth = Math.max(...rows.map(({ tail }) => tail.length));
  const room = Math.max(
    SHORTEST_NAME,
    Math.min(nameWidth, width - INDENT.length - headWidth - tailWidth - 4),
  );
  const drawn = rows.map(
    ({ head, name, tail }) =>
      `${INDENT}${paint.dim(head.padEnd(headWidth))}  ${pad(truncate(name, room), room)}  ${tail}`,
  );
  const more = path.length - rows.length;
  return more > 0 ? [...drawn, `${INDENT}and ${more} more`] : drawn;
}

function describeCertificate({ publicKey, notAfter }: CertificateSummary, at: Date): string {
  const days = daysBetween(at, notAfter);
  const left = days < 0 ? 'expired' : `${count(days, 'day')} left`;
  return `${publicKey}, ${left}`;
}
