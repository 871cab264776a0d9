import { isSet } from '../values/settings.ts';
import { rule } from './rule.ts';
import { encodeFiles, OWN_FILES } from './shared/commands.ts';
import { privateKey } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const keyEncrypted = rule({
  id: 'key-encrypted',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'private key',
  title: 'the private key needs a passphrase',
  means:
    'The private key is encrypted. If secrets.defaults.keystore_password in the same values opens it, the key is checked further, and it is a warning unless an Ingress is on.',
  why: 'The router tries keystore_password as the passphrase; Ingress controllers and cloud load balancers have none.',
  sources: [measured('an encrypted key is refused, unless its passphrase is keystore_password')],
  bad: '-----BEGIN ENCRYPTED PRIVATE KEY-----',
  good: '-----BEGIN PRIVATE KEY-----',
  fix: 'helm lightrun-cert encode --key my-cert.key --write values.yaml   # asks for the passphrase',
  needs: privateKey,
  followsUse: true,
  check({ privateKey, ...context }) {
    const { target, path } = context;
    if (!privateKey.encrypted) return null;
    // A key that is known to be that of another certificate is replaced, not decrypted.
    const isAnother =
      privateKey.openedWithPassphrase && target.material?.chain != null && target.material.owned.length === 0;
    const own = isAnother ? OWN_FILES.key : (target.settings.key.location?.file ?? target.file);
    const remove = {
      help: 'Remove the passphrase: encode asks for it, and writes the key without.',
      // The values hold the key itself. `kubectl` takes no encrypted key.
      commands: own === null || target.file === null ? [] : encodeFiles(context, { key: own }),
    };
    const password = path('keystorePassword');
    if (privateKey.openedWithPassphrase) {
      return {
        refusedBy: ['go'],
        message: `The private key in ${path('key')} is encrypted. ${password} opens it, so the router starts; but an Ingress controller or a cloud load balancer has no passphrase and refuses the Secret.`,
        ...remove,
      };
    }
    const tried = !isSet(target.settings.keystorePassword.value)
      ? ''
      : privateKey.isCostly
        ? `, and ${password} was not tried: deriving the key from it is too costly`
        : `, and ${password} does not open it`;
    return {
      message: `The private key in ${path('key')} is encrypted${tried}. On install, neither the router nor an Ingress controller could load it.`,
      ...remove,
    };
  },
});
