import { isOn, isSet, type Settings } from '../values/settings.ts';
import type { Consumer } from './refusal.ts';

/**
 * The consumers that an installation with these values has: nginx where the router ends TLS, an Ingress controller where
 * the Ingress names the certificate. All others are always there.
 * @param settings values that are not set count as the chart's defaults
 * @see chart 3.50.0, `router.use-tls` in helpers/_router.tpl; router/ingress.yaml
 */
export function isInUse(consumer: Consumer, settings: Settings): boolean {
  switch (consumer) {
    case 'nginx':
      return isSet(settings.routerTls.value) || isSet(settings.internalTls.value);
    case 'go':
      return hasIngress(settings) && !isSet(settings.openshiftHostname.value);
    default:
      return true;
  }
}

/** The same for people. */
export const IN_USE_WHEN: Readonly<Record<Consumer, string>> = {
  helm: 'always',
  kubernetes: 'always',
  openssl: 'always',
  nginx: 'where the router ends TLS (`general.router.tls.enabled`), or with internal TLS',
  go: 'where the Ingress is on (`general.router.ingress.enabled`, the default) and there is no `openshift_embeded_hostname`',
  java: 'always',
  browser: 'always',
};

/** Whether the chart renders an Ingress: it does unless told otherwise. */
export function hasIngress({ ingress }: Settings): boolean {
  return isOn(ingress, true);
}
