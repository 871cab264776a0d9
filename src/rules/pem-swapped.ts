import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { isSwapped } from './shared/keys.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const pemSwapped = rule({
  id: 'pem-swapped',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'pem',
  title: 'certificate and key are swapped',
  means: 'tls.crt holds the private key and tls.key holds the certificate.',
  why: 'nginx refuses both. Worse, everything that reads tls.crt as public (the pin, the Ingress) gets the private key.',
  sources: [measured('swapped, the pair is refused by nginx, OpenSSL and Node')],
  bad: 'certificate:\n  tls:\n    crt: "<base64 of my-cert.key>"\n    key: "<base64 of my-cert.crt>"',
  good: 'certificate:\n  tls:\n    crt: "<base64 of my-cert.crt>"\n    key: "<base64 of my-cert.key>"',
  fix: 'Swap the two values.',
  stops: 'error',
  needs: values('crt', 'key'),
  check(context) {
    const { target, path } = context;
    if (!isSwapped(target)) return null;
    return {
      also: ['key'],
      message: `${path('crt')} holds the private key, and ${path('key')} holds the certificate. On install, the router would not start.`,
      help: `Swap the values of ${path('crt')} and ${path('key')}.`,
      commands: encodeOwn(context, 'crt', 'key'),
    };
  },
});
