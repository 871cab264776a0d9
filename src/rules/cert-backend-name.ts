import { fullnameOf, verifiesBackend } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Certificate } from '../x509/certificate.ts';
import { rule } from './rule.ts';
import { requestAgain } from './shared/commands.ts';
import { serverChain } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { list, publicName } from './shared/words.ts';

export const certBackendName = rule({
  id: 'cert-backend-name',
  severity: 'error',
  refusedBy: ['nginx'],
  stage: 'pair and platform',
  title: 'the leaf does not name the backend, which the router verifies',
  means:
    "Internal TLS, its verification and a Secret with the CA are on, and no name of the leaf is <fullname>-backend. <fullname> is general.nameOverride, else the release's name. An error where that is known (in the gate, with --release, with nameOverride); else a warning, where no name ends with -backend.",
  why: 'nginx in the router verifies the certificate of the backend by that name: /api/ answers 502, though all else answers 200.',
  sources: [
    measured('nginx verifies the backend as <fullname>-backend; without that name: 502 on /api/'),
    'nginx, proxy_ssl_verify and proxy_ssl_name; OpenSSL, X509_check_host',
  ],
  bad: 'general:\n  internal_tls:\n    enabled: true\n    certificates: { existing_ca_secret_name: my-ca }   # certificate: DNS:lightrun.example.com',
  good: 'general:\n  internal_tls:\n    enabled: true\n    certificates: { existing_ca_secret_name: my-ca }   # and DNS:lightrun-backend',
  fix: 'Have the certificate issued with that name too: request --values FILE --release NAME adds it.',
  needs: serverChain,
  check({ leaf, ...context }) {
    const { target, options, path, show } = context;
    const { settings } = target;
    const { internalTls, internalTlsVerification, internalTlsCa } = settings;
    const switches = [internalTls, internalTlsVerification, internalTlsCa];
    if (!verifiesBackend(settings) || switches.some(({ value }) => resolverOf(value) !== null)) return null;
    const fullname = fullnameOf(settings, options.release ?? null);
    const name = fullname === null ? null : `${fullname}-backend`;
    if (name === null ? namesSomeBackend(leaf) : leaf.x509.checkHost(name) !== undefined) return null;
    const shown = name === null ? '<fullname>-backend' : show(name, 'host');
    const names = [...leaf.dnsNames, ...leaf.ipAddresses];
    const again = requestAgain(context, names, options.release ?? null);
    return {
      severity: name === null ? 'warning' : 'error',
      message: `Internal TLS is verified, and no name of the leaf in ${path('crt')} is ${shown}. It names ${list(names) || `only ${publicName(leaf.commonName ?? 'nothing')} as its common name`}. On install, nginx in the router would refuse the backend's certificate: /api/ would answer 502.`,
      help: [
        ...(again === null
          ? [`Have the certificate issued with the name ${shown} too.`]
          : [
              `Have the certificate issued with the name ${shown} too. This makes the request to your CA:`,
              `  ${again}`,
            ]),
        `Or turn ${path('internalTlsVerification')} off.`,
      ].join('\n'),
    };
  },
});

/** Whether a name may be that of a backend, whatever the release is called. */
function namesSomeBackend({ dnsNames, commonName }: Certificate): boolean {
  const names = dnsNames.length > 0 ? dnsNames : [commonName ?? ''];
  return names.some((name) => /-backend$/i.test(name));
}
