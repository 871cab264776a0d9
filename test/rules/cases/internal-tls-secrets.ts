import { ALL_SECRETS, internalTls } from '../../support/internal-tls.ts';
import { GOOD_YAML, type ValuesCase, valuesCase } from '../../support/rule-case.ts';

const without = (name: string) =>
  Object.fromEntries(Object.entries(ALL_SECRETS).filter(([each]) => each !== name));
const partial = { partial: true };
const deployments = (yaml: string) => `deployments:\n  ${yaml}\n`;

const cases: ValuesCase[] = [
  valuesCase('no Secret at all', GOOD_YAML + internalTls({ secrets: null }), ['internal-tls-secrets']),
  ...Object.keys(ALL_SECRETS).flatMap((name) => [
    valuesCase(`none for ${name}`, GOOD_YAML + internalTls({ secrets: without(name) }), [
      'internal-tls-secrets',
    ]),
    valuesCase(
      `an empty one for ${name}`,
      GOOD_YAML + internalTls({ secrets: { ...ALL_SECRETS, [name]: '""' } }),
      ['internal-tls-secrets'],
    ),
  ]),
  valuesCase('all', GOOD_YAML + internalTls({}), []),
  valuesCase(
    'none where internal TLS is off',
    GOOD_YAML + internalTls({ enabled: 'false', secrets: null }),
    [],
  ),
  valuesCase(
    'none where the chart makes them',
    GOOD_YAML + internalTls({ secrets: null, certificates: ['source: generate_self_signed_certificates'] }),
    [],
  ),
  valuesCase('none in one of several files', GOOD_YAML + internalTls({ secrets: null }), [], partial),
  valuesCase(
    'an empty one in one of several files',
    GOOD_YAML + internalTls({ secrets: { redis: '""' } }),
    ['internal-tls-secrets'],
    partial,
  ),

  // what is not rendered needs none
  valuesCase(
    'none for an external redis',
    GOOD_YAML +
      internalTls({ secrets: without('redis') }) +
      deployments('redis: { external: { enabled: true } }'),
    [],
  ),
  valuesCase(
    'none for keycloak_cluster where it is no cluster',
    GOOD_YAML +
      internalTls({ secrets: without('keycloak_cluster') }) +
      deployments('keycloak: { clusterMode: false }'),
    [],
  ),
  ...['enabled: false', 'local: false'].map((mq) =>
    valuesCase(
      `none for rabbitmq where mq has ${mq}`,
      GOOD_YAML + internalTls({ secrets: without('rabbitmq'), general: [`mq: { ${mq} }`] }),
      [],
    ),
  ),
  valuesCase(
    'none for a data streamer that is on',
    GOOD_YAML + internalTls({ general: ['data_streamer: { enabled: true }'] }),
    ['internal-tls-secrets'],
  ),
  valuesCase(
    'one for a data streamer that is on',
    GOOD_YAML +
      internalTls({
        secrets: { ...ALL_SECRETS, data_streamer: 'a' },
        general: ['data_streamer: { enabled: true }'],
      }),
    [],
  ),
];

export default cases;
