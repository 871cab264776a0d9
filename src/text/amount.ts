/** In milliseconds. */
export const DAY = 24 * 60 * 60 * 1000;

/** `1 day`, `30 days`, `2 sets of values`. */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : noun.replace(/(?= of |$)/, 's')}`;
}

/** Whole days from one time to another, rounded down; negative where that is earlier. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY);
}

/** `2027-01-31T12:00:00Z`: RFC 3339 in UTC, to the second. */
export function timeOf(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(number: number): string {
  const teens = number % 100 > 10 && number % 100 < 14;
  return `${number}${(teens ? null : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
}
