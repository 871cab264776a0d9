import type { ManifestIndex, ManifestObject } from './form.ts';
import type { OtherFiles } from './other-files.ts';

/** Looks objects up in a file itself, then in the others. */
export function indexOf(own: readonly ManifestObject[], others: OtherFiles | undefined): ManifestIndex {
  const file = own[0]?.file.name;
  return {
    async find(kind, name, namespace) {
      const isWanted = (each: ManifestObject) =>
        each.kind === kind &&
        (name === null || each.name === name) &&
        (namespace === null || each.namespace === null || each.namespace === namespace);
      const here = own.filter(isWanted);
      if (here.length > 0 || others === undefined) return here;
      return (await others.objects()).filter((each) => each.file.name !== file && isWanted(each));
    },
  };
}
