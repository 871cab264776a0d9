import { base64Invalid } from './base64-invalid.ts';
import { base64NotEncoded } from './base64-not-encoded.ts';
import { base64Twice } from './base64-twice.ts';
import { base64Wrapped } from './base64-wrapped.ts';
import { certBackendName } from './cert-backend-name.ts';
import { certCriticalExtension } from './cert-critical-extension.ts';
import { certExpired } from './cert-expired.ts';
import { certExpiring } from './cert-expiring.ts';
import { certHostMismatch } from './cert-host-mismatch.ts';
import { certManagerRotation } from './cert-manager-rotation.ts';
import { certNoSan } from './cert-no-san.ts';
import { certNonstandard } from './cert-nonstandard.ts';
import { certNotForServers } from './cert-not-for-servers.ts';
import { certNotYetValid } from './cert-not-yet-valid.ts';
import { certSelfSigned } from './cert-self-signed.ts';
import { certUnreadable } from './cert-unreadable.ts';
import { certValidityLong } from './cert-validity-long.ts';
import { certWeakSignature } from './cert-weak-signature.ts';
import { chainBroken } from './chain-broken.ts';
import { chainExtra } from './chain-extra.ts';
import { chainIncomplete } from './chain-incomplete.ts';
import { chainNoRoot } from './chain-no-root.ts';
import { chainNotACa } from './chain-not-a-ca.ts';
import { chainOrder } from './chain-order.ts';
import { deliveryAmbiguous } from './delivery-ambiguous.ts';
import { deliveryShadowed } from './delivery-shadowed.ts';
import { endpointFormat } from './endpoint-format.ts';
import { internalTlsSecrets } from './internal-tls-secrets.ts';
import { internalTlsSource } from './internal-tls-source.ts';
import { keyEncrypted } from './key-encrypted.ts';
import { keyFormat } from './key-format.ts';
import { keyMismatch } from './key-mismatch.ts';
import { keyUnreadable } from './key-unreadable.ts';
import { keyUnsupported } from './key-unsupported.ts';
import { keyWeak } from './key-weak.ts';
import { keystorePassword } from './keystore-password.ts';
import { noRollout } from './no-rollout.ts';
import { pairRefused } from './pair-refused.ts';
import { pemMalformed } from './pem-malformed.ts';
import { pemMissing } from './pem-missing.ts';
import { pemNoise } from './pem-noise.ts';
import { pemSwapped } from './pem-swapped.ts';
import { pemWrongBlock } from './pem-wrong-block.ts';
import { pinChanges } from './pin-changes.ts';
import { pinFormat } from './pin-format.ts';
import { pinMissing } from './pin-missing.ts';
import { placeholder } from './placeholder.ts';
import type { Rule } from './rule.ts';
import { secretGoing } from './secret-going.ts';
import { secretKeyMissing } from './secret-key-missing.ts';
import { secretMissing } from './secret-missing.ts';
import { secretName } from './secret-name.ts';
import { secretTooLarge } from './secret-too-large.ts';
import { secretType } from './secret-type.ts';
import { sourceConflict } from './source-conflict.ts';
import { sourceIgnored } from './source-ignored.ts';
import { sourceIncomplete } from './source-incomplete.ts';
import { sourceMissing } from './source-missing.ts';
import { switchText } from './switch-text.ts';
import { valuesDuplicateKey } from './values-duplicate-key.ts';
import { valuesManyDocuments } from './values-many-documents.ts';
import { valuesMisplaced } from './values-misplaced.ts';
import { valuesSyntax } from './values-syntax.ts';
import { valuesType } from './values-type.ts';
import { valuesUnknownKey } from './values-unknown-key.ts';
import { valuesUnresolved } from './values-unresolved.ts';

/**
 * Every rule, in the order in which a value passes them: values, base64, PEM, private key, certificate, chain, pair
 * and platform, cluster. A rule that stops a value comes before the rules that it stops.
 */
export const RULES: readonly Rule[] = [
  valuesSyntax,
  deliveryShadowed,
  deliveryAmbiguous,
  valuesManyDocuments,
  valuesDuplicateKey,
  valuesUnresolved,
  valuesMisplaced,
  valuesType,
  valuesUnknownKey,
  placeholder,
  sourceMissing,
  sourceConflict,
  sourceIncomplete,
  sourceIgnored,
  secretName,
  switchText,
  internalTlsSource,
  internalTlsSecrets,
  keystorePassword,
  base64NotEncoded,
  base64Wrapped,
  base64Invalid,
  base64Twice,
  pemMissing,
  pemMalformed,
  pemSwapped,
  pemWrongBlock,
  pemNoise,
  keyFormat,
  keyEncrypted,
  keyUnreadable,
  keyWeak,
  keyUnsupported,
  keyMismatch,
  certUnreadable,
  certNonstandard,
  certExpired,
  certNotYetValid,
  certExpiring,
  certValidityLong,
  certWeakSignature,
  certNotForServers,
  certCriticalExtension,
  certNoSan,
  certHostMismatch,
  certSelfSigned,
  chainOrder,
  chainIncomplete,
  chainNoRoot,
  chainBroken,
  chainNotACa,
  chainExtra,
  endpointFormat,
  pinFormat,
  pinMissing,
  secretTooLarge,
  certBackendName,
  pairRefused,
  certManagerRotation,
  pinChanges,
  noRollout,
  secretMissing,
  secretGoing,
  secretKeyMissing,
  secretType,
];

/** What a rule finds, in a few words; its identifier where there is no such rule. */
export function ruleTitle(id: string): string {
  return RULES.find((rule) => rule.id === id)?.title ?? id;
}
