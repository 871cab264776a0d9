import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { displayWidth } from '../src/text/width.ts';
import { chain, pkcs8 } from '../test/support/pki.ts';
import { inlineValues } from './example.mjs';

const COMMAND = fileURLToPath(new URL('../dist/lightrun-cert.cjs', import.meta.url));
const ISSUED = new Date('2026-01-01T00:00:00Z');
const SHOWN = '2026-01-15';

/**
 * Runs the built program on throw-away certificates, and draws what it prints: `docs/pictures/NAME.svg` by name. Names
 * and dates are always the same; digits that come from the keys are replaced by others.
 * @throws Error where the program does not end as it should
 */
export function pictures(): Map<string, string> {
  const { all, leaf } = chain({
    keyKind: 'rsa2048',
    at: ISSUED,
    intermediate: { subject: 'CN=Example Intermediate CA' },
    root: { subject: 'CN=Example Root CA' },
  });
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
  try {
    const misordered = all.map(({ pem }) => pem).reverse();
    const values = inlineValues(misordered, pkcs8(leaf.privateKey));
    writeFileSync(join(folder, 'values.yaml'), values, { mode: 0o600 });
    const draw = (args: string, status: number, title: string) =>
      terminalPicture(title, `$ helm lightrun-cert ${args}\n\n${printed(args, folder, status)}`);
    return new Map([
      [
        'before',
        draw('lint values.yaml', 1, 'lint finds certificates in the wrong order, and says how to fix it'),
      ],
      ['after', draw('lint --fix values.yaml', 0, 'lint --fix puts them in order, and finds nothing else')],
      [
        'inspect',
        draw('inspect values.yaml', 0, 'inspect shows the chain, who accepts it, its pin and its dates'),
      ],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both outputs of the program as a plugin, in colour. */
function printed(args: string, folder: string, expected: number): string {
  const { HELM_KUBECONTEXT: _, ...own } = process.env;
  const env = { ...own, HELM_PLUGIN_NAME: 'lightrun-cert', FORCE_COLOR: '1' };
  // By one pipe, in the order in which they are written.
  const all = [COMMAND, ...args.split(' '), '--at', SHOWN];
  const { status, stdout } = spawnSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, ...all], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (status !== expected) throw new Error(`${args} ended with ${status}:\n${stdout}`);
  return stdout.replace(/[0-9a-f]{64}|[0-9A-F]{32}/g, sameDigits);
}

/** As many digits, which depend on nothing but the place. */
function sameDigits(digits: string, place: number): string {
  const others = createHash('sha256').update(String(place)).digest('hex').slice(0, digits.length);
  return digits === digits.toLowerCase() ? others : others.toUpperCase();
}

const FONT_SIZE = 14;
const LINE = 20;
/** The width of a character; every line is stretched to it, whatever the font. */
const COLUMN = 8.4;
const MARGIN = 16;
const COLUMNS = 80;

const STYLE = `
  rect { fill: #ffffff; stroke: #d1d9e0 }
  text { fill: #1f2328; font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
  .red { fill: #cf222e } .green { fill: #1a7f37 } .yellow { fill: #9a6700 } .blue { fill: #0969da }
  .bold { font-weight: bold } .dim { opacity: .7 }
  @media (prefers-color-scheme: dark) {
    rect { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #d29922 } .blue { fill: #58a6ff }
  }
`;

/**
 * Draws text with the escape sequences of `src/text/paint.ts` as a terminal of 80 columns or more shows it, light or dark as the
 * reader has it (SVG 1.1, `prefers-color-scheme`).
 */
export function terminalPicture(title: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  const columns = Math.max(COLUMNS, ...lines.map(columnsOf));
  const [width, height] = [round(columns * COLUMN) + 2 * MARGIN, lines.length * LINE + 2 * MARGIN];
  const classes = new Set<string>();
  const drawn = lines.flatMap((line, index) => drawLine(line, MARGIN + index * LINE + FONT_SIZE, classes));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal acts on
const SGR = /\x1b\[(\d+)m/g;
const ON: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
};
const OFF: Readonly<Record<string, readonly string[]>> = {
  22: ['bold', 'dim'],
  39: ['red', 'green', 'yellow', 'blue'],
};

function columnsOf(line: string): number {
  return displayWidth(line.replace(SGR, ''));
}

/**
 * Each part of one look is an element of its own, in its columns: not all readers place parts within one.
 * @param classes what is on at the start of the line, and then at its end
 */
function drawLine(line: string, y: number, classes: Set<string>): string[] {
  const elements: string[] = [];
  let column = 0;
  for (const [index, part] of line.split(SGR).entries()) {
    if (index % 2 === 0) {
      const text = part.trim();
      const before = columnsOf(part) - columnsOf(part.trimStart());
      if (text !== '') elements.push(element(text, column + before, y, classes));
      column += columnsOf(part);
      continue;
    }
    const on = ON[part];
    if (on !== undefined) classes.add(on);
    for (const off of OFF[part] ?? []) classes.delete(off);
  }
  return elements;
}

function element(text: string, column: number, y: number, classes: ReadonlySet<string>): string {
  const look = classes.size === 0 ? '' : ` class="${[...classes].join(' ')}"`;
  const place = `x="${round(MARGIN + column * COLUMN)}" y="${y}" textLength="${round(columnsOf(text) * COLUMN)}"`;
  return `<text ${place}${look}>${escapeXml(text)}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
