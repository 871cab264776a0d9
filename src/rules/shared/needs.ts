import type { ChainRefusal, Clients } from '../../clients/clients.ts';
import type { FoundTrap } from '../../delivery/facts.ts';
import { displayPath } from '../../text/display.ts';
import type { FoundSecret, LiveSecret } from '../../values/live-secret.ts';
import type { SettingName } from '../../values/settings.ts';
import type { Entry } from '../../values/values.ts';
import type { Base64Diagnostic } from '../../x509/base64.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { Chain } from '../../x509/chain/chain.ts';
import type { Material } from '../../x509/material.ts';
import type { PemFacts } from '../../x509/pem.ts';
import type { PrivateKeyFacts } from '../../x509/private-key.ts';
import type { CheckOptions, Context, Needs, SettingGroup } from '../rule.ts';
import {
  isCaAsLeaf,
  isServerMissing,
  type Mismatch,
  mismatchOf,
  type NamedKey,
  publicKeysIn,
} from './keys.ts';
import { privateKeysOf, type Target, type UpgradeFacts } from './target.ts';
import { nameOf, pathOf, show, subjectOf } from './words.ts';

/** What every rule is given about a target. */
export function contextOf(target: Target, options: CheckOptions): Context {
  const { material, clients } = target;
  const ask = (at: Date) => (material?.chain && clients?.chainRefusals(material.chain, at)) ?? [];
  let refusals: readonly ChainRefusal[] | undefined;
  const keys = privateKeysOf(target);
  return {
    target,
    options,
    path: (name) => pathOf(target, name, keys),
    show: (text, kind) => show(text, kind, keys),
    showPath: (path) => displayPath(path, keys),
    chainRefusals(at) {
      if (at) return ask(at);
      refusals ??= ask(options.at);
      return refusals;
    },
  };
}

/** The value that a rule is asked about; of several, the first. */
export interface ValueFacts {
  about: SettingName;
  entry: Entry;
}

/** Several values at once: the rule is asked once. */
export function values(...group: SettingGroup): Needs<ValueFacts> {
  return { values: [group], facts: valueFacts };
}

/** Several values at once, those left that no earlier rule stopped. */
export function ofValues(...group: SettingGroup): Needs<{ entries: readonly ValueFacts[] }> {
  return {
    values: [group],
    isEach: true,
    facts: ({ target }, names) => ({
      entries: names.map((about) => ({ about, entry: target.settings[about] })),
    }),
  };
}

function valueFacts({ target }: Context, [about]: SettingGroup): ValueFacts {
  return { about, entry: target.settings[about] };
}

/** The two values that hold base64, each checked by itself. */
const ENCODED = [['crt'], ['key']] as const;
export type EncodedName = 'crt' | 'key';

/** Both, so that the same mistake in both is one finding. */
const BOTH_ENCODED = [['crt', 'key']] as const;

/** The values whose base64 has a diagnostic of one of these kinds. */
export function base64Diagnostics<Kind extends Base64Diagnostic['kind']>(
  ...kinds: Kind[]
): Needs<{
  found: readonly { about: EncodedName; diagnostic: Extract<Base64Diagnostic, { kind: Kind }> }[];
}> {
  return {
    values: BOTH_ENCODED,
    isEach: true,
    facts({ target: { material } }, group) {
      const found = (group as readonly EncodedName[]).flatMap((about) => {
        const diagnostic = material?.[about]?.base64.diagnostic;
        if (!diagnostic || !kinds.includes(diagnostic.kind as Kind)) return [];
        return { about, diagnostic: diagnostic as Extract<Base64Diagnostic, { kind: Kind }> };
      });
      return found.length === 0 ? null : { found };
    },
  };
}

/** A value that can be decoded, as PEM. */
export interface PemValue {
  about: EncodedName;
  pem: PemFacts;
  /** The decoded bytes. */
  bytes: Buffer;
}

/** The values that can be decoded, as PEM. */
export const pemTexts: Needs<{ texts: readonly PemValue[] }> = {
  values: BOTH_ENCODED,
  isEach: true,
  facts({ target: { material } }, group) {
    const texts = (group as readonly EncodedName[]).flatMap((about) => {
      const { pem, base64 } = material?.[about] ?? {};
      return pem && base64?.bytes ? { about, pem, bytes: base64.bytes } : [];
    });
    return texts.length === 0 ? null : { texts };
  },
};

/** The private key, opened or not. */
export const privateKey: Needs<{ privateKey: PrivateKeyFacts }> = {
  values: [['key']],
  facts: ({ target: { material } }) => (material?.privateKey ? { privateKey: material.privateKey } : null),
};

/** The public keys of a value: that of the private key, or those of the chain's certificates. */
export const publicKeys: Needs<{
  about: EncodedName;
  publicKeys: readonly NamedKey[];
  clients: Clients;
}> = {
  values: ENCODED,
  facts({ target }, [name]) {
    const about = name as EncodedName;
    const { clients } = target;
    return clients && { about, publicKeys: publicKeysIn(target, about), clients };
  },
};

/** A private key that does not belong to the certificate it should. */
export const mismatch: Needs<{ mismatch: Mismatch }> = {
  values: [['crt', 'key']],
  facts({ target }) {
    const mismatch = isCaAsLeaf(target) ? null : mismatchOf(target);
    return mismatch && { mismatch };
  },
};

/** What the bytes hold, checked for these values together. */
export function material(...group: SettingGroup): Needs<{ material: Material }> {
  return {
    values: [group],
    facts: ({ target }) => (target.material ? { material: target.material } : null),
  };
}

export interface ChainFacts {
  chain: Chain;
  /** A certificate at the beginning of a sentence: where it is, and which. */
  placeOf(certificate: Certificate): string;
  leaf: Certificate;
  material: Material;
  clients: Clients;
}

/** The chain: every certificate of the file can be read, and its leaf is not that of a CA. */
export const chain: Needs<ChainFacts> = { values: [['crt']], facts: (context) => chainFacts(context) };

/** The chain together with the accepted pins. */
export const chainAndPins: Needs<ChainFacts> = {
  values: [['pins', 'crt']],
  facts: (context) => chainFacts(context),
};

/** The chain of a server: its leaf is in the file. Where it is missing, `key-mismatch` says so, alone. */
export const serverChain: Needs<ChainFacts> = {
  values: [['crt']],
  facts: (context) => (isServerMissing(context.target) ? null : chainFacts(context)),
};

/** The same; or the certificate of a CA in a server's place, of which no other rule says anything. */
export const anyLeaf: Needs<ChainFacts & { isCaAsLeaf: boolean }> = {
  values: [['crt']],
  facts(context) {
    const facts = isServerMissing(context.target) ? null : chainFacts(context, true);
    return facts && { ...facts, isCaAsLeaf: isCaAsLeaf(context.target) };
  },
};

function chainFacts({ target, path }: Context, alsoCa = false): ChainFacts | null {
  const { material, clients } = target;
  const chain = material?.chain;
  if (!chain || !clients || (!alsoCa && isCaAsLeaf(target))) return null;
  const placeOf = (certificate: Certificate) =>
    chain.certificates.includes(certificate)
      ? `In ${path('crt')}, ${nameOf(certificate)}`
      : `The known root ${subjectOf(certificate)}, which is not in ${path('crt')},`;
  return { chain, leaf: chain.leaf, material, clients, placeOf };
}

/** The certificate of the release as it runs, and that of these values; null where it is not known. */
export const upgrade: Needs<{ upgrade: UpgradeFacts; after: Certificate | null }> = {
  values: [['crt']],
  facts({ target: { upgrade, material } }) {
    return upgrade && { upgrade, after: material?.chain?.leaf ?? null };
  },
};

/** What the cluster answered about the Secret that `existing_cert` names. */
export const liveSecret: Needs<{ live: LiveSecret }> = {
  values: [['existingCert']],
  facts: ({ target: { live } }) => (live ? { live } : null),
};

/** The Secret that `existing_cert` names, as it is in the cluster. */
export const foundSecret: Needs<{ live: LiveSecret; found: FoundSecret }> = {
  values: [['existingCert']],
  facts: ({ target: { live } }) => (live?.found ? { live, found: live.found } : null),
};

/** What makes values of a release something else than they look. */
export function deliveryTraps(kind: FoundTrap['kind']): Needs<{ traps: readonly FoundTrap[] }> {
  return {
    values: [['certificate']],
    facts({ target: { delivery } }) {
      const traps = (delivery?.traps ?? []).filter((trap) => trap.kind === kind);
      return traps.length > 0 ? { traps } : null;
    },
  };
}
