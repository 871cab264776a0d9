import { type Context, rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { pinsOf } from './shared/target.ts';

const PIN = /^[0-9a-f]{64}$/i;
const DIGEST_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const pinFormat = rule({
  id: 'pin-format',
  severity: 'error',
  refusedBy: [],
  stage: 'pair and platform',
  title: 'an accepted pin is not a SHA-256 digest',
  means:
    'An entry of certificate.security_pinned_hashes is not 64 hexadecimal digits, or is the digest of nothing (e3b0c442…).',
  why: 'No certificate has such a pin: clients that get it are locked out. The digest of nothing comes from a command in which OpenSSL read no certificate.',
  sources: [measured('the list is passed to the backend as it is; 64 unquoted digits become a number')],
  bad: 'certificate:\n  security_pinned_hashes:\n    - "sha256/abc="',
  good: 'certificate:\n  security_pinned_hashes:\n    - "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
  fix: 'Compute the pin from the leaf, in hexadecimal.',
  stops: 'error',
  needs: values('pins'),
  check({ target, path, show }) {
    const leafPin = target.material?.chain?.leaf.pinSha256;
    const help = leafPin
      ? `The pin of the leaf is:\n  - "${leafPin}"`
      : "A pin is the SHA-256 digest of the leaf's SubjectPublicKeyInfo, in 64 hexadecimal digits; inspect shows it.";
    return pinsOf(target.settings.pins).flatMap((pin, index) => {
      const reason = diagnose(pin, show);
      if (reason === null) return [];
      return [
        {
          message: `Entry ${index + 1} of ${path('pins')} ${reason}. On install, clients would be told to accept a key that no server has.`,
          help,
        },
      ];
    });
  },
});

function diagnose(pin: unknown, show: Context['show']): string | null {
  if (typeof pin !== 'string') return 'is not a string; put its 64 digits in quotes';
  if (pin.toLowerCase() === DIGEST_OF_NOTHING)
    return 'is the digest of nothing (e3b0c442…), not of a certificate';
  if (PIN.test(pin)) return null;
  if (pin === '') return 'is empty';
  const isHex = /^\s*[0-9a-f]+\s*$/i.test(pin);
  if (isHex && pin.trim().length !== pin.length) return 'has white space around it';
  return isHex
    ? `has ${pin.length} hexadecimal digits, not 64`
    : `is not 64 hexadecimal digits: ${show(pin, 'pin')}`;
}
