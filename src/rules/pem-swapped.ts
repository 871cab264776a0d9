import type { Rule } from './rule.ts';
import { isSwapped } from './shared/pem.ts';
import { measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const pemSwapped: Rule = {
  id: 'pem-swapped',
  severity: 'error',
  stage: 'pem',
  title: 'certificate and key are swapped',
  means: 'tls.crt holds the private key and tls.key holds the certificate.',
  why: 'nginx refuses both. Worse, whatever reads tls.crt as public (the pin, the Ingress) gets the private key.',
  sources: [measured('swapped, the pair is refused by nginx, OpenSSL and Node')],
  bad: 'certificate:\n  tls:\n    crt: "<base64 of leaf.key>"\n    key: "<base64 of leaf.crt>"',
  good: 'certificate:\n  tls:\n    crt: "<base64 of leaf.crt>"\n    key: "<base64 of leaf.key>"',
  fix: 'Exchange the two values.',
  appliesTo: [['crt', 'key']],
  stops: 'error',
  check(target) {
    if (!isSwapped(target)) return [];
    const [crt, key] = [pathOf(target, 'crt'), pathOf(target, 'key')];
    return [
      {
        about: 'crt',
        message: `${crt} holds the private key, and ${key} holds the certificate. On install, the router would not start.`,
        help: `Exchange the values of ${crt} and ${key}.`,
      },
    ];
  },
};
