import { escapeUnsafe } from '../text/escape.ts';
import { redact } from '../text/redact.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import type { ForeignFormat } from '../x509/foreign-format.ts';
import { readMaterial } from '../x509/material.ts';
import { diagnosticsOf, FORMATS, labelsOf, unread } from './diagnostics.ts';
import type { Found } from './found.ts';
import { readLooseFile } from './loose-file.ts';

const HELP = 'Take the file from where it came once more.';

/** What to do with formats that are not opened. */
const ADVICE: Readonly<Partial<Record<ForeignFormat, string>>> = {
  pkcs12:
    'Take the certificates out, and look into them:\n  openssl pkcs12 -in FILE -nokeys -out fullchain.crt',
  jks: 'Take the certificates out, and look into them:\n  keytool -list -rfc -keystore FILE > fullchain.crt',
  utf16: 'Make UTF-8 of it, and look into that:\n  iconv -f UTF-16 -t UTF-8 FILE > FIXED_FILE',
};

/**
 * Looks into a file that is no values file but holds certificates, a key or both.
 * @param name the file's; untrusted text
 * @param roots what counts as a known root; null for the public ones alone
 * @returns null where it may be a values file
 */
export function foundInFile(bytes: Buffer, name: string, roots: KnownRoots | null): Found | null {
  const file = readLooseFile(bytes);
  if (file === null) return null;
  const called = escapeUnsafe(redact(name));
  const nothing = (message: string, help: string): Found => ({
    name,
    source: 'file',
    material: null,
    diagnostics: [unread(message)],
    help,
  });
  switch (file.kind) {
    case 'foreign':
      return nothing(
        `${called} is ${FORMATS[file.format]}`,
        ADVICE[file.format] ?? 'Name a file with a certificate or a private key.',
      );
    case 'other-pem':
      return nothing(
        `${called} holds neither a certificate nor a private key, but: ${labelsOf(file.blocks)}`,
        'Name a file with -----BEGIN CERTIFICATE----- in it.',
      );
    case 'parts': {
      const material = readMaterial(encoded(file.crt), encoded(file.key), null, roots);
      const diagnostics = diagnosticsOf(material, { crt: called, key: called });
      const isLocked = material.privateKey?.state === 'locked';
      return { name, source: 'file', material, diagnostics, help: isLocked ? UNLOCK : HELP };
    }
  }
}

const UNLOCK =
  'Is it the key that is locked? Take its passphrase away, and look into what comes out:\n  openssl pkey -in FILE -out leaf.key';

function encoded(pem: string | null): string | null {
  return pem === null ? null : Buffer.from(pem, 'latin1').toString('base64');
}
