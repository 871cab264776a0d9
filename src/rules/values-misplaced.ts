import { deploysSecrets, isUnset } from '../values/settings.ts';
import { isMap, isSamePath } from '../values/values.ts';
import { type Context, rule } from './rule.ts';
import { encodeFiles, OWN_FILES } from './shared/commands.ts';
import { type MisplacedValue, misplacedIn } from './shared/misplaced.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import type { Target } from './shared/target.ts';

export const valuesMisplaced = rule({
  id: 'values-misplaced',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'values',
  title: 'the certificate is not where the chart reads it',
  means:
    'The certificate, the private key or the name of the Secret is in another place or under another name: certificates, existingCert, tls.cert, a flat key tls.crt, tls at the top or in the column of certificate, certificate under general. The message says where each belongs. It is recognised by what is there.',
  why: 'Helm and the chart silently ignore unknown keys: it is as if no certificate were given.',
  sources: [
    measured('the chart reads existing_cert, security_pinned_hashes, tls.crt and tls.key, and nothing else'),
    measured('`certificate: null` ends in a nil pointer error'),
  ],
  bad: 'certificate:\ntls:\n  crt: "LS0tLS1CRUdJTi…"\n  key: "LS0tLS1CRUdJTi…"',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  fix: 'Move each value to where the chart reads it; `lint --fix` does.',
  stops: 'error',
  needs: values('certificate', 'tls', 'existingCert'),
  check(context) {
    const { target, path } = context;
    const found = misplacedIn(target);
    const [first] = found;
    if (first === undefined) return null;
    const move = moveOf(found, context);
    const moves = found.map(({ meant, entry }, index) =>
      index > 0 && found[index - 1]?.meant === meant
        ? `${nameOf(entry.path, context)} after it`
        : `${nameOf(entry.path, context)} belongs in ${path(meant)}`,
    );
    return {
      about: 'certificate',
      message: `The certificate is not where the chart reads it: ${move?.what ?? moves.join(', ')}. On install, ${consequenceOf(target)}`,
      help: `${move?.how ?? 'Move each value to its place'}:\n${blockOf(found, context)}`,
      commands: commandsFor(found, context),
      location: first.entry.keyLocation,
      path: first.entry.path,
      related: found.slice(1).map(({ entry }) => ({ location: entry.keyLocation, path: entry.path })),
    };
  },
});

/** Where `lint --fix` cannot move them, the user's own files go where they belong. */
function commandsFor(found: readonly MisplacedValue[], context: Context): readonly string[] {
  const { certificate, tls, crt, key } = context.target.settings;
  const isOpen = [certificate, tls].every(({ value }) => isUnset(value) || isMap(value));
  if (!isOpen || found.some(({ meant }) => meant === 'existingCert')) return [];
  return encodeFiles(context, {
    ...(isUnset(crt.value) ? { cert: [OWN_FILES.chain] } : {}),
    ...(isUnset(key.value) ? { key: OWN_FILES.key } : {}),
  });
}

function nameOf(path: readonly string[], { target: { root }, showPath }: Context): string {
  const isFlat = path.slice(root.length).some((name) => name.includes('.'));
  return isFlat ? `the flat key "${showPath(path.slice(-1))}"` : showPath(path);
}

/** A block that only has to move as it is: to the left, out of another key, or to the right, under `certificate`. */
function moveOf(
  found: readonly MisplacedValue[],
  { target, path, showPath }: Context,
): { what: string; how: string } | null {
  const { values, root, settings } = target;
  const [first] = found;
  if (!first) return null;
  const right = found.map(({ meant }) => settings[meant].path.slice(root.length));
  const extra = first.entry.path.length - root.length - (right[0]?.length ?? 0);
  const prefix = first.entry.path.slice(root.length, root.length + Math.max(extra, 0));
  const isTooDeep = found.every(({ entry }, index) =>
    isSamePath(entry.path.slice(root.length), [...prefix, ...(right[index] ?? [])]),
  );
  const column = (at: readonly string[]) => values.get(at).keyLocation?.column ?? 1;
  const outer = [...root, ...prefix];
  if (extra > 0 && isTooDeep) {
    const block = [...outer, 'certificate'];
    const columns = column(block) - column([...root, prefix[0] ?? '']);
    return {
      what: `${showPath(block)} is under ${showPath(outer)}, and belongs ${root.length > 0 ? `under ${showPath(root)}` : 'at the top'}`,
      how: `Move ${showPath(block)} ${columnsOf(columns)} to the left`,
    };
  }
  // One key of the right path is missing before the rest: `tls` beside `certificate`, or `crt` beside `tls`.
  for (const depth of [1, 2]) {
    const parent = right[0]?.slice(depth - 1, depth) ?? [];
    const isBeside = found.every(({ entry }, index) => {
      const path = right[index] ?? [];
      const beside = [...path.slice(0, depth - 1), ...path.slice(depth)];
      return path.length > depth && isSamePath(entry.path.slice(root.length), beside);
    });
    if (!isBeside) continue;
    const above = [...root, ...(right[0]?.slice(0, depth) ?? [])];
    if (!values.get(above).present || isMap(values.get(above).value)) continue;
    const moved = [...new Set(found.map(({ entry }) => showPath(entry.path.slice(0, root.length + depth))))];
    return {
      what: `${moved.join(' and ')} ${moved.length > 1 ? 'are' : 'is'} in the column of ${showPath(above)}, and so not under it`,
      how: `Move ${moved.join(' and ')} two columns to the right, under ${path(parent[0] === 'tls' ? 'tls' : 'certificate')}`,
    };
  }
  return null;
}

function columnsOf(columns: number): string {
  return columns === 2 ? 'two columns' : `${columns} columns`;
}

/** As it should be, without any value: what belongs there is named by its key and line. */
function blockOf(found: readonly MisplacedValue[], context: Context): string {
  const {
    target: { root },
    showPath,
  } = context;
  const lines = [...root, 'certificate'].map(
    (name, depth) => `${'  '.repeat(depth + 1)}${showPath([name])}:`,
  );
  const indent = '  '.repeat(root.length + 2);
  const comment = (parts: readonly MisplacedValue[]) => {
    const now = parts.map(({ entry }) => {
      const line = entry.keyLocation ? ` (line ${entry.keyLocation.line})` : '';
      return `${nameOf(entry.path, context)}${line}`;
    });
    return now.length > 0 ? `…  # what is now in ${now.join(', then ')}` : '…';
  };
  const of = (name: MisplacedValue['meant']) => found.filter(({ meant }) => meant === name);
  if (of('existingCert').length > 0) {
    return [...lines, `${indent}existing_cert: ${comment(of('existingCert'))}`].join('\n');
  }
  return [
    ...lines,
    `${indent}tls:`,
    `${indent}  crt: ${comment(of('crt'))}`,
    `${indent}  key: ${comment(of('key'))}`,
  ].join('\n');
}

function consequenceOf({ settings }: Target): string {
  const { certificate, tls } = settings;
  const isBroken = (entry: typeof tls) => entry.present && !isMap(entry.value);
  const needsTls = deploysSecrets(settings);
  if (isBroken(certificate) || (needsTls && isBroken(tls))) return 'the chart would fail to render.';
  if (!needsTls) return 'no Secret would be made, and the pods would wait for it.';
  return 'the Secret of the certificate would be empty, and no pod that needs it would start.';
}
