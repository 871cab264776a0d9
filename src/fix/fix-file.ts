import type { FindOptions } from '../delivery/find.ts';
import { mayHoldReleases } from '../delivery/may-hold-releases.ts';
import type { Input } from '../files/read.ts';
import { replaceFile } from '../files/write.ts';
import type { Io } from '../io.ts';
import { mayHoldSecrets } from '../manifests/may-hold-secrets.ts';
import { displayFile } from '../text/display.ts';
import { editValues } from '../values/edit.ts';
import { readValues } from '../values/read.ts';
import { readSettings } from '../values/settings.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { dropEmptyDocuments } from './empty-document.ts';
import { type FixedFile, fixPair } from './fix-pair.ts';
import { joinIssuers, moveMisplaced } from './misplaced.ts';
import { joinPasted } from './pasted.ts';

/** How a file is fixed. */
export interface FixOptions extends Trust, FindOptions {}

/**
 * Fixes a values file, or the releases and TLS Secrets in a file of manifests.
 * @param isFilter whether kubectl's copy of a Secret, which holds the private key as it was, is removed too
 */
export async function fixInput(input: Input, options: FixOptions, isFilter = false): Promise<FixedFile> {
  const joined = await joinPasted(input.bytes, input.name);
  if (joined === null) return await fixReadable(input, options, isFilter);
  const fixed = await fixReadable({ ...input, bytes: joined.bytes }, options, isFilter);
  return { ...fixed, fixed: [...joined.fixed, ...fixed.fixed] };
}

/** The same for a file that can be read. */
async function fixReadable(input: Input, options: FixOptions, isFilter: boolean): Promise<FixedFile> {
  if (mayHoldSecrets(input.bytes) || mayHoldReleases(input.bytes)) {
    const fixed = await fixManifests(input, options, isFilter);
    if (fixed !== null) return fixed;
  }
  return fixValues(input, options);
}

async function fixValues({ bytes, name }: Input, options: FixOptions): Promise<FixedFile> {
  const { root } = options;
  const lines: string[] = [];
  const dropped = bytes.includes('---') ? await dropEmptyDocuments(bytes) : null;
  if (dropped !== null) lines.push('removed the empty document before the values');
  let next = dropped ?? bytes;
  let file = await readValues(next, name);
  for (const move of [moveMisplaced, joinIssuers]) {
    const isOne = file.ok && file.secondDocument === null;
    const moved =
      file.ok && isOne ? await move({ bytes: next, name, values: file.values }, root, options) : null;
    if (moved === null) continue;
    next = moved.bytes;
    lines.push(...moved.fixed);
    file = await readValues(next, name);
  }
  if (!file.ok) return { bytes, fixed: [], refused: [] };
  const settings = readSettings(file.values, root);
  const fixed = await fixPair(next, settings, options, SHARED, (text, edits) =>
    editValues(text, name, edits),
  );
  return { ...fixed, fixed: [...lines, ...fixed.fixed] };
}

/** The releases, then the TLS Secrets beside them. */
async function fixManifests(
  input: Input,
  options: FixOptions,
  dropsKeyCopies: boolean,
): Promise<FixedFile | null> {
  const [{ fixReleases }, { fixSecrets }] = await Promise.all([
    import('./fix-releases.ts'),
    import('./fix-secrets.ts'),
  ]);
  const releases = await fixReleases(input, options);
  const next = releases === null ? input : { ...input, bytes: releases.bytes };
  const secrets = await fixSecrets(next, options, dropsKeyCopies);
  if (releases === null || secrets === null) return releases ?? secrets;
  return {
    bytes: secrets.bytes,
    fixed: [...releases.fixed, ...secrets.fixed],
    refused: [...releases.refused, ...secrets.refused],
  };
}

const SHARED = {
  why: 'other values share it through an anchor, and would change too',
  help: 'Write the value there without the anchor, then run --fix again.',
};

/**
 * Fixes a file in place, and says on standard error what was fixed.
 * @param path of the file
 * @param input its content
 * @param isDryRun only says what it would fix
 * @returns its content afterwards
 * @throws LintError where the file cannot be replaced
 */
export async function fixFile(
  path: string,
  input: Input,
  { isDryRun, ...options }: FixOptions & { isDryRun: boolean },
  io: Io,
): Promise<Buffer> {
  const fixed = await fixInput(input, options);
  const isWritten = !isDryRun && fixed.bytes !== input.bytes;
  const notes = isWritten ? replaceFile(path, input.bytes, fixed.bytes) : [];
  report(input, fixed, isDryRun, notes, io);
  return isDryRun ? input.bytes : fixed.bytes;
}

/**
 * Fixes standard input, and says on standard error what was fixed.
 * @param isDryRun only says what it would fix
 * @returns the fixed text, for standard output
 */
export async function fixStdin(
  input: Input,
  { isDryRun, ...options }: FixOptions & { isDryRun: boolean },
  io: Io,
): Promise<Buffer> {
  const fixed = await fixInput(input, options, true);
  report(input, fixed, isDryRun, [], io);
  return isDryRun ? input.bytes : fixed.bytes;
}

/** @param notes what the user should know of the file that was written */
function report(
  { name }: Input,
  { fixed, refused }: FixedFile,
  isDryRun: boolean,
  notes: readonly string[],
  io: Io,
): void {
  const shown = displayFile(name);
  if (fixed.length > 0) {
    io.stderr(`${shown}: ${isDryRun ? 'would be fixed' : 'fixed'}\n`);
    for (const line of notes) io.stderr(`${shown}: ${line}\n`);
    for (const line of fixed) io.stderr(`  ${line}\n`);
  }
  for (const line of refused) io.stderr(`${shown}: ${line}\n`);
}
