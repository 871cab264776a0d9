import type { Validity } from '../inspect/validity.ts';
import { count } from '../text/amount.ts';
import type { Paint } from '../text/paint.ts';

const CELLS = 20;
/** In days, as `lint` warns unless told otherwise. */
const SOON = 30;

/** A bar of the time used and left, with the same in words: `[#######-------------]  31 of 90 days used, 59 left`. */
export function drawBar(validity: Validity, paint: Paint): string {
  const { total, used, left } = validity;
  // What is left shows, be it little.
  const most = left > 0 ? CELLS - 1 : CELLS;
  const filled = total === 0 ? 0 : Math.min(most, Math.round((used / total) * CELLS));
  const bar = `${'#'.repeat(filled)}${'-'.repeat(CELLS - filled)}`;
  return `[${paintOf(validity, paint)(bar)}]  ${wordsOf(validity)}`;
}

/** The same in few words: `59 days left`, `expired 3 days ago`. */
export function timeLeft(validity: Validity): string {
  const { state, unit, left, away } = validity;
  const distance = away > 0 ? count(away, unit) : `less than ${unit === 'day' ? 'a day' : 'an hour'}`;
  switch (state) {
    case 'valid':
      return left > 0
        ? `${count(left, unit)} left`
        : `less than ${unit === 'day' ? 'a day' : 'an hour'} left`;
    case 'expired':
      return `expired ${distance} ago`;
    case 'not-yet-valid':
      return `not valid yet, in ${distance}`;
    case 'never':
      return 'never valid: ends before it begins';
  }
}

function wordsOf(validity: Validity): string {
  const { state, unit, total, used, left } = validity;
  return state === 'valid' && left > 0
    ? `${used} of ${count(total, unit)} used, ${left} left`
    : timeLeft(validity);
}

/** Red where it is not valid, yellow where it ends soon, else green. */
export function paintOf({ state, unit, left }: Validity, paint: Paint): (text: string) => string {
  if (state !== 'valid') return paint.red;
  return unit === 'day' && left >= SOON ? paint.green : paint.yellow;
}
