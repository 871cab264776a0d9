import type { Rule } from './rule.ts';
import { measured, rfc } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';

export const certUnreadable: Rule = {
  id: 'cert-unreadable',
  severity: 'error',
  stage: 'certificate',
  title: 'a block is no certificate that can be read',
  means:
    'A block says CERTIFICATE, but what is in it is no certificate that parses. Its number in the file is named.',
  why: 'nginx and Node refuse the whole file; the pin may still be worked out, so that the fault shows late.',
  sources: [
    rfc(5280, '4.1'),
    measured('a good leaf, then a truncated certificate, is refused by nginx and accepted by openssl pkcs12'),
  ],
  bad: '-----BEGIN CERTIFICATE-----\n(a part is missing)\n-----END CERTIFICATE-----',
  good: '-----BEGIN CERTIFICATE-----\n(the whole certificate)\n-----END CERTIFICATE-----',
  fix: 'Take that certificate from where it came once more.',
  appliesTo: [['crt']],
  stops: 'error',
  check(target) {
    return (target.material?.unreadable ?? []).map(({ index, line, reason }) => ({
      about: 'crt',
      message: `Certificate ${index + 1} in ${pathOf(target, 'crt')} (line ${line} of the decoded file) cannot be read: ${show(reason)}. On install, the router would not start.`,
      help: 'Take that certificate from where it came once more, try it, and encode the chain anew:\n  openssl x509 -in FILE -noout -subject',
    }));
  },
};
