import type { Certificate } from '../../x509/certificate.ts';
import type { Chain } from '../../x509/chain/chain.ts';
import type { Misled } from '../../x509/chain/misleading-issuer.ts';
import { isForServers } from '../../x509/chain/usable.ts';
import { isAcceptable } from '../cert-critical-extension.ts';
import { isValidAt } from './validity.ts';

/** Whether clients accept a certificate above the leaf at a time; whether it may issue is not asked here. */
export function isUsableAt(certificate: Certificate, { leaf }: Chain, at: Date): boolean {
  return isValidAt(certificate, at) && isForServers(certificate) && isAcceptable(certificate, leaf);
}

/** Where the order of the file leads clients astray at a time (see `Chain.astray`); null where it does not. */
export function misledAt(chain: Chain, at: Date): Misled | null {
  return chain.misled({
    isValid: (certificate) => isValidAt(certificate, at),
    isUsable: (certificate) => isUsableAt(certificate, chain, at),
  });
}
