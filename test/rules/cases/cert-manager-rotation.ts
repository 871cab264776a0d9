import { GOOD_YAML, type ValuesCase, valuesCase } from '../../support/rule-case.ts';

const annotated = (more = '', ingress = '') =>
  `general:\n  router:\n    ingress:\n${ingress}      annotations:\n        cert-manager.io/cluster-issuer: letsencrypt\n${more}`;
const EXISTING = 'certificate:\n  existing_cert: my-tls-secret\n';
const NEVER = '        cert-manager.io/private-key-rotation-policy: Never\n';

const cases: ValuesCase[] = [
  valuesCase('an issuer beside certificate.tls', GOOD_YAML + annotated(), ['cert-manager-rotation']),
  valuesCase(
    'a namespaced issuer beside certificate.tls',
    GOOD_YAML + annotated().replace('cluster-issuer', 'issuer'),
    ['cert-manager-rotation'],
  ),
  valuesCase('an issuer beside existing_cert', EXISTING + annotated(), ['cert-manager-rotation=warning']),
  valuesCase('an issuer whose key stays', EXISTING + annotated(NEVER), []),
  valuesCase('an issuer whose key stays has two owners all the same', GOOD_YAML + annotated(NEVER), [
    'cert-manager-rotation',
  ]),
  valuesCase('no Ingress', EXISTING + annotated('', '      enabled: false\n'), []),
  valuesCase('another annotation', EXISTING + annotated().replace('cluster-issuer', 'issuer-kind'), []),
];

export default cases;
