import { readFileSync, statSync } from 'node:fs';

/** How a report of each format begins, or how its last line does. */
const REPORTS = [
  /^\s*$/,
  /^\{\n {2}"schemaVersion": 1,\n {2}"tool": \{\n {4}"name": "lightrun-cert"/,
  /^\{\n {2}"\$schema": "(?=[^"]*sarif)[^"]*",\n/,
  /^<\?xml [^\n]*\n<testsuites name="lightrun-cert" /,
  /^(?=[^\n]+:\d{1,9}:\d{1,9}: (?:error|warning|info): )[^\n]* \[[a-z0-9-]+\]\n/,
  /^\[\]\n$|^\[\n {2}\{\n {4}"type": "issue",\n {4}"check_name": /,
  /(?:^|\n)lightrun-cert: [^\n]*\n$/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the last line may be coloured
  /(?:^|\n)(?:\x1b\[\d+m)?\d+ (?:files?|sets? of values|Secrets?): [^\n]*\n$/,
];

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Whether nothing is lost when a path is written to: a report of an earlier run, an empty file, a device, a pipe, or
 * nothing at all.
 */
export function losesNothing(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) return true;
    if (stats.size > MOST_BYTES) return false;
    const text = readFileSync(path, 'utf8');
    return REPORTS.some((report) => report.test(text));
  } catch {
    return false;
  }
}
