import { titleOf } from '../inspect/anchor.ts';
import type { InspectedCertificate, Inspection } from '../inspect/inspect.ts';
import { escapeUnsafe, shorten } from '../text/escape.ts';
import { ordinal } from '../text/ordinal.ts';
import type { Paint } from '../text/paint.ts';
import { paintOf, timeLeft } from './bar.ts';
import { besideWords } from './inspection-words.ts';

const INDENT = '  ';
const GAP = '  ';
const SHORTEST_NAME = 8;
/** Deeper ones stand below each other. */
const DEEPEST = 4;
/** Rows of a list. */
export const MOST_DRAWN = 20;

interface Row {
  head: string;
  name: string;
  place: string;
  tail: string;
  paintTail(text: string): string;
}

/** The chain as a tree from the leaf up, then the other certificates of the file as a list. */
export function drawTree({ path, beside, isInOrder }: Inspection, paint: Paint, width: number): string[] {
  const row = (each: InspectedCertificate, head: string, withPlace: boolean): Row => ({
    head,
    name: escapeUnsafe(titleOf(each.certificate)),
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
    ...(list.length > 0 ? ['', 'Besides, in the same file'] : []),
    ...drawRows(list, paint, width),
    ...more(beside.length - list.length),
  ];
}

function branch(depth: number): string {
  return depth === 0 ? '' : `${'   '.repeat(Math.min(depth, DEEPEST) - 1)}└─ `;
}

function drawRows(rows: readonly Row[], paint: Paint, width: number): string[] {
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
  const head = widest(rows.map((row) => row.head));
  const place = widest(rows.map((row) => row.place));
  const tail = widest(rows.map((row) => row.tail));
  const fixed = INDENT.length + head + GAP.length + GAP.length + tail + (place > 0 ? place + GAP.length : 0);
  const name = Math.max(SHORTEST_NAME, Math.min(widest(rows.map((row) => row.name)), width - fixed));
  return rows.map((row) =>
    [
      INDENT + paint.dim(row.head.padEnd(head)),
      shorten(row.name, name).padEnd(name),
      ...(place > 0 ? [paint.dim(row.place.padEnd(place))] : []),
      row.paintTail(row.tail),
    ].join(GAP),
  );
}

function more(number: number): string[] {
  return number > 0 ? [`${INDENT}and ${number} more`] : [];
}
