import { isSet } from '../values/settings.ts';
import type { Rule } from './rule.ts';
import { measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const keyEncrypted: Rule = {
  id: 'key-encrypted',
  severity: 'error',
  stage: 'private key',
  title: 'the private key needs a passphrase',
  means:
    'The private key is encrypted. Where secrets.defaults.keystore_password in the same values opens it, this is a warning, and the key is judged on.',
  why: 'The router tries keystore_password as the passphrase; Ingress controllers and cloud load balancers have none.',
  sources: [measured('an encrypted key is refused, unless its passphrase is keystore_password')],
  bad: '-----BEGIN ENCRYPTED PRIVATE KEY-----',
  good: '-----BEGIN PRIVATE KEY-----',
  fix: 'openssl pkey -in leaf.key -out leaf.plain.key',
  appliesTo: [['key']],
  check(target) {
    const { privateKey } = target.material ?? {};
    if (!privateKey?.encrypted) return [];
    const help = `Take the passphrase off, and encode the result (it asks for the passphrase):\n  openssl pkey -in leaf.key -out leaf.plain.key\n  base64 < leaf.plain.key | tr -d '\\n'`;
    const [path, password] = [pathOf(target, 'key'), pathOf(target, 'keystorePassword')];
    if (privateKey.openedWithPassphrase) {
      return [
        {
          about: 'key',
          severity: 'warning',
          message: `The private key in ${path} is encrypted. ${password} opens it, so the router starts; but an Ingress controller or a cloud load balancer has no passphrase and refuses the Secret.`,
          help,
        },
      ];
    }
    const tried = isSet(target.settings.keystorePassword.value) ? `, and ${password} does not open it` : '';
    return [
      {
        about: 'key',
        message: `The private key in ${path} is encrypted${tried}. On install, neither the router nor an Ingress controller could load it.`,
        help,
      },
    ];
  },
};
