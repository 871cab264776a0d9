/** In milliseconds. */
export const DAY = 24 * 60 * 60 * 1000;

/** `1 day`, `30 days`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Whole days from one time to another, rounded down; negative where that is earlier. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY);
}
