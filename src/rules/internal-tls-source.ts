import { hasInternalTls } from '../values/settings.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

const SOURCES = ['existing_certificates', 'generate_self_signed_certificates'];

export const internalTlsSource = rule({
  id: 'internal-tls-source',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'values',
  title: 'internal TLS has no valid source of certificates',
  means:
    'general.internal_tls is on, and its certificates.source is neither existing_certificates (the default) nor generate_self_signed_certificates.',
  why: 'It renders silently, with volumes that name no Secret. Kubernetes refuses such a volume of Keycloak.',
  sources: [
    measured('any other source renders `secret:` without `secretName`'),
    'Kubernetes, validateSecretVolumeSource: secretName is required',
  ],
  bad: 'general:\n  internal_tls:\n    enabled: true\n    certificates:\n      source: existing_certificate',
  good: 'general:\n  internal_tls:\n    enabled: true\n    certificates:\n      source: existing_certificates',
  fix: 'Write existing_certificates, or generate_self_signed_certificates, exactly so.',
  needs: values('internalTlsSource', 'internalTls'),
  check({ target, about, entry, path, show }) {
    if (!hasInternalTls(target.settings) || !entry.present) return null;
    const { value } = entry;
    if (typeof value === 'string' && SOURCES.includes(value)) return null;
    const shown =
      typeof value === 'string' && value !== ''
        ? `"${show(value, 'value')}"`
        : value === ''
          ? 'empty'
          : 'not a string';
    return {
      message: `Internal TLS is on, and ${path(about)} is ${shown}; only ${SOURCES.join(' and ')} are valid. On install, the volumes of the internal certificates would name no Secret, and Kubernetes would refuse the StatefulSet of Keycloak.`,
      help: `Write ${SOURCES.join(' or ')}.`,
    };
  },
});
