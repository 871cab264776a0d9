import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { material } from './shared/needs.ts';
import { refusedAt } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';
import { publicName } from './shared/words.ts';

export const certUnreadable = rule({
  id: 'cert-unreadable',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go', 'java', 'browser'],
  stage: 'certificate',
  title: 'a block is not a certificate that can be read',
  means:
    'A block is labelled CERTIFICATE, but its content does not parse as one. Its number in the file is named.',
  why: 'nginx and Node refuse the whole file. The pin may still be computed, so it shows late.',
  sources: [
    rfc(5280, '4.1'),
    measured('a good leaf, then a truncated certificate, is refused by nginx and accepted by openssl pkcs12'),
  ],
  bad: '-----BEGIN CERTIFICATE-----\n(a part is missing)\n-----END CERTIFICATE-----',
  good: '-----BEGIN CERTIFICATE-----\n(the whole certificate)\n-----END CERTIFICATE-----',
  fix: 'Get a fresh copy of the certificate.',
  stops: 'error',
  needs: material('crt'),
  check: ({ material, ...context }) =>
    material.unreadable.map(({ index, line, reason }) => ({
      refusedBy: refusedAt(material, index),
      message: `Certificate ${index + 1} in ${context.path('crt')} (line ${line} of the decoded file) cannot be read: ${publicName(reason)}. On install, the router would not start.`,
      help: 'Take the chain from its file again; if that is damaged too, get a fresh copy of the certificate.',
      commands: encodeOwn(context, 'crt'),
    })),
});
