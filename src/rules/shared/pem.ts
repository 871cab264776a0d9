import type { SettingName } from '../../values/settings.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../../x509/blocks.ts';
import type { PemFacts } from '../../x509/pem.ts';
import type { PemBlock } from '../../x509/pem-block.ts';
import type { EncodedName } from './base64.ts';
import type { Target } from './target.ts';

/** What one of the two values decodes to. */
export function pemOf(target: Target, name: SettingName | undefined): PemFacts | null {
  return target.material?.[name as EncodedName]?.pem ?? null;
}

/** Whether the certificates stand in `key` and the key in `crt`. */
export function isSwapped(target: Target): boolean {
  const crt = pemOf(target, 'crt')?.blocks ?? [];
  const key = pemOf(target, 'key')?.blocks ?? [];
  return crt.some(isPrivateKeyBlock) && !crt.some(isCertificateBlock) && isOnlyCertificates(key);
}

function isOnlyCertificates(blocks: readonly PemBlock[]): boolean {
  return blocks.some(isCertificateBlock) && !blocks.some(isPrivateKeyBlock);
}
