/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(number: number): string {
  const teens = number % 100 > 10 && number % 100 < 14;
  return `${number}${(teens ? null : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
}
