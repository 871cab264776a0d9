import type { Carrier } from './carrier.ts';
import { argoCdCarriers } from './cases/argo-cd.ts';
import { fluxCarriers } from './cases/flux.ts';
import { k3sCarriers } from './cases/k3s.ts';
import {
  crossplaneCarriers,
  fleetCarriers,
  helmfileCarriers,
  holderCarriers,
  kustomizeCarriers,
} from './cases/others.ts';

/** Every way in which every form carries values. */
export const CARRIERS: readonly Carrier[] = [
  ...argoCdCarriers,
  ...fluxCarriers,
  ...k3sCarriers,
  ...helmfileCarriers,
  ...kustomizeCarriers,
  ...fleetCarriers,
  ...crossplaneCarriers,
  ...holderCarriers,
];
