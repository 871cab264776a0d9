import { YamlError } from './error.ts';

/** How many documents of a file are read. */
export const MAX_DOCUMENTS = 2_000;
/** How many lines of a file are read. */
export const MAX_LINES = 500_000;
/** How many tokens `yaml` may read of a file: it takes some 3 µs for each. */
const MAX_TOKENS = 400_000;
/** How long a double-quoted scalar may be: `yaml` reads it character by character. */
export const MAX_QUOTED = 4 * 1024 * 1024;
/** How deep the fast reader follows; it leaves deeper values to the parser. */
export const MAX_FAST_DEPTH = 500;
/** go-yaml's limit, on flow collections and on block collections alike. */
export const MAX_DEPTH = 10_000;

/** How many tokens `yaml` may still read, over all documents of a file. */
export interface Budget {
  tokens: number;
}

/** The budget of one file. */
export function newBudget(): Budget {
  return { tokens: MAX_TOKENS };
}

/** Helm's own limit on nesting is exceeded. */
export function tooDeepForHelm(): YamlError {
  return new YamlError(
    'values are nested more than 10,000 levels deep, and Helm refuses that',
    'Flatten the values.',
    0,
    0,
  );
}

/** Nested more deeply than this program can follow; Helm may read it. */
export function tooDeep(): YamlError {
  return new YamlError(
    'values are nested too deeply for this check, so the file was not checked',
    'Flatten the values, or lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}

/** Too much for this program to read in reasonable time; Helm may read it. */
export function tooLarge(): YamlError {
  return new YamlError(
    'the file holds too many or too long values for this check, so the file was not checked',
    'Lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}
