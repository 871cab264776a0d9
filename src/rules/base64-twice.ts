import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostics } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const base64Twice = rule({
  id: 'base64-twice',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'base64',
  title: 'encoded twice',
  means:
    'Decoding the value once gives base64 again. This happens when a value is copied out of a Secret and encoded again.',
  why: 'The Secret is created silently; OpenSSL finds no PEM in it, and the pods fail.',
  sources: [measured('encoded twice, the Secret is created and OpenSSL finds no PEM in it')],
  bad: "kubectl get secret my-tls -o jsonpath='{.data.tls\\.crt}' | base64",
  good: "kubectl get secret my-tls -o jsonpath='{.data.tls\\.crt}'",
  fix: 'Encode the PEM file once; what a Secret shows under data is encoded already.',
  stops: 'error',
  needs: base64Diagnostics('twice'),
  check({ found, ...context }) {
    return byMistake(found, ({ diagnostic }) => String(diagnostic.times)).map((alike) => {
      const { times } = alike[0].diagnostic;
      return {
        ...valuesOf(alike),
        message: `${subject(context, alike, 'was', 'were')} encoded ${times === 2 ? 'twice' : `${times} times`}: decoded once, it is base64 again. On install, the Secret would be created, but nothing could read ${WHAT[alike.length === 2 ? 'both' : alike[0].about]} in it.`,
        help: 'Encode a PEM file once, with its BEGIN and END lines; what a Secret shows under data is encoded already.',
        commands: encodeOwn(context, ...alike.map(({ about }) => about)),
      };
    });
  },
});

const WHAT = { crt: 'the certificate', key: 'the key', both: 'the certificate and the key' } as const;
