import { argoCd } from './argo-cd.ts';
import { crossplane } from './crossplane.ts';
import { fleet } from './fleet.ts';
import { flux } from './flux.ts';
import type { Form } from './form.ts';
import { helmfile } from './helmfile.ts';
import { k3s } from './k3s.ts';
import { kustomize } from './kustomize.ts';

/** Every form in which delivery tools carry values. */
export const FORMS: readonly Form[] = [argoCd, flux, k3s, helmfile, kustomize, fleet, crossplane];
