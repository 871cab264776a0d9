import { CONSUMER_NAMES } from '../clients/refusal.ts';
import type { InspectedCertificate, Inspection } from '../inspect/inspect.ts';
import type { TextLayout } from '../options/report.ts';
import { ruleTitle } from '../rules/index.ts';
import { ordinal } from '../text/amount.ts';
import { escapeCommands } from '../text/ci-commands.ts';
import { branch, escapeUnsafe } from '../text/display.ts';
import type { Paint } from '../text/paint.ts';
import { PROGRAM } from '../text/shell.ts';
import { displayWidth, pad, splitAt, truncate } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import type { Certificate } from '../x509/certificate.ts';
import {
  anchorWords,
  besideWords,
  drawBar,
  keyWords,
  paintOf,
  placeWords,
  timeLeft,
} from './inspection-words.ts';

const INDENT = '  ';
const GAP = '  ';
const LABEL_WIDTH = 11;
/** Columns before the text of a field. */
const FIELD_START = INDENT.length + LABEL_WIDTH + GAP.length;
const MARGIN = 4;
const MOST_LINES = 4;
const MOST_NAMES = 12;
const SHORTEST_NAME = 8;
/** Rows of a list, and certificates that are shown in full. */
const MOST_DRAWN = 20;

const UNKNOWN = 'unknown, because not all certificates can be read';
const NO_SERVER = "none: this is a CA certificate, not a server's";

/**
 * The drawing for people, the most important first: what is wrong, the chain with the time left, the private key, the
 * anchor, the pin; then each certificate in full.
 */
export function formatInspection(inspection: Inspection, { paint, width }: TextLayout): string {
  const { name, path, beside, isInOrder } = inspection;
  const distinct = [...path, ...beside.filter(({ copyOf }) => copyOf === null)];
  const left = distinct.length - MOST_DRAWN;
  const withPlace = !isInOrder || beside.length > 0;
  const blocks = [
    [paint.bold(escapeUnsafe(name)), ...drawDiagnostics(inspection, paint, width)],
    drawTree(inspection, paint, width),
    drawSummary(inspection, paint, width),
    drawConsumers(inspection, paint, width),
    drawPin(inspection, paint),
    ...distinct.slice(0, MOST_DRAWN).map((each) => drawCertificate(each, { paint, width, withPlace })),
    left > 0 ? [`and ${left} more; all of them: --format json`] : [],
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return escapeCommands(`${text.join('\n\n')}\n`);
}

function drawDiagnostics(
  { diagnostics, help, source, path, isInOrder }: Inspection,
  paint: Paint,
  width: number,
): string[] {
  const messages = diagnostics.map(({ message }) => message);
  if (!isInOrder) {
    const order = path.map(({ position }) => position).join(', ');
    messages.push(`the file is not in the order of the chain, which is: ${order}`);
  }
  if (messages.length === 0) return [];
  const advice =
    diagnostics.length === 0 && source === 'file' ? `${PROGRAM} encode puts them in order.` : help;
  const lines = messages.flatMap((message) =>
    wrap(message, width - MARGIN).map((line, at) => `${INDENT}${at === 0 ? paint.yellow('!') : ' '} ${line}`),
  );
  return [...lines, ...wrap(advice, width - MARGIN).map((line) => `${' '.repeat(MARGIN)}${line}`)];
}

interface Row {
  head: string;
  name: string;
  place: string;
  tail: string;
  paintTail(text: string): string;
}

/** The chain as a tree from the leaf up, then the other certificates of the file as a list. */
function drawTree({ path, beside, isInOrder }: Inspection, paint: Paint, width: number): string[] {
  const row = (each: InspectedCertificate, head: string, withPlace: boolean): Row => ({
    head,
    name: escapeUnsafe(each.certificate.title),
    place: withPlace ? ordinal(each.position) : '',
    tail: timeLeft(each.validity),
    paintTail: paintOf(each.validity, paint),
  });
  const tree = path
    .slice(0, MOST_DRAWN)
    .map((each, depth) => row(each, branch(depth) + each.role, !isInOrder));
  const list = beside.slice(0, MOST_DRAWN).map((each) => row(each, besideWords(each), true));
  return [
    ...drawRows(tree, paint, width),
    ...more(path.length - tree.length),
    ...(list.length > 0 ? ['', 'Also in the file'] : []),
    ...drawRows(list, paint, width),
    ...more(beside.length - list.length),
  ];
}

function drawRows(rows: readonly Row[], paint: Paint, width: number): string[] {
  const widest = (cells: readonly string[]): number => Math.max(0, ...cells.map(displayWidth));
  const head = widest(rows.map((row) => row.head));
  const place = widest(rows.map((row) => row.place));
  const tail = widest(rows.map((row) => row.tail));
  const fixed = INDENT.length + head + GAP.length + GAP.length + tail + (place > 0 ? place + GAP.length : 0);
  const name = Math.max(SHORTEST_NAME, Math.min(widest(rows.map((row) => row.name)), width - fixed));
  return rows.map((row) =>
    [
      INDENT + paint.dim(row.head.padEnd(head)),
      pad(truncate(row.name, name), name),
      ...(place > 0 ? [paint.dim(row.place.padEnd(place))] : []),
      row.paintTail(row.tail),
    ].join(GAP),
  );
}

function more(number: number): string[] {
  return number > 0 ? [`${INDENT}and ${number} more`] : [];
}

function drawSummary(inspection: Inspection, paint: Paint, width: number): string[] {
  const { certificates, key, hasKey, source, anchor, pin, isComplete } = inspection;
  const room = width - FIELD_START;
  const { status, tone, rest } = keyWords(key, hasKey, certificates.length > 0, source);
  const paintStatus = (line: string): string => (tone === null ? line : line.replace(status, paint[tone]));
  const fields: Field[] = [['key', fold(status + rest, room, MOST_LINES).map(paintStatus)]];
  if (certificates.length > 0) {
    fields.push(['anchor', anchor ? fold(anchorWords(anchor), room, MOST_LINES) : [UNKNOWN]]);
    if (pin === null) fields.push(['pin', [isComplete ? NO_SERVER : UNKNOWN]]);
  }
  return drawFields(fields, paint.dim);
}

/** A line a consumer: whether it accepts, and if not, why. */
function drawConsumers({ consumers }: Inspection, paint: Paint, width: number): string[] {
  if (consumers.length === 0) return [];
  const labels = consumers.map(({ id }) => CONSUMER_NAMES[id]);
  const label = Math.max(...labels.map(({ length }) => length));
  const start = INDENT.length + label + GAP.length;
  return [
    paint.bold('who accepts it'),
    ...consumers.flatMap(({ id, inUse, accepts, because }) => {
      const use = inUse === false ? ' (not in use here)' : '';
      const titles = because.map((rule) => ruleTitle(rule)).join('; ');
      const words = accepts ? `accepts${use}` : `refuses${use}: ${titles}`;
      const [first = '', ...rest] = wrap(words, width - start);
      const status = first.replace(/^(accepts|refuses)/, accepts ? paint.green : paint.red);
      const name = paint.dim(CONSUMER_NAMES[id].padEnd(label));
      return [`${INDENT}${name}${GAP}${status}`, ...rest.map((line) => ' '.repeat(start) + line)];
    }),
  ];
}

function drawPin({ pin }: Inspection, paint: Paint): string[] {
  if (pin === null) return [];
  return [
    `${paint.bold('pin')}, to paste below certificate: in values.yaml`,
    `${INDENT}security_pinned_hashes:`,
    `${INDENT}  - "${pin}"`,
    'and in agent.config of the agents (several pins with commas)',
    `${INDENT}pinned_certs=${pin}`,
  ];
}

/** One certificate in full. */
function drawCertificate(
  inspected: InspectedCertificate,
  { paint, width, withPlace }: TextLayout & { withPlace: boolean },
): string[] {
  const { certificate, role, issuer, position, validity } = inspected;
  const room = width - FIELD_START;
  const text = (value: string): string[] => fold(escapeUnsafe(value), room, MOST_LINES);
  const fields: Field[] = [
    ...namesField(certificate, role === 'leaf', room),
    [
      'valid',
      [`${day(certificate.notBefore)} to ${day(certificate.notAfter)} (UTC)`, drawBar(validity, paint)],
    ],
    ['subject', certificate.subject === '' ? ['none'] : text(certificate.subject)],
    ['issuer', issuer === position ? ['itself'] : text(certificate.issuer)],
    ['key', [certificate.publicKey.description]],
    ['signature', text(certificate.signatureAlgorithm.algorithm)],
    ['serial', text(certificate.serialNumber)],
    ['fingerprint', [certificate.fingerprintSha256]],
  ];
  const place = withPlace ? `, ${placeWords(position)}` : '';
  const head = `${role}${place}: `;
  const title = truncate(escapeUnsafe(certificate.title), width - head.length);
  return [`${paint.bold(role)}${place}: ${title}`, ...drawFields(fields, paint.dim)];
}

/** Clients only look at names that name a server; CA certificates usually have none. */
function namesField({ dnsNames, ipAddresses }: Certificate, isLeaf: boolean, room: number): Field[] {
  const names = [...dnsNames, ...ipAddresses];
  if (names.length === 0) return isLeaf ? [['names', ['none that names a server']]] : [];
  // A space inside a name would break it.
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => truncate(escapeUnsafe(name), room - 1).replaceAll(' ', '\\x20'));
  const rest = names.length > MOST_NAMES ? [`and ${names.length - MOST_NAMES} more`] : [];
  return [['names', [...wrap(shown.join(', '), room), ...rest]]];
}

function day(date: Date): string {
  return date.toISOString().slice(0, date.getUTCFullYear() > 9999 ? 13 : 10);
}

/** A fact with its name; it may take several lines. */
type Field = readonly [label: string, lines: readonly string[]];

/** Facts below each other, their names in one column and their values in another. */
export function drawFields(fields: readonly Field[], paintLabel: (text: string) => string): string[] {
  return fields.flatMap(([label, lines]) =>
    lines.map((line, at) => {
      const head = (at === 0 ? label : '').padEnd(LABEL_WIDTH + GAP.length);
      return `${INDENT}${at === 0 ? paintLabel(head) : head}${line}`;
    }),
  );
}

/**
 * Breaks text into lines of at most `width` characters, at spaces and after commas where there are any, else wherever
 * a line is full; the last of `most` lines then ends with `…`.
 */
export function fold(text: string, width: number, most: number): string[] {
  const lines = wrap(text.trimStart(), width).flatMap((line) => foldWord(line, width));
  if (lines.length <= most) return lines;
  const [last] = splitAt(lines[most - 1] ?? '', width - 1);
  return [...lines.slice(0, most - 1), `${last}…`];
}

function foldWord(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (displayWidth(rest) > width) {
    const [head] = splitAt(rest, width);
    const comma = head.lastIndexOf(',');
    const end = comma > 0 ? comma + 1 : head.length;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}
