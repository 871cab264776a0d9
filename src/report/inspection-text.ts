import type { Inspection } from '../inspect/inspect.ts';
import { escapeUnsafe, withoutCommands } from '../text/escape.ts';
import type { Paint } from '../text/paint.ts';
import { redact } from '../text/redact.ts';
import { wrap } from '../text/wrap.ts';
import { drawFields, FIELD_START, type Field, fold } from './fields.ts';
import { drawCertificate } from './inspection-certificate.ts';
import { drawTree, MOST_DRAWN } from './inspection-tree.ts';
import { anchorWords, keyWords } from './inspection-words.ts';

const INDENT = '  ';
const MARGIN = 4;
const MOST_LINES = 4;

const UNKNOWN = 'unknown, since not all certificates can be read';
const NO_SERVER = "none: this is a CA's certificate, and no server's";

/** How the drawing is laid out. */
export interface InspectionLayout {
  paint: Paint;
  /** Columns of the terminal. */
  width: number;
}

/**
 * The drawing for a person. What one looks for first stands first: what is wrong, the chain with the time left, the
 * key, the anchor, the pin; then all about each certificate.
 */
export function formatInspection(inspection: Inspection, { paint, width }: InspectionLayout): string {
  const { name, path, beside, isInOrder } = inspection;
  const distinct = [...path, ...beside.filter(({ copyOf }) => copyOf === null)];
  const left = distinct.length - MOST_DRAWN;
  const withPlace = !isInOrder || beside.length > 0;
  const blocks = [
    [paint.bold(escapeUnsafe(redact(name))), ...drawTroubles(inspection, paint, width)],
    drawTree(inspection, paint, width),
    drawSummary(inspection, paint, width),
    drawPin(inspection, paint),
    ...distinct.slice(0, MOST_DRAWN).map((each) => drawCertificate(each, { paint, width, withPlace })),
    left > 0 ? [`and ${left} more; all of them: --format json`] : [],
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return withoutCommands(`${text.join('\n\n')}\n`);
}

function drawTroubles(
  { diagnostics, help, source, path, isInOrder }: Inspection,
  paint: Paint,
  width: number,
): string[] {
  const messages = diagnostics.map(({ message }) => message);
  if (!isInOrder) {
    const order = path.map(({ position }) => position).join(', ');
    messages.push(`the order in the file is not that of the chain, which is: ${order}`);
  }
  if (messages.length === 0) return [];
  const advice =
    diagnostics.length === 0 && source === 'file' ? 'helm lightrun-cert encode puts them in order.' : help;
  const lines = messages.flatMap((message) =>
    wrap(message, width - MARGIN).map((line, at) => `${INDENT}${at === 0 ? paint.yellow('!') : ' '} ${line}`),
  );
  return [...lines, ...wrap(advice, width - MARGIN).map((line) => `${' '.repeat(MARGIN)}${line}`)];
}

function drawSummary(inspection: Inspection, paint: Paint, width: number): string[] {
  const { certificates, key, hasKey, anchor, pin, isComplete } = inspection;
  const room = width - FIELD_START;
  const { status, tone, rest } = keyWords(key, hasKey, certificates.length > 0);
  const paintStatus = (line: string): string => (tone === null ? line : line.replace(status, paint[tone]));
  const fields: Field[] = [['key', fold(status + rest, room, MOST_LINES).map(paintStatus)]];
  if (certificates.length > 0) {
    fields.push(['anchor', anchor ? fold(anchorWords(anchor), room, MOST_LINES) : [UNKNOWN]]);
    if (pin === null) fields.push(['pin', [isComplete ? NO_SERVER : UNKNOWN]]);
  }
  return drawFields(fields, paint.dim);
}

function drawPin({ pin }: Inspection, paint: Paint): string[] {
  if (pin === null) return [];
  return [
    `${paint.bold('pin')}, to paste below certificate: in values.yaml`,
    `${INDENT}security_pinned_hashes:`,
    `${INDENT}  - "${pin}"`,
  ];
}
