import { fullnameOf, isOn, isSet, type Settings } from './settings.ts';

/** What an upgrade leaves running as it is, though what it mounts changes. */
interface Component {
  kind: 'deployment' | 'statefulset';
  /** Its name is `<fullname>-<suffix>`. */
  suffix: string;
  /** The Secrets of certificates that it mounts, by the values; none where it is not rendered. */
  secretsOf(settings: Settings, certificate: string): readonly unknown[];
  /** What else of these values its pod template depends on. */
  podOf(settings: Settings): readonly unknown[];
}

/** The accepted pins as the chart passes them on; empty where there are none. */
function pinsText({ pins: { value } }: Settings): string {
  return Array.isArray(value) ? value.join(',') : isSet(value) ? String(value) : '';
}

const isInternal = ({ internalTls }: Settings) => isSet(internalTls.value);
const isLocalQueue = ({ queue, localQueue }: Settings) => isOn(queue, true) && isOn(localQueue, true);

const internalOf = (settings: Settings): readonly unknown[] => [
  isInternal(settings),
  isOn(settings.internalTlsVerification, true),
  isInternal(settings) && settings.internalTlsCa.value,
];
const backendOf = (settings: Settings) => [
  ...internalOf(settings),
  pinsText(settings),
  settings.endpoint.value,
];
const routerOf = (settings: Settings) => [
  ...internalOf(settings),
  isSet(settings.routerTls.value),
  isSet(settings.keystorePassword.value),
  settings.endpoint.value,
];

/** With internal TLS each service mounts a Secret of its own, which may be that of the certificate. */
function service(
  kind: Component['kind'],
  suffix: string,
  names: readonly string[],
  isRendered: (settings: Settings) => boolean = () => true,
): Component {
  return {
    kind,
    suffix,
    secretsOf(settings) {
      const { internalTlsSource: source, internalTlsSecrets: secrets, keycloakCluster } = settings;
      const isExisting = !source.present || source.value === 'existing_certificates';
      if (!isInternal(settings) || !isExisting || !isRendered(settings)) return [];
      const given = (secrets.value ?? {}) as Readonly<Record<string, unknown>>;
      return names
        .filter((name) => name !== 'keycloak_cluster' || isOn(keycloakCluster, true))
        .map((name) => given[name]);
    },
    podOf: (settings) => [...internalOf(settings), settings.internalTlsSecrets.value],
  };
}

/** What mounts a Secret of certificates in chart 3.50.0. */
const COMPONENTS: readonly Component[] = [
  { kind: 'deployment', suffix: 'backend', secretsOf: (_, certificate) => [certificate], podOf: backendOf },
  {
    kind: 'deployment',
    suffix: 'crons',
    secretsOf: ({ crons }, certificate) => (isOn(crons, true) ? [certificate] : []),
    podOf: backendOf,
  },
  {
    kind: 'deployment',
    suffix: 'router',
    secretsOf: (settings, certificate) =>
      isInternal(settings) || isSet(settings.routerTls.value) ? [certificate] : [],
    podOf: routerOf,
  },
  service('deployment', 'frontend', ['frontend']),
  service('statefulset', 'keycloak', ['keycloak', 'keycloak_cluster']),
  service('deployment', 'redis', ['redis'], ({ externalRedis }) => !isOn(externalRedis, false)),
  service('statefulset', 'mq', ['rabbitmq'], isLocalQueue),
  service('deployment', 'data-streamer', ['data_streamer'], ({ dataStreamer }) => isOn(dataStreamer, false)),
  service('deployment', 'artifacts', ['artifacts']),
];

/** What stands for `general.nameOverride`, else the release's name, where neither is known; no release has that name. */
export const UNKNOWN_FULLNAME = 'RELEASE';

/**
 * The name of the Secret that the pods mount.
 * @see chart 3.50.0, `secrets.certificate.name` in helpers/_helpers.tpl
 */
export function certificateSecret(settings: Settings, release: string | null): string {
  const { value } = settings.existingCert;
  return isSet(value) ? String(value) : `${fullnameOf(settings, release) ?? UNKNOWN_FULLNAME}-certificate`;
}

/**
 * The workloads whose pods an upgrade does not restart, though the content of the certificate's Secret changes: they
 * mount a Secret of the same name before and after, and nothing of these values changes their pod template.
 * @param release the release's name; null where it is not known
 * @returns such as `deployment/lightrun-backend`, as kubectl takes them
 */
export function unrestarted(before: Settings, after: Settings, release: string | null): string[] {
  const [oldSecret, secret] = [certificateSecret(before, release), certificateSecret(after, release)];
  const fullname = fullnameOf(after, release) ?? UNKNOWN_FULLNAME;
  if (oldSecret !== secret || (fullnameOf(before, release) ?? UNKNOWN_FULLNAME) !== fullname) return [];
  return COMPONENTS.filter(
    ({ secretsOf, podOf }) =>
      secretsOf(before, secret).includes(secret) &&
      secretsOf(after, secret).includes(secret) &&
      JSON.stringify(podOf(before)) === JSON.stringify(podOf(after)),
  ).map(({ kind, suffix }) => `${kind}/${fullname}-${suffix}`);
}
