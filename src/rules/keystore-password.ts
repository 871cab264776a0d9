import { trimmedEnd } from '../text/trim.ts';
import { deploysSecrets, hasInternalTls, isSet, passwordText } from '../values/settings.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

/** keytool: "Keystore password must be at least 6 characters". */
const SHORTEST = 6;

export const keystorePassword = rule({
  id: 'keystore-password',
  severity: 'error',
  refusedBy: ['openssl', 'java'],
  stage: 'values',
  title: 'a password with which a keystore cannot be made',
  means:
    'general.internal_tls is on, and secrets.defaults.keystore_password has white space at its beginning or in it; or a Secret with the CA is named too, and the password is empty or shorter than 6 characters, as Helm writes it: unquoted, 00123456 becomes 42798, and 1000000 becomes 1e+06.',
  why: 'The init containers of the backend fail, with openssl pkcs12 or with keytool, and it never starts.',
  sources: [
    measured('an empty password, or one of fewer than 6 characters: keytool fails'),
    measured('white space in it, or before it: openssl pkcs12 fails, because the shell splits it'),
    measured('unquoted, 00123456 becomes 42798'),
  ],
  bad: 'secrets:\n  defaults:\n    keystore_password: 00123456   # becomes 42798',
  good: 'secrets:\n  defaults:\n    keystore_password: "00123456"',
  fix: 'Write at least 6 characters, without white space, in quotes.',
  needs: values('keystorePassword', 'internalTls'),
  check({ target, options, about, entry, path }) {
    const { settings } = target;
    if (!hasInternalTls(settings) || !deploysSecrets(settings)) return null;
    if (!entry.present && options.partial) return null;
    const text = passwordText(entry.value);
    if (text === null) return null;
    const help = 'Write at least 6 characters, without white space, in quotes.';
    // What the shell splits words at; at the end it leaves nothing.
    if (/[ \t\n][^ \t\n]/.test(text)) {
      return {
        refusedBy: ['openssl'],
        message: `${path(about)} has white space ${/^[ \t\n]/.test(text) ? 'at its beginning' : 'in it'}. On install, the shell of an init container would split it, openssl pkcs12 would fail, and the backend would never start.`,
        help,
      };
    }
    const { length } = Array.from(trimmedEnd(text, ' \t\n'));
    if (length >= SHORTEST || !isSet(settings.internalTlsCa.value)) return null;
    const isNumber = typeof entry.value === 'number';
    const what = length === 0 ? (entry.present ? 'empty' : 'not set') : `shorter than ${SHORTEST} characters`;
    return {
      refusedBy: ['java'],
      message: `${path(about)} is ${what}${isNumber ? ', as Helm writes that number' : ''}: keytool takes no such password. On install, an init container would fail, and the backend would never start.`,
      help: isNumber ? `Put it in quotes. ${help}` : help,
    };
  },
});
