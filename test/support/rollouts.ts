/**
 * Upgrades of the release `prod`, and what has to be restarted by hand, as the Lightrun chart 3.50.0 renders them in both
 * Helms. `LIGHTRUN_CHART=FOLDER npm test -- rollouts` compares them with that chart again.
 */
import { issue, key, pkcs8 } from './pki.ts';
import { base64 } from './values-yaml.ts';

/** Values under `certificate`, and under `general`. */
export interface Side {
  certificate: object;
  general?: object;
  password?: string;
}

export interface Rollout {
  name: string;
  before: Side;
  after: Side;
  byHand: readonly string[];
}

const inline = (privateKey = key('p256', 91)) => {
  const issued = issue({ key: privateKey });
  return { tls: { crt: base64(issued.pem), key: base64(pkcs8(issued.privateKey)) } };
};
const A = inline();
const RENEWED = inline();
const B = inline(key('p256', 92));
const existing = (name: string) => ({ existing_cert: name });
const pins = (...all: string[]) => ({ security_pinned_hashes: all.map((each) => each.repeat(64)) });
const routerTls = { router: { tls: { enabled: true } } };
const noCrons = { crons: { enabled: false } };
const internal = (secret: string, more: object = {}) => {
  const names = ['frontend', 'keycloak', 'keycloak_cluster', 'redis', 'rabbitmq', 'artifacts'];
  const secrets = Object.fromEntries(names.map((name) => [name, 'other']));
  const all = { ...secrets, frontend: secret, keycloak: secret };
  return { internal_tls: { enabled: true, certificates: { existing_certificates: all, ...more } } };
};

const BACKEND = 'deployment/prod-backend';
const CRONS = 'deployment/prod-crons';
const ROUTER = 'deployment/prod-router';
const FRONTEND = 'deployment/prod-frontend';
const KEYCLOAK = 'statefulset/prod-keycloak';

const from = (name: string, before: Side, after: Side, byHand: readonly string[]): Rollout => ({
  name,
  before,
  after,
  byHand,
});
/** The same other values before and after. */
const both = (name: string, general: object, before: object, after: object, byHand: readonly string[]) =>
  from(name, { certificate: before, general }, { certificate: after, general }, byHand);

export const ROLLOUTS: readonly Rollout[] = [
  // the certificate
  both('another key', {}, A, B, [BACKEND, CRONS]),
  both('the same key, renewed', {}, A, RENEWED, [BACKEND, CRONS]),
  both('the same certificate', {}, A, A, []),
  both('another key, the router with TLS', routerTls, A, B, [BACKEND, CRONS, ROUTER]),
  both('the same certificate, the router with TLS', routerTls, A, A, []),
  both('another key without crons', noCrons, A, B, [BACKEND]),
  both('another key, with internal TLS', internal('other'), A, B, [BACKEND, CRONS, ROUTER]),
  both('another key in a Secret that services mount too', internal('prod-certificate'), A, B, [
    BACKEND,
    CRONS,
    ROUTER,
    FRONTEND,
    KEYCLOAK,
  ]),
  both('another key under another name of everything', { nameOverride: 'prod' }, A, B, [BACKEND, CRONS]),

  // the pins
  both('pins, where there were none', {}, A, { ...A, ...pins('a') }, []),
  both('other pins', routerTls, { ...A, ...pins('a') }, { ...A, ...pins('a', 'b') }, []),
  both('no pins any more', {}, { ...A, ...pins('a') }, A, []),
  both(
    'pins in one string, the same',
    {},
    { ...A, ...pins('a', 'b') },
    {
      ...A,
      security_pinned_hashes: `${'a'.repeat(64)},${'b'.repeat(64)}`,
    },
    [],
  ),

  // both
  both('another key and pins', {}, A, { ...B, ...pins('a') }, []),
  both('another key and pins, the router with TLS', routerTls, A, { ...B, ...pins('a') }, [ROUTER]),
  both('another key and the same pins', routerTls, { ...A, ...pins('a', 'b') }, { ...B, ...pins('a', 'b') }, [
    BACKEND,
    CRONS,
    ROUTER,
  ]),
  both('another key and pins, with internal TLS', internal('prod-certificate'), A, { ...B, ...pins('a') }, [
    ROUTER,
    FRONTEND,
    KEYCLOAK,
  ]),
  both(
    'another key and the same pins in another order',
    {},
    { ...A, ...pins('a', 'b') },
    { ...B, ...pins('b', 'a') },
    [],
  ),

  // names of Secrets
  both('a Secret', {}, existing('one'), existing('one'), []),
  both('another Secret', routerTls, existing('one'), existing('two'), []),
  both('another Secret and pins', routerTls, existing('one'), { ...existing('two'), ...pins('a') }, []),
  both('a Secret in place of values', routerTls, A, existing('one'), []),
  both('values in place of a Secret', routerTls, existing('one'), A, []),
  both('values in place of a Secret, and pins', {}, existing('one'), { ...B, ...pins('a') }, []),
  both('a Secret beside the same values', {}, A, { ...A, ...existing('one') }, []),

  // with what else restarts
  from('another key as the router gets TLS', { certificate: A }, { certificate: B, general: routerTls }, [
    BACKEND,
    CRONS,
  ]),
  from('another key as the router loses TLS', { certificate: A, general: routerTls }, { certificate: B }, [
    BACKEND,
    CRONS,
  ]),
  from('another key as crons go', { certificate: A }, { certificate: B, general: noCrons }, [BACKEND]),
  from(
    'another key as internal TLS comes',
    { certificate: A },
    { certificate: B, general: internal('other') },
    [],
  ),
  from(
    'another key as another endpoint',
    { certificate: A },
    { certificate: B, general: { lightrun_endpoint: 'other.example.com' } },
    [],
  ),
  from(
    'another key as everything gets another name',
    { certificate: A },
    { certificate: B, general: { nameOverride: 'x' } },
    [],
  ),
];

/** The values of one side. */
export function valuesOf({ certificate, general = {} }: Side): object {
  return { certificate, general };
}
