/** The rules on the Secret in the cluster. */
import { liveSecret, secretCase, type ValuesCase } from '../../support/rule-case.ts';

const cases: ValuesCase[] = [
  secretCase('a Secret as it should be', liveSecret({}), []),
  secretCase('a Secret that does not exist', liveSecret(null), ['secret-missing']),
  secretCase('a Secret that is being deleted', liveSecret(null, { by: 'deletion' }), ['secret-going']),
  secretCase('a Secret that the upgrade deletes', liveSecret(null, { by: 'release', release: 'r' }), [
    'secret-going',
  ]),
  secretCase('a Secret without tls.key', liveSecret({ key: null, keys: ['tls.crt'] }), [
    'secret-key-missing',
  ]),
  secretCase('a Secret of another type', liveSecret({ type: 'Opaque' }), ['secret-type']),
];

export default cases;
