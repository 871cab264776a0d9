import type { Decoded } from './encoding.ts';
import type { GoYamlError } from './go-scanner.ts';
import { BY_GO_PROBLEM, mistakeOf, type ParserError, TEMPLATE } from './mistake.ts';
import type { Span } from './node.ts';
import { Refusal } from './refusal.ts';

/** Helm's own limit on nesting is passed. */
export function depthLimit(): Refusal {
  return new Refusal(
    'values are nested more than 10,000 levels deep, and Helm refuses that',
    'Write flatter values.',
    0,
    0,
  );
}

/** Nested more deeply than this program can follow; Helm may or may not read it. */
export function depthUnread(): Refusal {
  return new Refusal(
    'values are nested too deeply for this check to read, so nothing was judged',
    'Write flatter values, or lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}

/** Too much for this program to parse in good time; Helm may or may not read it. */
export function sizeUnread(): Refusal {
  return new Refusal(
    'the file holds too many or too long values for this check to read, so nothing was judged',
    'Lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}

/** A template's braces where a value belongs. */
export function templateProblem(start: number, end: number): Refusal {
  return new Refusal(...TEMPLATE, start, end);
}

/** A line that starts with `---` and goes on. */
export function separatorProblem({ start, end }: Span): Refusal {
  return new Refusal(
    'a line starts with `---` and goes on: Helm 4 accepts only a comment after it',
    'Start the content on the next line, or indent the line if the dashes belong to a value.',
    start,
    end,
  );
}

/** What stops Helm in a file's bytes. */
export function encodingProblem(decoded: Decoded & { ok: false }): Refusal {
  const { offset } = decoded;
  if (decoded.kind === 'utf16') {
    return new Refusal(
      'the file is UTF-16 text: Helm 3 would read it, Helm 4 refuses it',
      'Save the file as UTF-8.',
      0,
      0,
    );
  }
  if (decoded.kind === 'utf8') {
    return new Refusal('the file is not UTF-8 text', 'Save the file as UTF-8.', offset, offset + 1);
  }
  const code = decoded.code.toString(16).toUpperCase().padStart(4, '0');
  return new Refusal(
    `a control character (U+${code}) stands in the file, and Helm refuses those, also in comments`,
    'Delete the character; in a double-quoted string it can be written as an escape.',
    offset,
    offset + 1,
  );
}

/**
 * What `yaml` finds wrong, in an operator's words.
 *
 * @param error its first
 * @param text the text that was parsed
 * @param unclosed whether it also found a bracket without its closing one
 * @param place maps its offsets to offsets in the file
 * @param byHelm whether Helm refuses the text too
 */
export function parserProblem(
  error: ParserError,
  text: string,
  unclosed: boolean,
  place: (offset: number) => number,
  byHelm: boolean,
): Refusal {
  const { reason, help, start, end } = mistakeOf(error, text, unclosed);
  const said = byHelm ? reason : `${reason} (Helm reads it, this check cannot)`;
  return new Refusal(said, help, place(start), Math.max(place(start), place(end)), byHelm);
}

/** What go-yaml finds wrong, and `yaml` does not. */
export function goProblem({ problem, start, end }: GoYamlError, place: (offset: number) => number): Refusal {
  const [reason, help] = BY_GO_PROBLEM[problem];
  return new Refusal(reason, help, place(start), Math.max(place(start), place(end)));
}
