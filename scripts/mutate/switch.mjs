// In the copy that `npm run mutate` works in, every mutation asks here whether it is on.
import { mkdirSync, writeFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

const { MUTANT, MUTANTS_SEEN } = process.env;
const chosen = Number(MUTANT ?? -1);
/** @type {Set<number> | null} */
const seen = MUTANTS_SEEN ? new Set() : null;

/** Whether this mutation is on; notes where MUTANTS_SEEN is set that a test came by. */
export function mutant(/** @type {number} */ number) {
  seen?.add(number);
  return number === chosen;
}

if (seen && MUTANTS_SEEN) {
  process.on('exit', () => {
    mkdirSync(MUTANTS_SEEN, { recursive: true });
    writeFileSync(`${MUTANTS_SEEN}/${process.pid}-${threadId}`, [...seen].join(' '));
  });
}
