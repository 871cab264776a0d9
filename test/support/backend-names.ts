import { type Issued, type IssueOptions, issue } from './pki.ts';

const ENDPOINT = 'lightrun.example.com';
const ISSUER = issue({ subject: 'CN=Internal CA', ca: true });

/** Certificates of a backend called `prod-backend`, and whether nginx takes them for that name. */
export const BACKENDS: readonly { name: string; leaf: Issued; isTaken: boolean }[] = [
  backend('the name', { san: [ENDPOINT, 'prod-backend'] }, true),
  backend('the name in upper case', { san: [ENDPOINT, 'PROD-Backend'] }, true),
  backend('the endpoint alone', { san: [ENDPOINT] }, false),
  backend("another release's name", { san: [ENDPOINT, 'test-backend'] }, false),
  backend('the name with its namespace', { san: [ENDPOINT, 'prod-backend.lightrun.svc'] }, false),
  backend('a wildcard for one label', { san: [ENDPOINT, '*'] }, false),
  backend('a wildcard within a label', { san: [ENDPOINT, '*-backend'] }, false),
  backend('the common name beside other names', { subject: 'CN=prod-backend', san: [ENDPOINT] }, false),
  backend('the common name beside an address', { subject: 'CN=prod-backend', san: ['10.0.0.5'] }, true),
];

function backend(name: string, options: IssueOptions, isTaken: boolean) {
  return { name, leaf: issue({ ...options, issuer: ISSUER }), isTaken };
}

/** What the backends' certificates are verified with. */
export const BACKEND_CA = ISSUER;
