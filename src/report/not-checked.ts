import type { NotChecked, Summary } from '../lint/summary.ts';
import type { Configuration } from '../options/config.ts';
import { escapeUnsafe } from '../text/display.ts';

/** What was not checked, without what an error of the same target already says. */
export function unsaid({ findings, notChecked }: Summary): readonly NotChecked[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return notChecked;
  const places = errors.flatMap(({ path, related }) => [path, ...related.map((each) => each.path)]);
  const said = new Set(places.map((path) => path.join('.')));
  return notChecked.filter(
    ({ kind, path }) =>
      (kind === 'secret' || kind === 'unresolved' || kind === 'layer') && !said.has(path.join('.')),
  );
}

/** `chain-order is ignored by a comment: certificate.tls.crt.` */
export function describeIgnored({ rule, path, location }: Summary['ignored'][number]): string {
  const line = location === null ? '' : ` (line ${location.line})`;
  return `${rule} is ignored by a comment: ${escapeUnsafe(path.join('.')) || 'the file'}${line}.`;
}

/** `certificate.tls.crt was not checked: it is filled in later by SOPS.` */
export function describeNotChecked({ path, kind, reason }: NotChecked): string {
  const what = path.length === 0 ? 'The file' : escapeUnsafe(path.join('.'));
  return `${what} was not ${kind === 'secret' || kind === 'broken' ? 'fully ' : ''}checked: ${reason}.`;
}

/** What a configuration file changed and left out, a sentence each. */
export function describeConfiguration(configuration: Configuration): {
  id: 'configuration' | 'excluded';
  message: string;
}[] {
  const { name, changes, excluded } = configuration;
  const file = escapeUnsafe(name);
  const list = (words: readonly string[]) => words.map(escapeUnsafe).join(', ');
  const what = excluded.length === 1 ? '1 file was' : `${excluded.length} files were`;
  return [
    ...(changes.length > 0
      ? [{ id: 'configuration', message: `${file} sets ${list(changes)}.` } as const]
      : []),
    ...(excluded.length > 0
      ? [{ id: 'excluded', message: `${what} left out by ${file}: ${list(excluded)}.` } as const]
      : []),
  ];
}
