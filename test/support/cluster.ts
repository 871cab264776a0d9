import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSecretMessage } from './kubernetes-protobuf.ts';
import { issue, pkcs8 } from './pki.ts';

/** What goes wrong: no right to read Secrets; an expired token; no answer at all. */
export type Failure = 'forbidden' | 'unauthorized' | 'silent' | 'error';

/** A request that came in. */
export interface ClusterRequest {
  method: string;
  path: string;
  query: string;
}

/** An API server on the loopback interface that keeps objects, as far as Helm and kubectl need it. */
export interface Cluster {
  /** The path of a kubeconfig of mode 0600; its context is `test`, its namespace `default`. */
  kubeconfig: string;
  url: string;
  requests: ClusterRequest[];
  /** The requests that would change something: no dry run among them. */
  writes(): ClusterRequest[];
  /** @param more what the Secret has beside its type and data, `metadata` merged */
  putSecret(
    namespace: string,
    name: string,
    type: string,
    data: Record<string, string>,
    more?: { metadata?: object; immutable?: boolean },
  ): void;
  /** All other namespaces are there. */
  lackNamespace(name: string): void;
  /** An object as it is stored. */
  get(path: string): unknown;
  fail(how: Failure | null): void;
  close(): Promise<void>;
}

interface Stored {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

const RESOURCES: readonly { group: string; plural: string; kind: string; isNamespaced: boolean }[] = [
  { group: 'v1', plural: 'secrets', kind: 'Secret', isNamespaced: true },
  { group: 'v1', plural: 'configmaps', kind: 'ConfigMap', isNamespaced: true },
  { group: 'v1', plural: 'pods', kind: 'Pod', isNamespaced: true },
  { group: 'v1', plural: 'services', kind: 'Service', isNamespaced: true },
  { group: 'v1', plural: 'namespaces', kind: 'Namespace', isNamespaced: false },
  { group: 'apps/v1', plural: 'deployments', kind: 'Deployment', isNamespaced: true },
];
const TOKEN = 'test-token';

/**
 * Starts an API server that ends with its process.
 * @param folder where its kubeconfig is written
 */
export async function startCluster(folder: string): Promise<Cluster> {
  const objects = new Map<string, Stored>();
  const missingNamespaces = new Set<string>();
  const requests: ClusterRequest[] = [];
  let failure: Failure | null = null;
  let version = 1;

  const certificate = issue({ subject: 'CN=127.0.0.1', san: ['127.0.0.1'] });
  const server = createServer(
    { cert: certificate.pem, key: pkcs8(certificate.privateKey) },
    async (request, response) => {
      const url = new URL(request.url ?? '/', 'https://127.0.0.1');
      requests.push({ method: String(request.method), path: url.pathname, query: url.search });
      const body = await bodyOf(request).catch(() => null);
      if (failure === 'silent' || body === null) return;
      answer(request, url, body, response);
    },
  );
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = join(folder, 'kubeconfig.json');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(url, certificate.pem)), { mode: 0o600 });

  function answer(
    request: IncomingMessage,
    { pathname, searchParams }: URL,
    body: Buffer,
    response: ServerResponse,
  ) {
    const isSecrets = /\/secrets(\/|$)/.test(pathname);
    if (failure === 'unauthorized' || request.headers.authorization !== `Bearer ${TOKEN}`)
      return status(response, 401, 'Unauthorized', 'Unauthorized');
    if (failure === 'error') return status(response, 500, 'InternalError', 'etcd is gone');
    if (isSecrets && failure === 'forbidden')
      return status(
        response,
        403,
        'Forbidden',
        'secrets is forbidden: User "test" cannot get resource "secrets"',
      );
    const known = discovery(pathname);
    if (known !== undefined) return json(response, 200, known);
    if (pathname === '/openapi/v2') {
      // No schema is a valid document, of no bytes in the protocol buffers that clients ask for.
      response.writeHead(200, {
        'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      });
      return response.end();
    }
    const place = placeOf(pathname);
    if (place === null)
      return status(response, 404, 'NotFound', 'the server could not find the requested resource');
    const isDryRun = searchParams.getAll('dryRun').includes('All');
    return store(request, place, searchParams, body, response, isDryRun);
  }

  function store(
    request: IncomingMessage,
    { resource, namespace, name }: Place,
    query: URLSearchParams,
    body: Buffer,
    response: ServerResponse,
    isDryRun: boolean,
  ) {
    const all = `${resource.group}/${resource.plural}`;
    const keyOf = (each: string) => `${all}/${namespace ?? ''}/${each}`;
    const given = body.length > 0 ? objectOf(request, body) : null;
    const wanted = name ?? given?.metadata?.name ?? '';
    const present = objects.get(keyOf(wanted));
    const keep = (code: number, object: Stored) => {
      version += 1;
      const metadata = { uid: `uid-${wanted}`, ...object.metadata, resourceVersion: String(version) };
      const kept = { ...object, apiVersion: resource.group, kind: resource.kind, metadata };
      if (namespace !== null) kept.metadata.namespace = namespace;
      if (!isDryRun) objects.set(keyOf(wanted), kept);
      json(response, code, kept);
    };
    const isNamespaceThere = (each: string) =>
      !missingNamespaces.has(each) || objects.has(`v1/namespaces//${each}`);
    const refusal = present && given && refusalOf(present, given);
    const missing = () => status(response, 404, 'NotFound', `${resource.plural} "${wanted}" not found`);
    switch (request.method) {
      case 'GET': {
        if (resource.plural === 'namespaces' && name !== null && isNamespaceThere(name)) {
          return json(response, 200, present ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
        }
        if (name !== null) return present ? json(response, 200, present) : missing();
        const items = [...objects.entries()]
          .filter(([key]) => key.startsWith(namespace === null ? `${all}/` : `${all}/${namespace}/`))
          .map(([, object]) => object)
          .filter(({ metadata }) => matches(metadata.labels ?? {}, query.get('labelSelector')));
        const metadata = { resourceVersion: String(version) };
        return json(response, 200, {
          apiVersion: resource.group,
          kind: `${resource.kind}List`,
          metadata,
          items,
        });
      }
      case 'POST':
        if (present) return status(response, 409, 'AlreadyExists', `${wanted} already exists`);
        if (namespace !== null && !isNamespaceThere(namespace))
          return status(response, 404, 'NotFound', `namespaces "${namespace}" not found`);
        return keep(201, given as Stored);
      case 'PUT':
        if (refusal) return status(response, refusal.code, refusal.reason, refusal.message);
        return present ? keep(200, given as Stored) : missing();
      case 'PATCH': {
        const isApply = String(request.headers['content-type']).includes('apply-patch');
        if (!present && !isApply) return missing();
        if (refusal) return status(response, refusal.code, refusal.reason, refusal.message);
        // What other managers wrote stays; of the data there is one manager here.
        const metadata = merge(present?.metadata ?? {}, given?.metadata) as Stored['metadata'];
        const applied = { ...(given as Stored), metadata };
        return keep(present ? 200 : 201, isApply ? applied : (merge(present, given) as Stored));
      }
      case 'DELETE':
        if (!present) return missing();
        if (!isDryRun) objects.delete(keyOf(wanted));
        return json(response, 200, { apiVersion: 'v1', kind: 'Status', status: 'Success' });
      default:
        return status(response, 405, 'MethodNotAllowed', 'no such method');
    }
  }

  return {
    kubeconfig,
    url,
    requests,
    writes: () => requests.filter(({ method, query }) => method !== 'GET' && !query.includes('dryRun=All')),
    putSecret(namespace, name, type, data, { metadata, ...more } = {}) {
      objects.set(`v1/secrets/${namespace}/${name}`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: '1', ...metadata },
        type,
        data,
        ...more,
      });
    },
    lackNamespace: (name) => missingNamespaces.add(name),
    get: (path) => objects.get(path),
    fail(how) {
      failure = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What an API server refuses to change (`ValidateSecretUpdate`), and an update of something older. */
function refusalOf(present: Stored, given: Stored): { code: number; reason: string; message: string } | null {
  const { resourceVersion } = given.metadata ?? {};
  if (resourceVersion !== undefined && resourceVersion !== present.metadata.resourceVersion)
    return { code: 409, reason: 'Conflict', message: 'the object has been modified' };
  if (present.kind !== 'Secret') return null;
  const invalid = (field: string) => ({
    code: 422,
    reason: 'Invalid',
    message: `Secret "${present.metadata.name}" is invalid: ${field}: field is immutable`,
  });
  if (given.type !== undefined && given.type !== present.type) return invalid('type');
  const isChanged = given.data !== undefined && JSON.stringify(given.data) !== JSON.stringify(present.data);
  return present.immutable === true && isChanged ? invalid('data') : null;
}

interface Place {
  resource: (typeof RESOURCES)[number];
  namespace: string | null;
  name: string | null;
}

/** `/api/v1/namespaces/NS/secrets/NAME`, `/apis/apps/v1/…`. */
function placeOf(path: string): Place | null {
  const [, group = '', rest = ''] = /^\/(?:api|apis)\/(v1|apps\/v1)\/(.*)$/.exec(path) ?? [];
  const parts = rest.split('/').map(decodeURIComponent);
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2;
  const [namespace, plural, name] = isNamespaced ? parts.slice(1) : [null, ...parts];
  const resource = RESOURCES.find((each) => each.group === group && each.plural === plural);
  return resource ? { resource, namespace: namespace ?? null, name: name ?? null } : null;
}

function discovery(path: string): object | undefined {
  const resources = (group: string) => ({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group,
    resources: RESOURCES.filter((each) => each.group === group).map(({ plural, kind, isNamespaced }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: isNamespaced,
      kind,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    })),
  });
  const apps = { groupVersion: 'apps/v1', version: 'v1' };
  const known: Record<string, object> = {
    '/version': { major: '1', minor: '31', gitVersion: 'v1.31.0', platform: 'linux/amd64' },
    '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
    '/apis': {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [{ name: 'apps', versions: [apps], preferredVersion: apps }],
    },
    '/api/v1': resources('v1'),
    '/apis/apps/v1': resources('apps/v1'),
  };
  return known[path];
}

function kubeconfigOf(server: string, pem: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      {
        name: 'test',
        cluster: { server, 'certificate-authority-data': Buffer.from(pem).toString('base64') },
      },
    ],
    users: [{ name: 'test', user: { token: TOKEN } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
}

function matches(labels: Record<string, string>, selector: string | null): boolean {
  return (selector ?? '')
    .split(',')
    .filter((term) => term.includes('='))
    .every((term) => {
      const [name = '', value = ''] = term.split(/==?/);
      return name.endsWith('!') || labels[name] === value;
    });
}

/** A merge patch (RFC 7386), which does for a strategic one here. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(target as object) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merge(result[name], value);
  }
  return result;
}

/** Helm keeps its releases in Secrets, which it sends as protocol buffers; all else is JSON or YAML. */
function objectOf(request: IncomingMessage, body: Buffer): Stored {
  if (!String(request.headers['content-type']).includes('protobuf')) return parse(body.toString()) as Stored;
  return { apiVersion: 'v1', kind: 'Secret', ...readSecretMessage(body) };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function status(response: ServerResponse, code: number, reason: string, message: string): void {
  json(response, code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
  });
}
