import { hasInternalTls, isOn, isUnset, type Settings } from '../values/settings.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

/** The names under `existing_certificates`, and whether the chart renders what mounts each. */
const NAMES: readonly (readonly [name: string, isMounted: (settings: Settings) => boolean])[] = [
  ['frontend', () => true],
  ['keycloak', () => true],
  ['keycloak_cluster', ({ keycloakCluster }) => isOn(keycloakCluster, true)],
  ['redis', ({ externalRedis }) => !isOn(externalRedis, false)],
  ['rabbitmq', ({ queue, localQueue }) => isOn(queue, true) && isOn(localQueue, true)],
  ['data_streamer', ({ dataStreamer }) => isOn(dataStreamer, false)],
  ['artifacts', () => true],
];

export const internalTlsSecrets = rule({
  id: 'internal-tls-secrets',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'values',
  title: 'internal TLS lacks the name of a Secret',
  means:
    'general.internal_tls is on with source existing_certificates, and the name of a Secret that a service mounts is empty: frontend, keycloak and artifacts always; keycloak_cluster unless deployments.keycloak.clusterMode is off; redis unless it is external; rabbitmq unless general.mq is off or not local; data_streamer where it is on.',
  why: 'It renders silently. Kubernetes refuses a Deployment or StatefulSet whose volume names no Secret.',
  sources: [
    measured('an empty name renders `secretName:` without a value'),
    'Kubernetes, validateSecretVolumeSource: secretName is required',
  ],
  bad: 'general:\n  internal_tls:\n    enabled: true\n    certificates:\n      existing_certificates:\n        frontend: lightrun-internal\n        keycloak: ""',
  good: 'general:\n  internal_tls:\n    enabled: true\n    certificates:\n      existing_certificates:\n        frontend: lightrun-internal\n        keycloak: lightrun-internal   # and so on',
  fix: 'Name a Secret for each service; it may be the same where its certificate names them all.',
  needs: values('internalTlsSecrets', 'internalTls'),
  check({ target, options, about, path, showPath }) {
    const { settings } = target;
    const { internalTlsSource: source, internalTlsSecrets: secrets } = settings;
    if (!hasInternalTls(settings) || (source.present && source.value !== 'existing_certificates'))
      return null;
    const missing = NAMES.filter(([, isMounted]) => isMounted(settings))
      .map(([name]) => target.values.get([...secrets.path, name]))
      .filter(({ present, value }) => isUnset(value) && (present || !options.partial));
    const [first, ...others] = missing;
    if (first === undefined) return null;
    const names = missing.map((entry) => entry.path.at(-1) ?? '');
    return {
      about,
      location: first.location,
      path: first.path,
      related: others.filter(({ present }) => present),
      message: `Internal TLS is on, and ${path(about)} has no Secret for ${names.join(', ')}. On install, Kubernetes would refuse ${names.length === 1 ? 'what mounts it' : 'all that mount them'}: a volume has to name its Secret.`,
      help: [
        `Name the Secret with the certificate of each service, such as ${showPath(first.path)}.`,
        'It may be the same one where its certificate names all of them.',
      ].join('\n'),
    };
  },
});
