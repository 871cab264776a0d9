import { DAY } from '../text/amount.ts';

const HOUR = DAY / 24;
const SECOND = 1000;
/** What is valid for less is counted in hours. */
const SHORT = 3 * DAY;

/** How much of a certificate's time is used and left at some time, in whole units. */
export interface Validity {
  /** `never` where the end lies before the beginning. */
  state: 'valid' | 'expired' | 'not-yet-valid' | 'never';
  unit: 'day' | 'hour';
  /** All of it; `used` and `left` add up to it. */
  total: number;
  used: number;
  left: number;
  /** How long ago it ended, or how long until it begins; 0 where it is valid. */
  away: number;
}

/** How much of the time is used and left; both ends belong to it (RFC 5280 section 4.1.2.5). */
export function validityAt({ notBefore, notAfter }: { notBefore: Date; notAfter: Date }, at: Date): Validity {
  const span = notAfter.getTime() - notBefore.getTime() + SECOND;
  const isShort = span < SHORT;
  const whole = (time: number): number => Math.max(0, Math.floor(time / (isShort ? HOUR : DAY)));
  const unit = isShort ? 'hour' : 'day';
  const total = whole(span);
  if (span <= 0) return { state: 'never', unit, total, used: 0, left: 0, away: 0 };
  if (at < notBefore) {
    const away = whole(notBefore.getTime() - at.getTime());
    return { state: 'not-yet-valid', unit, total, used: 0, left: total, away };
  }
  if (at > notAfter) {
    const away = whole(at.getTime() - notAfter.getTime());
    return { state: 'expired', unit, total, used: total, left: 0, away };
  }
  const left = Math.min(total, whole(notAfter.getTime() - at.getTime()));
  return { state: 'valid', unit, total, used: total - left, left, away: 0 };
}
