import type { Rule } from './rule.ts';
import { measured } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';

export const pairRefused: Rule = {
  id: 'pair-refused',
  severity: 'error',
  stage: 'pair and platform',
  title: 'OpenSSL refuses to load the pair',
  means:
    'OpenSSL, which nginx runs too, refuses to load exactly these bytes, for a reason that no other rule names.',
  why: 'The router does not start.',
  sources: [measured('what OpenSSL refuses, nginx refuses')],
  bad: 'openssl s_server -cert leaf.crt -key leaf.key   # fails',
  good: 'openssl s_server -cert leaf.crt -key leaf.key   # waits for connections',
  fix: 'Try the pair with OpenSSL, which says more.',
  appliesTo: [['crt', 'key']],
  onlyWhenClean: true,
  check(target) {
    const reason = target.material?.refusal() ?? null;
    if (reason === null) return [];
    return [
      {
        about: 'crt',
        message: `OpenSSL refuses to load ${pathOf(target, 'crt')} with ${pathOf(target, 'key')}: ${show(reason)}. On install, the router would not start.`,
        help: 'Try the two files that the values were made from:\n  openssl s_server -cert fullchain.crt -key leaf.key -accept 127.0.0.1:8443',
      },
    ];
  },
};
