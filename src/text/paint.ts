/** The colours of the parts of a report. */
export type Paint = Readonly<
  Record<'red' | 'yellow' | 'blue' | 'green' | 'bold' | 'dim', (text: string) => string>
>;

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    `\x1b[${on}m${text}\x1b[${off}m`;

const asItIs = (text: string): string => text;

/** Select Graphic Rendition (ECMA-48). */
export const COLORED: Paint = {
  red: sgr(31, 39),
  yellow: sgr(33, 39),
  blue: sgr(34, 39),
  green: sgr(32, 39),
  bold: sgr(1, 22),
  dim: sgr(2, 22),
};

export const PLAIN: Paint = {
  red: asItIs,
  yellow: asItIs,
  blue: asItIs,
  green: asItIs,
  bold: asItIs,
  dim: asItIs,
};
