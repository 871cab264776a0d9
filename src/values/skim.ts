import type { Span } from './node.ts';

/** A key whose value need not be parsed: it is evidently fine, and nobody asks for it. */
export interface SkippedKey {
  /** The mapping it stands in. */
  parent: readonly string[];
  name: string;
  key: Span;
  /** Its lines, from the start of the key's line to the start of the next line that is not part of it. */
  lines: Span;
  /** Where the last value in it ends. */
  end: number;
}

/** A key that is parsed, for checking that the parser saw it where the skimmer did. */
export interface KeptKey {
  path: readonly string[];
  start: number;
}

export interface Skimmed {
  skipped: readonly SkippedKey[];
  kept: readonly KeptKey[];
}

const KEY = /[A-Za-z_][\w./-]{0,200}/.source;
// Plain scalars of harmless characters that start with a letter, a digit or `/`: a string, a word, or a number,
// but never infinity; quoted ones on one line without an escape; empty collections.
const PLAIN =
  /(?:[A-Za-z0-9_/]|-\d)[\w./+=~@$%*()<>^;|&-]*(?:(?::(?=[\w/])| (?=[\w./+=~@$%*()<>^;|-]))[\w./+=~@$%*()<>^;|&-]*)*/
    .source;
const VALUE = `"[^"\\\\\\n\\r]*"|'[^'\\n\\r]*'|\\{\\}|\\[\\]|${PLAIN}`;
const LINE = new RegExp(
  `( *)(?:(?:(- +)?(?:(${KEY}):(?: +(?:(${VALUE})|([|>][-+]?)))?|(${VALUE}))(?: *| +#[^\\n]*)|#[^\\n]*))?\\r?(?:\\n|$)`,
  'y',
);
/** Words that Helm reads as something else than a string. */
const WORD = /^(?:y|n|yes|no|true|false|on|off|null)$/i;
const MAX_LINE = 1 << 20;

interface Frame {
  indent: number;
  list: boolean;
}
