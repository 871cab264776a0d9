/** How many tokens a parser may still read, over all documents of a file. */
export interface Budget {
  tokens: number;
}

/** The parser takes some 3 µs for each. */
const MAX_TOKENS = 400_000;

/** A budget for one file. */
export function newBudget(): Budget {
  return { tokens: MAX_TOKENS };
}
