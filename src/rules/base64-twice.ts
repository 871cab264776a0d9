import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostic } from './shared/needs.ts';
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
  needs: base64Diagnostic('twice'),
  check({ about, diagnostic, ...context }) {
    const times = diagnostic.times === 2 ? 'twice' : `${diagnostic.times} times`;
    return {
      message: `${context.path(about)} was encoded ${times}: decoded once, it is base64 again. On install, the Secret would be created, but nothing could read the ${about === 'crt' ? 'certificate' : 'key'} in it.`,
      help: 'Encode the PEM file once: what a Secret shows under data is encoded already.',
      commands: encodeOwn(context, about),
    };
  },
});
