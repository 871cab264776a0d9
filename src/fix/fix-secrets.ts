import type { Input } from '../files/read.ts';
import { editSecrets } from '../manifests/edit-secrets.ts';
import { findTlsSecrets, type ManifestSecret } from '../manifests/secrets.ts';
import { displayPath } from '../text/display.ts';
import { readSettings } from '../values/settings.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { type FixedFile, fixPair } from './fix-pair.ts';

/**
 * Fixes the TLS Secrets in a file of manifests.
 * @param dropsKeyCopies whether kubectl's copies of the Secrets are removed too
 * @returns null where the file holds no Secret, and so may hold values
 */
export async function fixSecrets(
  input: Input,
  trust: Trust,
  dropsKeyCopies: boolean,
): Promise<FixedFile | null> {
  const { bytes, name } = input;
  const found = await findTlsSecrets(decodeText(bytes).text, name);
  if (found === null) return null;
  let file: FixedFile = { bytes, fixed: [], refused: [] };
  for (const secret of found.ok ? found.secrets : []) {
    const fixed = await fixSecret(file.bytes, name, secret, trust, dropsKeyCopies);
    file = {
      bytes: fixed.bytes,
      fixed: [...file.fixed, ...fixed.fixed],
      refused: [...file.refused, ...fixed.refused],
    };
  }
  return file;
}

const PLAIN = {
  why: 'it is plain text in stringData, or other values share it through an anchor',
  help: 'Write it as base64 in data, then run --fix again.',
};

async function fixSecret(
  bytes: Buffer,
  file: string,
  { values, place, keyCopy }: ManifestSecret,
  trust: Trust,
  dropsKeyCopies: boolean,
): Promise<FixedFile> {
  const edit = (next: Buffer, edits: readonly { path: readonly string[]; text: string | null }[]) =>
    editSecrets(
      next,
      file,
      edits.map((each) => ({ ...each, document: place.document, object: place.path })),
    );
  const { crt, key } = readSettings(values, []);
  const fixed = await fixPair(bytes, { crt, key }, trust, PLAIN, async (next, edits) =>
    edits.some(({ path }) => path[0] !== 'data') ? { ok: false } : edit(next, edits),
  );
  if (!dropsKeyCopies || keyCopy === null) return fixed;
  const without = await edit(fixed.bytes, [{ path: keyCopy, text: null }]);
  const line = `${displayPath(keyCopy)}: removed the copy of the Secret that kubectl apply keeps, with its private key`;
  if (without.ok) return { ...fixed, bytes: without.bytes, fixed: [...fixed.fixed, line] };
  const { refused } = fixed;
  return {
    ...fixed,
    refused: [
      ...refused,
      `${displayPath(keyCopy)} holds a copy of the private key, and was not removed\n  Delete the annotation.`,
    ],
  };
}
