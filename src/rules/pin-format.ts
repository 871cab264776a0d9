import type { Rule } from './rule.ts';
import { pinsOf } from './shared/pins.ts';
import { measured } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';

const PIN = /^[0-9a-f]{64}$/i;
const DIGEST_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const pinFormat: Rule = {
  id: 'pin-format',
  severity: 'error',
  stage: 'pair and platform',
  title: 'an accepted pin is no SHA-256 digest',
  means:
    'An entry of certificate.security_pinned_hashes is not 64 hexadecimal digits, or is the digest of nothing (e3b0c442…).',
  why: 'No certificate has such a pin: clients that get it are locked out. The digest of nothing comes from a command in which OpenSSL read no certificate.',
  sources: [measured('the list is handed to the backend as it stands; 64 unquoted digits become a number')],
  bad: 'certificate:\n  security_pinned_hashes:\n    - "sha256/abc="',
  good: 'certificate:\n  security_pinned_hashes:\n    - "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
  fix: 'Work the pin out from the leaf, in hexadecimal.',
  appliesTo: [['pins']],
  stops: 'error',
  check(target) {
    return pinsOf(target).flatMap((pin, index) => {
      const reason = fault(pin);
      if (reason === null) return [];
      return [
        {
          about: 'pins' as const,
          message: `Entry ${index + 1} of ${pathOf(target, 'pins')} ${reason}. On install, clients would be told to accept a key that no server has.`,
          help: 'Work the pin out from the leaf:\n  openssl x509 -in leaf.crt -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r',
        },
      ];
    });
  },
};

function fault(pin: unknown): string | null {
  if (typeof pin !== 'string') return 'is no text; put its 64 digits in quotes';
  if (pin.toLowerCase() === DIGEST_OF_NOTHING)
    return 'is the digest of nothing (e3b0c442…), and of no certificate';
  if (PIN.test(pin)) return null;
  if (pin === '') return 'is empty';
  const hex = pin.match(/^\s*[0-9a-f]+\s*$/i) !== null;
  if (hex && pin.trim().length !== pin.length) return 'has white space around it';
  return hex ? `has ${pin.length} hexadecimal digits, not 64` : `is not 64 hexadecimal digits: ${show(pin)}`;
}
