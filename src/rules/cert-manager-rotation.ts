import { hasIngress } from '../clients/in-use.ts';
import { isSet } from '../values/settings.ts';
import { isMap } from '../values/values.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

const ANNOTATIONS = ['general', 'router', 'ingress', 'annotations'];
const ISSUERS = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];
const POLICY = 'cert-manager.io/private-key-rotation-policy';

const PIN_CHANGES =
  'cert-manager makes a new key at each renewal (rotationPolicy Always, the default since 1.18), so the pin changes, and agents that hold the old one are locked out.';

export const certManagerRotation = rule({
  id: 'cert-manager-rotation',
  severity: 'error',
  refusedBy: [],
  stage: 'pair and platform',
  title: 'cert-manager owns the Secret, and changes its key',
  means:
    'The annotations of the Ingress (general.router.ingress.annotations) name an issuer of cert-manager, or a Certificate of the same files makes the Secret of existing_cert, without rotationPolicy: Never. An error with certificate.tls, whose Secret then has two owners; a warning with existing_cert.',
  why: 'cert-manager writes its own certificate into the Secret that Helm makes from certificate.tls, and each upgrade writes it back. At each renewal the key changes, and so does the pin that agents hold.',
  sources: [
    measured('the annotations point cert-manager at the Secret that Helm makes from certificate.tls'),
    'cert-manager: privateKey.rotationPolicy is Always by default since 1.18',
  ],
  bad: 'general:\n  router:\n    ingress:\n      annotations:\n        cert-manager.io/cluster-issuer: letsencrypt',
  good: 'certificate:\n  existing_cert: my-tls-secret   # a Certificate with rotationPolicy: Never makes it',
  fix: 'Let a Certificate with rotationPolicy: Never make the Secret, and name that in certificate.existing_cert.',
  needs: values('ingress'),
  check({ target, showPath, path }) {
    const { values, root, settings, source } = target;
    const entry = values.get([...root, ...ANNOTATIONS]);
    if (!isMap(entry.value) || !hasIngress(settings)) return null;
    const annotations = entry.value;
    const issuer = ISSUERS.find((name) => isSet(annotations[name]));
    if (issuer === undefined) return null;
    const place = values.get([...entry.path, issuer]);
    const at = { path: place.path, location: place.location };
    if (source === 'inline') {
      return {
        ...at,
        severity: 'error',
        message: `${showPath(place.path)} lets cert-manager own the very Secret that Helm makes from ${path('tls')}. Each would write over what the other wrote: which certificate clients see would change at each upgrade and renewal.`,
        help: `Remove the annotation; or remove ${path('tls')}, let a Certificate with rotationPolicy: Never make a Secret, and name that in ${path('existingCert')}.`,
      };
    }
    if (source !== 'existing-secret' || annotations[POLICY] === 'Never') return null;
    return {
      ...at,
      severity: 'warning',
      message: `${showPath(place.path)} lets cert-manager make the Secret that ${path('existingCert')} names. ${PIN_CHANGES}`,
      help: `Add the annotation ${POLICY}: Never.`,
    };
  },
  checkMaker({ certificate }) {
    if (certificate === null || certificate.rotationPolicy === 'Never') return null;
    return {
      severity: 'warning',
      field: ['spec', 'privateKey', 'rotationPolicy'],
      message: `This Certificate makes the Secret that existing_cert names. ${PIN_CHANGES}`,
      help: 'Set spec.privateKey.rotationPolicy to Never.',
    };
  },
});
