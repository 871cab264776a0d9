import { LintError } from '../errors.ts';
import { rule } from './rule.ts';
import { material } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { publicName } from './shared/words.ts';

export const pairRefused = rule({
  id: 'pair-refused',
  severity: 'error',
  refusedBy: ['openssl', 'nginx'],
  stage: 'pair and platform',
  title: 'OpenSSL refuses to load the pair',
  means:
    'OpenSSL, which nginx runs too, refuses to load exactly these bytes, for a reason that no other rule names.',
  why: 'The router does not start.',
  sources: [measured('what OpenSSL refuses, nginx refuses')],
  bad: 'openssl s_server -cert my-cert.crt -key my-cert.key   # fails',
  good: 'openssl s_server -cert my-cert.crt -key my-cert.key   # waits for connections',
  fix: 'Try the pair with OpenSSL, which says more.',
  onlyWhenClean: true,
  needs: material('crt', 'key'),
  check({ material, path }) {
    if (material.isCostly()) throw costlyKey(path('key'));
    const reason = material.refusal();
    if (reason === null) return null;
    return {
      message: `OpenSSL refuses to load ${path('crt')} with ${path('key')}: ${publicName(reason)}. On install, the router would not start.`,
      help: 'Get a fresh copy of the certificate and of the key, or have the certificate reissued.',
    };
  },
});

/** Whether it loads is not known: neither well, nor refused. */
function costlyKey(path: string): LintError {
  return new LintError(
    `${path} is too costly to check: the key derivation of its passphrase takes longer than any that is in use`,
    'Decrypt the key with the program that made it, and put it into the values again.',
  );
}
