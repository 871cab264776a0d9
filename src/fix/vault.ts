import { isMap } from '../values/values.ts';
import { pemText } from '../x509/pem-block.ts';
import { readCertificates, readLooseBlocks } from './loose-files.ts';

/** A certificate and its private key as Vault's PKI secrets engine answers, each null where it is not there. */
export interface VaultAnswer {
  /** PEM: the certificate, then its issuers, each once. */
  crt: string | null;
  /** PEM. */
  key: string | null;
}

/** The answer is in `data`; that of a key-value store in `data.data`. */
const DEEPEST = 3;

/**
 * Reads what `vault write -format=json pki/issue/…` prints, or its `data` alone: `certificate`, `ca_chain`, `issuing_ca`,
 * `private_key` (Vault's API, PKI secrets engine, "Generate certificate and key"). Never throws.
 * @returns null where the bytes are anything else
 */
export function readVaultAnswer(bytes: Buffer): VaultAnswer | null {
  const text = bytes.toString('utf8').trim();
  if (!text.startsWith('{') && !text.startsWith('\ufeff{')) return null;
  let answer = parsed(text.replace(/^\ufeff/, ''));
  for (let depth = 0; depth < DEEPEST && isMap(answer); depth += 1) {
    const { certificate, ca_chain: chain, issuing_ca: issuer, private_key: key } = answer;
    if (typeof certificate === 'string' || typeof key === 'string') {
      return { crt: joined([certificate, chain, issuer].flat()), key: keyOf(key) };
    }
    answer = answer.data;
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** With `format=der` it is base64. */
function keyOf(value: unknown): string | null {
  const text = textOf(value);
  return text && (readLooseBlocks(Buffer.from(text)).keys[0]?.text ?? text);
}

/** What cannot be read stays as it is, so that it is said. */
function joined(values: readonly unknown[]): string | null {
  const pems = values.flatMap((value) => {
    const text = textOf(value);
    if (text === null) return [];
    const read = readCertificates(Buffer.from(text));
    return read.ok ? read.certificates.map(({ der }) => pemText('CERTIFICATE', der)) : [`${text}\n`];
  });
  return pems.length > 0 ? [...new Set(pems)].join('') : null;
}
