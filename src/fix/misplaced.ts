import { issuersApart, type MisplacedValue, misplacedIn } from '../rules/shared/misplaced.ts';
import { displayPath } from '../text/display.ts';
import { editValues } from '../values/edit.ts';
import { type Move, moveValues } from '../values/move.ts';
import { isChartKey, readSettings, type Settings, sourceOf } from '../values/settings.ts';
import { resolvedText } from '../values/unresolved.ts';
import { type Entry, isSamePath, type Values } from '../values/values.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { pemText } from '../x509/pem-block.ts';
import { isCertificateBlock } from '../x509/pem-label.ts';
import { fixBase64 } from './base64.ts';
import { keyOwnerIn, orderedChain } from './chain.ts';
import { fixPem } from './pem.ts';

/** A values file of one document, and what it holds. */
export interface ReadFile {
  bytes: Buffer;
  name: string;
  values: Values;
}

/** A file in which something was moved, and what, in lines for people. */
export interface MovedFile {
  bytes: Buffer;
  fixed: readonly string[];
}

/**
 * Moves the certificate, the private key or the name of the Secret to where the chart reads them.
 * @param root where the Lightrun chart's values are; empty for the top
 * @returns null where none is misplaced, or not all can be moved
 */
export async function moveMisplaced(
  { bytes, name, values }: ReadFile,
  root: readonly string[],
): Promise<MovedFile | null> {
  const settings = readSettings(values, root);
  const found = misplacedIn({ values, root, settings, source: sourceOf(settings) });
  const first = found.filter(({ meant }, index) => found.findIndex((each) => each.meant === meant) === index);
  const moves = joined(
    first.map((each) => moveOf(each, settings)),
    values,
    settings,
  );
  let next = bytes;
  for (const move of moves) {
    const moved = values.get(move.to).present
      ? await filledIn(next, name, move)
      : await moveValues(next, [move]);
    if (moved === null) return null;
    next = moved;
  }
  if (moves.length === 0) return null;
  const fixed = moves.map(({ from, to }) => {
    const { keyLocation } = values.get(from);
    const flat = from.find((key) => key.includes('.'));
    const shown = flat === undefined ? displayPath(from) : `"${displayPath([flat])}"`;
    return `${shown} (line ${keyLocation?.line}): moved to ${displayPath(to)}`;
  });
  return { bytes: next, fixed };
}

function moveOf({ meant, entry }: MisplacedValue, settings: Settings): Move {
  return { from: entry.path, to: settings[meant].path };
}

/** The same moves with as much at once as possible: a mapping that moves as it is, with what belongs beside it. */
function joined(moves: readonly Move[], values: Values, settings: Settings): Move[] {
  const [first] = moves;
  const [from, to] = [first?.from.slice(0, -1) ?? [], first?.to.slice(0, -1) ?? []];
  // `general` is more than the certificate that was put into it.
  const holder = from.at(-1) ?? '';
  if (isChartKey(holder) && holder !== 'certificate') return [...moves];
  if (from.length === 0 || to.length < settings.certificate.path.length || values.get(to).present)
    return [...moves];
  const beside = [settings.existingCert, settings.pins].map(({ path }) => path);
  const isAlong = ({ path }: { path: readonly string[] }) => {
    const target = [...to, path.at(-1) ?? ''];
    const isMoved = moves.some((move) => isSamePath(move.from, path) && isSamePath(move.to, target));
    return isMoved || beside.some((each) => isSamePath(each, target));
  };
  const isWhole =
    moves.every((move) => isSamePath(move.from.slice(0, -1), from)) && values.entries(from).every(isAlong);
  return isWhole ? joined([{ from, to }], values, settings) : [...moves];
}

/** Puts a value where there is an empty one. */
async function filledIn(bytes: Buffer, name: string, { from, to }: Move): Promise<Buffer | null> {
  const replaced = await moveValues(bytes, [{ from, to }]);
  if (replaced !== null) return replaced;
  const emptied = await editValues(bytes, name, [{ path: to, text: null }]);
  return emptied.ok ? moveValues(emptied.bytes, [{ from, to }]) : null;
}

/**
 * Adds certificates beside `tls.crt`, such as `tls.ca`, to it where they are part of the chain, and removes their keys.
 * @param root where the Lightrun chart's values are; empty for the top
 * @returns null where there are none
 */
export async function joinIssuers(
  { bytes, name, values }: ReadFile,
  root: readonly string[],
  trust: Trust,
): Promise<MovedFile | null> {
  const settings = readSettings(values, root);
  const own = certificatesOf(settings.crt);
  const issuers = own === null ? [] : issuersApart({ values, settings });
  const above = issuers.map(certificatesOf);
  if (own === null || issuers.length === 0 || above.includes(null)) return null;
  const all = [...own, ...above.flatMap((each) => each ?? [])].map((each, index) => each.withIndex(index));
  const key = resolvedText(settings.key.value);
  const ordered = orderedChain(all, keyOwnerIn(key === null ? null : fixBase64(key).bytes), trust);
  if (ordered === null || ordered.unrelated.some(({ index }) => index >= own.length)) return null;
  const pem = [...ordered.members, ...ordered.unrelated, ...ordered.disconnected].map(({ der }) =>
    pemText('CERTIFICATE', der),
  );
  const edited = await editValues(bytes, name, [
    { path: settings.crt.path, text: Buffer.from(pem.join('')).toString('base64') },
    ...issuers.map(({ path }) => ({ path, text: null })),
  ]);
  if (!edited.ok) return null;
  const fixed = issuers.map(
    ({ path, keyLocation }) =>
      `${displayPath(path)} (line ${keyLocation?.line}): moved into ${displayPath(settings.crt.path)}, after the leaf`,
  );
  return { bytes: edited.bytes, fixed };
}

/** The certificates of a value that holds nothing else, also where `lint --fix` would fix it; else null. */
export function certificatesOf({ value }: Entry): Certificate[] | null {
  const text = resolvedText(value);
  const bytes = text === null ? null : fixBase64(text).bytes;
  const blocks = (bytes && fixPem(bytes)?.blocks) ?? [];
  const read = blocks.filter(isCertificateBlock).map(readCertificate);
  const certificates = read.flatMap((each) => (each.ok ? [each.certificate] : []));
  return certificates.length > 0 && certificates.length === blocks.length ? certificates : null;
}
