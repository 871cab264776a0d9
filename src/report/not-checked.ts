import type { NotChecked, Summary } from '../lint/summary.ts';
import { escapeUnsafe } from '../text/display.ts';

/** What was not checked, without what an error of the same target already says. */
export function unsaid({ findings, notChecked }: Summary): readonly NotChecked[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return notChecked;
  const places = errors.flatMap(({ path, related }) => [path, ...related.map((each) => each.path)]);
  const said = new Set(places.map((path) => path.join('.')));
  return notChecked.filter(
    ({ kind, path }) => (kind === 'secret' || kind === 'unresolved') && !said.has(path.join('.')),
  );
}

/** `certificate.tls.crt was not checked: it is filled in later by SOPS.` */
export function describeNotChecked({ path, kind, reason }: NotChecked): string {
  const what = path.length === 0 ? 'The file' : escapeUnsafe(path.join('.'));
  return `${what} was not ${kind === 'secret' || kind === 'broken' ? 'fully ' : ''}checked: ${reason}.`;
}
